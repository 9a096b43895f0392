"""The list of where the calendar and the record disagree."""

from __future__ import annotations

from django.http import HttpRequest

from backend.record.admin.acts_calendar import FLAG_ACTS
from backend.record.admin.base import RecordAdmin, column
from backend.record.admin.clock import moment, span
from backend.record.admin.pages import Cell, Page, state, to
from backend.record.admin.trail import trail
from backend.record.models import CalendarFlag

SAYS = {
    "moved": "was moved",
    "deleted": "was deleted",
    "declined": "was declined",
    "guest": "lost its guest",
    "stray": "belongs to no session",
}


class CalendarFlagAdmin(RecordAdmin):
    list_display = ("what", "session_name", "there", "why", "soon", "state_name", "raised")
    list_filter = ("outcome", "kind", "frozen")
    search_fields = ("=event_id", "session__student__name", "session__professional__name")
    list_select_related = ("session__student", "session__professional")
    acts = FLAG_ACTS

    def named(self, row: CalendarFlag) -> str:
        whose = f"The {row.recipient}'s event" if row.recipient else "An event"
        return f"{whose} {SAYS[row.kind]}"

    def page(self, row: CalendarFlag, request: HttpRequest) -> Page:  # noqa: ARG002
        session = row.session
        facts = [
            ("What happened", Cell(self.named(row))),
            ("Why it was not taken over", Cell(row.reason)),
            ("State", state(row.outcome)),
            ("Session", to(session, f"{session.student} with {session.professional}") if session else Cell("none")),
            ("The record says", Cell(span(session.starts_at, session.ends_at) if session else "")),
            ("The calendar says", Cell(_when(row))),
            ("Who may decide", Cell("an owner: it begins soon" if row.frozen else "staff")),
            ("Seen", Cell(moment(row.raised_at))),
            ("Settled", Cell(moment(row.closed_at))),
            ("Event", Cell(row.event_id)),
        ]
        return Page(self.named(row), facts, [trail(row)])

    @column("What happened", "kind")
    def what(self, row: CalendarFlag) -> str:
        return self.named(row)

    @column("Session")
    def session_name(self, row: CalendarFlag) -> str:
        session = row.session
        return f"{session.student} with {session.professional}" if session else ""

    @column("The calendar says", "starts_at")
    def there(self, row: CalendarFlag) -> str:
        return _when(row)

    @column("Why it was not taken over")
    def why(self, row: CalendarFlag) -> str:
        return row.reason

    @column("Begins soon", "frozen")
    def soon(self, row: CalendarFlag) -> str:
        return "yes" if row.frozen else ""

    @column("State", "outcome", states=True)
    def state_name(self, row: CalendarFlag) -> str:
        return row.outcome

    @column("Seen", "raised_at")
    def raised(self, row: CalendarFlag) -> str:
        return moment(row.raised_at)


def _when(row: CalendarFlag) -> str:
    if row.starts_at is None:
        return ""
    return span(row.starts_at, row.ends_at) if row.ends_at else moment(row.starts_at)


TABLES = {CalendarFlag: CalendarFlagAdmin}
