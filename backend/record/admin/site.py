"""The admin site itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from unfold.sites import UnfoldAdminSite

from backend.record.admin import lists_calendar, lists_matching, lists_operations, lists_people
from backend.record.admin.asking import advice_view
from backend.record.admin.dashboard import overview
from backend.record.admin.login import LoginForm
from backend.record.api.site import own_program


class RecordSite(UnfoldAdminSite):  # type: ignore[misc]  # untyped package
    """Only what the record registers; accounts are made by the command `staff`, never here."""

    enable_nav_sidebar = True
    login_form = LoginForm

    def extra_urls(self) -> list[Any]:
        view = self.admin_view(lambda request: advice_view(self, request))
        return [path("advice/", view, name="advice")]

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff with a role; an account without one sees nothing."""
        return bool(super().has_permission(request) and request.user.has_perm("record.view_person"))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        program = own_program()
        context = {
            **self.each_context(request),
            "title": program.name,
            "subtitle": None,
            "index": True,
            **overview(program),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "record/overview.html", context)


SITE = RecordSite(name="admin")
for tables in (lists_people.TABLES, lists_matching.TABLES, lists_calendar.TABLES, lists_operations.TABLES):
    for model, shown in tables.items():
        SITE.register(model, shown)
