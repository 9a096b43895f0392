"""Lists of requests, sessions, runs and pairs."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import EmptyFieldListFilter
from django.db.models import QuerySet
from django.http import HttpRequest

from backend.record.admin.acts_matching import REQUEST_ACTS, WISH_ACTS
from backend.record.admin.acts_runs import RUN_ACTS
from backend.record.admin.acts_sessions import SESSION_ACTS
from backend.record.admin.base import RecordAdmin, column
from backend.record.admin.clock import ago, moment, span
from backend.record.admin.pages import Cell, Page, state, to
from backend.record.admin.run import HEAVY, certificate_line, run_page
from backend.record.admin.sessions import session_page, sessions_table
from backend.record.admin.trail import trail
from backend.record.api.site import now
from backend.record.models import ForbiddenPair, Pin, Program, ReviewRequest, Run, ScheduledSession


class ReviewRequestAdmin(RecordAdmin):
    list_display = ("student_name", "state_name", "waiting", "wanted_sessions", "priority_class", "since")
    list_filter = ("state", "priority")
    search_fields = ("student__name", "=public_id", "=student__public_id")
    list_select_related = ("student",)
    ordering = ("waiting_since", "pk")
    acts = REQUEST_ACTS

    def named(self, row: ReviewRequest) -> str:
        return str(row.student)

    def page(self, row: ReviewRequest, request: HttpRequest) -> Page:  # noqa: ARG002
        facts = [
            ("Student", to(row.student)),
            ("State", state(row.state)),
            (
                "Waiting since",
                Cell(moment(row.waiting_since), note="kept over corrected answers and cancelled sessions"),
            ),
            ("Sessions wanted", Cell(str(row.wanted))),
            ("Priority", Cell(str(row.priority), note="a larger one goes first")),
            ("Closed", Cell(moment(row.closed_at))),
            ("Answer that counts", to(row.response)),
        ]
        tables = [sessions_table(row.sessions.all(), "Sessions of this request"), trail(row)]
        return Page(f"Request of {row.student}", facts, tables)

    @column("Student", "student__name")
    def student_name(self, row: ReviewRequest) -> str:
        return str(row.student)

    @column("State", "state", states=True)
    def state_name(self, row: ReviewRequest) -> str:
        return row.state.replace("_", " ")

    @column("Waiting")
    def waiting(self, row: ReviewRequest) -> str:
        return ago(row.waiting_since, now()) if row.state == "pending" else ""

    @column("Wanted", "wanted")
    def wanted_sessions(self, row: ReviewRequest) -> str:
        return str(row.wanted)

    @column("Priority", "priority")
    def priority_class(self, row: ReviewRequest) -> str:
        return str(row.priority)

    @column("Since", "waiting_since")
    def since(self, row: ReviewRequest) -> str:
        return moment(row.waiting_since)


class ScheduledSessionAdmin(RecordAdmin):
    list_display = ("when", "student_name", "professional_name", "state_name", "told", "night")
    list_filter = ("state", "assumed", "starts_at")
    search_fields = ("student__name", "professional__name", "=public_id", "=key")
    list_select_related = ("student", "professional", "run")
    ordering = ("-starts_at", "pk")
    acts = SESSION_ACTS

    def named(self, row: ScheduledSession) -> str:
        return f"{row.student} with {row.professional}"

    def page(self, row: ScheduledSession, request: HttpRequest) -> Page:
        return session_page(row, request)

    @column("When", "starts_at")
    def when(self, row: ScheduledSession) -> str:
        return span(row.starts_at, row.ends_at)

    @column("Student", "student__name")
    def student_name(self, row: ScheduledSession) -> str:
        return str(row.student)

    @column("Professional", "professional__name")
    def professional_name(self, row: ScheduledSession) -> str:
        return str(row.professional)

    @column("State", "state", states=True)
    def state_name(self, row: ScheduledSession) -> str:
        return row.state.replace("_", " ")

    @column("Held?")
    def told(self, row: ScheduledSession) -> str:
        if row.assumed:
            return "assumed"
        waits = row.state == "scheduled" and row.ends_at <= now()
        return "to be confirmed" if waits else ""

    @column("Booked by", "run")
    def night(self, row: ScheduledSession) -> str:
        return row.run.night if row.run else "hand"


class RunAdmin(RecordAdmin):
    list_display = ("night_key", "state_name", "sessions", "left_out", "certificate", "finished")
    list_filter = ("state",)
    search_fields = ("=key", "night", "inputs_hash")
    acts = RUN_ACTS

    def named(self, row: Run) -> str:
        return f"the plan of {row.night}"

    def rows(self, program: Program) -> QuerySet[Run]:
        return Run.objects.filter(program=program).defer(*HEAVY)

    def page(self, row: Run, request: HttpRequest) -> Page:
        return run_page(row, request)

    @column("Night", "night")
    def night_key(self, row: Run) -> str:
        return row.night

    @column("State", "state", states=True)
    def state_name(self, row: Run) -> str:
        return row.state.replace("_", " ")

    @column("Sessions", "sessions_booked")
    def sessions(self, row: Run) -> str:
        return str(row.sessions_booked)

    @column("Unmatched", "unmatched")
    def left_out(self, row: Run) -> str:
        return str(row.unmatched)

    @column("Certificate")
    def certificate(self, row: Run) -> str:
        return certificate_line(row)

    @column("Finished", "finished_at")
    def finished(self, row: Run) -> str:
        return moment(row.finished_at)


class _WishAdmin(RecordAdmin):
    """Pins and forbidden pairs."""

    list_filter = (("ended_at", EmptyFieldListFilter),)
    search_fields = ("student__name", "professional__name", "=public_id")
    list_select_related = ("student", "professional")
    acts = WISH_ACTS

    def named(self, row: Any) -> str:
        return f"{row.student} and {row.professional}"

    def page(self, row: Any, request: HttpRequest) -> Page:  # noqa: ARG002
        at = [("At", Cell(moment(row.starts_at) or "any time"))] if isinstance(row, Pin) else []
        facts = [
            ("Student", to(row.student)),
            ("Professional", to(row.professional)),
            *at,
            ("Since", Cell(moment(row.created_at))),
            ("Ended", Cell(moment(row.ended_at) or "in force")),
        ]
        what = "Pin" if isinstance(row, Pin) else "Kept apart"
        return Page(f"{what}: {row.student} and {row.professional}", facts, [trail(row)])

    @column("Student", "student__name")
    def student_name(self, row: Any) -> str:
        return str(row.student)

    @column("Professional", "professional__name")
    def professional_name(self, row: Any) -> str:
        return str(row.professional)

    @column("Since", "created_at")
    def since(self, row: Any) -> str:
        return moment(row.created_at)

    @column("Ended", "ended_at")
    def ended(self, row: Any) -> str:
        return moment(row.ended_at) or "in force"


class PinAdmin(_WishAdmin):
    list_display = ("student_name", "professional_name", "at", "since", "ended")

    @column("At", "starts_at")
    def at(self, row: Pin) -> str:
        return moment(row.starts_at) or "any time"


class ForbiddenPairAdmin(_WishAdmin):
    list_display = ("student_name", "professional_name", "since", "ended")


TABLES = {
    ReviewRequest: ReviewRequestAdmin,
    ScheduledSession: ScheduledSessionAdmin,
    Run: RunAdmin,
    Pin: PinAdmin,
    ForbiddenPair: ForbiddenPairAdmin,
}
