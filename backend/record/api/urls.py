"""Where the API answers."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.routers import SimpleRouter

from backend.record.api.health import Missing
from backend.record.api.sessions import Sessions

router = SimpleRouter()
router.register("scheduled-sessions", Sessions, "session")

urlpatterns = [
    *router.urls,
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    path("<path:rest>", Missing.as_view()),
]
