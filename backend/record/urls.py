"""Where the site answers."""

from __future__ import annotations

from django.urls import include, path
from django.views.generic import RedirectView

from backend.record.admin.site import SITE
from backend.record.api.health import healthz, readyz

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", SITE.urls),
    path("api/", include("backend.record.api.urls")),
    path("healthz", healthz),
    path("readyz", readyz),
]
handler500 = "backend.record.api.problems.server_error"
