"""Where the API answers."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.routers import SimpleRouter

from backend.record.api.health import Missing
from backend.record.api.people import Finder, Professionals, Students
from backend.record.api.questions import Explanations, Suggestions
from backend.record.api.requests import Requests
from backend.record.api.runs import Runs, Stats
from backend.record.api.sessions import Sessions
from backend.record.api.webhooks import ProfessionalPosts, StudentPosts

router = SimpleRouter()
router.register("scheduled-sessions", Sessions, "session")
router.register("review-requests", Requests, "request")
router.register("professionals", Professionals, "professional")
router.register("students", Students, "student")
router.register("runs", Runs, "run")

urlpatterns = [
    *router.urls,
    path("people/", Finder.as_view(), name="people"),
    path("stats/", Stats.as_view(), name="stats"),
    path("form-submission/", StudentPosts.as_view(), name="form-submission"),
    path("forms/professional-availability/", ProfessionalPosts.as_view(), name="professional-form"),
    path("suggestions/", Suggestions.as_view(), name="suggestions"),
    path("explanations/", Explanations.as_view(), name="explanations"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    path("<path:rest>", Missing.as_view()),
]
