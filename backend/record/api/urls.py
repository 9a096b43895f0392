"""Where the API answers."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.routers import SimpleRouter

from backend.record.api.feed import feed
from backend.record.api.health import Missing
from backend.record.api.index import Index
from backend.record.api.me import Me, MyClaim, MyPause, MyTimes, Preview
from backend.record.api.moments import Moments
from backend.record.api.offers import Offers
from backend.record.api.people import Finder, Professionals, Students
from backend.record.api.questions import Explanations, Suggestions, WhatIf
from backend.record.api.requests import Requests
from backend.record.api.runs import Runs, Stats
from backend.record.api.sessions import Sessions
from backend.record.api.tokens import MyFeed, MyKey, MyKeys, MyLinks
from backend.record.api.webhooks import ProfessionalPosts, StudentPosts

router = SimpleRouter()
router.register("scheduled-sessions", Sessions, "session")
router.register("review-requests", Requests, "request")
router.register("professional-availability", Offers, "offer")
router.register("professionals", Professionals, "professional")
router.register("students", Students, "student")
router.register("runs", Runs, "run")

urlpatterns = [
    path("", Index.as_view(), name="index"),
    *router.urls,
    path("people/", Finder.as_view(), name="people"),
    path("stats/", Stats.as_view(), name="stats"),
    path("form-submission/", StudentPosts.as_view(), name="form-submission"),
    path("forms/professional-availability/", ProfessionalPosts.as_view(), name="professional-form"),
    path("me/", Me.as_view(), name="me"),
    path("me/pause/", MyPause.as_view(), name="my-pause"),
    path("me/availability/", MyTimes.as_view(), name="my-times"),
    path("me/claim/", MyClaim.as_view(), name="my-claim"),
    path("me/feed/", MyFeed.as_view(), name="my-feed"),
    path("me/form-links/", MyLinks.as_view(), name="my-links"),
    path("me/keys/", MyKeys.as_view(), name="my-keys"),
    path("me/keys/<str:key>/", MyKey.as_view(), name="my-key"),
    path("availability-preview/", Preview.as_view(), name="preview"),
    path("moment-preview/", Moments.as_view(), name="moment-preview"),
    path("feeds/<str:token>.ics", feed, name="feed"),
    path("suggestions/", Suggestions.as_view(), name="suggestions"),
    path("explanations/", Explanations.as_view(), name="explanations"),
    path("whatif/", WhatIf.as_view(), name="whatif"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    path("<path:rest>", Missing.as_view()),
]
