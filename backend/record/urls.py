"""Where the site answers."""

from __future__ import annotations

from django.urls import include, path
from django.views.generic import RedirectView

from backend.record.admin.site import SITE
from backend.record.api.health import healthz, readyz
from backend.record.links.views import open_link
from backend.record.services.links import PLACE

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", SITE.urls),
    path("api/", include("backend.record.api.urls")),
    path(f"{PLACE}/<str:token>/", open_link, name="link"),
    path("healthz", healthz),
    path("readyz", readyz),
]
handler500 = "backend.record.api.problems.server_error"
