"""How the admin looks, and its menu. Read by Django's settings, so it imports no models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy


def _page(title: str, icon: str, model: str) -> dict[str, Any]:
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:record_{model}_changelist"),
        "permission": _sees(model),
    }


def _sees(model: str) -> Callable[[HttpRequest], bool]:
    return lambda request: request.user.has_perm(f"record.view_{model}")


def _style(_request: HttpRequest) -> str:
    return static("record/admin.css")


def _icon(_request: HttpRequest) -> str:
    return static("record/icon.svg")


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Matching",
    "SITE_HEADER": "Matching",
    "SITE_SUBHEADER": "Program staff",
    "SITE_URL": None,
    "SITE_SYMBOL": "handshake",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": _icon}],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": False,
    "BORDER_RADIUS": "6px",
    "STYLES": [_style],
    "COLORS": {
        "primary": {
            "50": "#f0f8f9", "100": "#dceff1", "200": "#bbdfe4", "300": "#8cc7d0", "400": "#58a5b3", "500": "#2f8797",
            "600": "#17606f", "700": "#154f5c", "800": "#15414c", "900": "#143741", "950": "#0a232a",
        },
    },
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            {
                "items": [{"title": "Overview", "icon": "monitoring", "link": reverse_lazy("admin:index")}],
            },
            {
                "title": "People",
                "items": [
                    _page("People", "group", "person"),
                    _page("Memberships", "badge", "membership"),
                    _page("Form responses", "description", "formresponse"),
                    _page("Refused posts", "report", "formpost"),
                ],
            },
            {
                "title": "Matching",
                "items": [
                    _page("Requests", "inbox", "reviewrequest"),
                    _page("Sessions", "event", "scheduledsession"),
                    _page("Calendar flags", "flag", "calendarflag"),
                    _page("Runs", "nightlight", "run"),
                    _page("Pins", "keep", "pin"),
                    _page("Kept apart", "block", "forbiddenpair"),
                ],
            },
            {
                "title": "Operations",
                "items": [
                    _page("Outbox", "outbox", "outboxitem"),
                    _page("Audit", "history", "auditentry"),
                    _page("API keys", "key", "apikey"),
                ],
            },
        ],
    },
}  # fmt: skip
