"""The overview: how the program is doing, what the last nights did, and what staff should look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from backend.nightly.document import heat_of
from backend.nightly.guards import kept_back
from backend.nightly.keeping import StoredNight
from backend.record.admin.clock import moment
from backend.record.admin.pages import Cell, Table, link_of, list_link, state, to
from backend.record.admin.run import HEAVY, certificate_line, links, unmatched_table
from backend.record.api.site import matching, now
from backend.record.django_record import DjangoRecord
from backend.record.given_up import GIVEN_UP
from backend.record.models import (
    CalendarFlag,
    FormPost,
    FormResponse,
    OutboxItem,
    Person,
    Program,
    Run,
    ScheduledSession,
)
from backend.record.models.states import DeliveryState, PostState, ResponseState, RunState
from backend.record.services.calendar_flags import open_flags
from backend.record.services.closing import awaiting_confirmation
from backend.record.services.freed import freed_places
from backend.record.services.nights import last_run, night_of
from backend.record.services.statistics import Load, Statistics, statistics
from backend.report.figures import figures
from backend.report.render import heat
from backend.report.words import counted

LAST_RUNS, LEFT_OUT, BUSIEST, SPOTS = 7, 8, 15, 5


@dataclass(frozen=True)
class Bar:
    """A professional's sessions; widths in percent of the longest bar."""

    person: Cell
    upcoming: int
    held: int
    upcoming_width: float
    held_width: float


def overview(program: Program) -> dict[str, Any]:
    """Everything of the page but the advice, which it asks for once it is shown."""
    present = now()
    told = statistics(program, present)
    run = last_run(program)
    night = night_of(run, matching()) if run else None
    context: dict[str, Any] = {
        "tiles": _tiles(told),
        "to_do": _to_do(program, present),
        "runs": _runs(program),
        "bars": _bars(told.loads),
        "more_loads": max(0, len(told.loads) - BUSIEST),
        "measures": _measures(told),
        "night": run.night if run else "",
    }
    if run and night:
        more = Cell("All of this run", link_of(run))
        context["unmatched"] = unmatched_table(night, links(run), LEFT_OUT, more)
        context["heat"] = _heat(night)
        context["figures"] = _figures(night, run)
    return context


def _figures(night: StoredNight, run: Run) -> Table:
    """As the night's report and the image in the staff's channel have them."""
    left = Counter(one.stage.value for one in (*night.plan.unmatched, *night.assembly.unmatched))
    hosted = Counter(one.professional for one in night.plan.sessions)
    served = len({one.student for one in night.plan.sessions}) + run.booked_earlier
    told = figures(hosted, night.problem.professionals, served, left)
    rows = [
        ("New sessions", f"{told.sessions:,}"),
        ("Students with a session", f"{told.served:,}"),
        *((f"Without: {stage}", f"{number:,}") for stage, number in told.left),
        *(
            (f"Professionals with {label}", f"{number:,}")
            for label, number in zip(told.labels, told.spread, strict=True)
        ),
    ]
    return Table(
        f"The plan of {run.night}", ("", ""), [(Cell(name), Cell(number)) for name, number in rows],
        more=Cell("All of this run", link_of(run)),
    )  # fmt: skip


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f} %"


def _number(value: float | None, unit: str = "") -> str:
    return "–" if value is None else f"{value:.1f}{unit}"


def _tiles(told: Statistics) -> list[tuple[str, str, str]]:
    """Number, what it is, and a note."""
    over = told.completed + told.assumed + told.sessions["no_show"]
    ratings = sum(told.ratings.values())
    return [
        (_share(told.matched_share), "of students who asked were matched", counted(told.asked, "student") + " asked"),
        (_number(told.to_session.median, " d"), "from asking to the session", "median"),
        (_share(told.completion_share), "of past sessions took place", counted(over, "session") + " settled"),
        (_share(told.no_show_share), "no-shows", counted(told.sessions["no_show"], "session")),
        (_number(told.rating_mean), "mean rating of 5", counted(ratings, "rating")),
        (f"{told.waiting.count:,}", "students waiting now", _longest(told)),
    ]


def _longest(told: Statistics) -> str:
    return f"the longest for {told.waiting.longest:.0f} days" if told.waiting.longest is not None else "nobody waits"


def _measures(told: Statistics) -> Table:
    by_state = told.sessions
    rows = [
        ("Students", f"{told.students:,}"),
        ("Professionals", f"{told.professionals:,}"),
        ("Sessions to come", f"{by_state['scheduled']:,}"),
        ("Held, confirmed by somebody", f"{told.completed:,}"),
        ("Held, assumed", f"{told.assumed:,}"),
        ("Cancelled", f"{by_state['cancelled']:,}"),
        ("No-shows", f"{by_state['no_show']:,}"),
        ("Ratings, 1 to 5", ", ".join(f"{number}" for number in told.ratings.values())),
    ]
    return Table("In numbers", ("", ""), [(Cell(name), Cell(number)) for name, number in rows])


def _to_do(program: Program, present: datetime) -> list[Cell]:
    """What waits for staff, each a link to its list."""
    held = Run.objects.filter(program=program, state__in=(RunState.PLANNED, RunState.HELD), problem__isnull=False)
    sessions = awaiting_confirmation(present, program)
    free = freed_places(program, matching(), present)
    found = (
        (
            len(free), "place that is free again", "places that are free again",
            link_of(free[0].session) if len(free) == 1 else list_link(ScheduledSession, "state__exact=cancelled"),
        ),
        (held.count(), "plan to approve", "plans to approve", _plans_link(held)),
        (
            open_flags(program).count(),
            "change in the calendar to decide about", "changes in the calendar to decide about",
            list_link(CalendarFlag, "outcome__exact=open"),
        ),
        (
            FormResponse.objects.filter(program=program, state=ResponseState.HELD).count(),
            "answer to confirm", "answers to confirm", list_link(FormResponse, "state__exact=held"),
        ),
        (
            FormPost.objects.filter(program=program, state=PostState.REFUSED).count(),
            "post that could not be read", "posts that could not be read", list_link(FormPost, "state__exact=refused"),
        ),
        (
            OutboxItem.objects.filter(GIVEN_UP, program=program).count(),
            "message given up", "messages given up", list_link(OutboxItem, "stands=dead"),
        ),
        (
            _kept_back(present), "message kept back by a guard: see doctor",
            "messages kept back by a guard: see doctor", list_link(OutboxItem, "stands=pending"),
        ),
        (
            OutboxItem.objects.filter(program=program, state=DeliveryState.HELD).count(),
            "message held back", "messages held back", list_link(OutboxItem, "stands=held"),
        ),
        (
            len(sessions), "past session to confirm", "past sessions to confirm",
            list_link(ScheduledSession, "state__exact=scheduled"),
        ),
    )  # fmt: skip
    return [Cell(counted(number, one, many), link) for number, one, many, link in found if number]


def _kept_back(present: datetime) -> int:
    """How many are not sent, by night or by day, before staff approve them or drop some."""
    record = DjangoRecord(matching(), lambda: present)
    return len(record.outbox.due()) if kept_back(matching(), record, present) else 0


def _plans_link(held: QuerySet[Run]) -> str:
    only = held.defer(*HEAVY)[:2]
    return link_of(only[0]) if len(only) == 1 else list_link(Run)


def _runs(program: Program) -> Table:
    rows = Run.objects.filter(program=program).exclude(state=RunState.STARTED).defer(*HEAVY).order_by("-pk")[:LAST_RUNS]
    cells = [
        (
            to(one, one.night),
            state(one.state),
            Cell(f"{one.sessions_booked:,}"),
            Cell(f"{one.unmatched:,}"),
            Cell(certificate_line(one)),
            Cell(moment(one.finished_at)),
        )
        for one in rows
    ]
    headers = ("Night", "State", "Sessions", "Unmatched", "Certificate", "Finished")
    return Table("Last nights", headers, cells, "No night was run yet.", more=Cell("All runs", list_link(Run)))


def _bars(loads: tuple[Load, ...]) -> list[Bar]:
    shown = loads[:BUSIEST]
    widest = max([1, *(one.upcoming + one.held for one in shown)])
    people = Person.objects.in_bulk([one.id for one in shown], field_name="public_id")
    return [
        Bar(
            Cell(one.name or one.id, link_of(people[one.id])),
            one.upcoming,
            one.held,
            round(100 * one.upcoming / widest, 1),
            round(100 * one.held / widest, 1),
        )
        for one in shown
    ]


def _heat(night: StoredNight) -> dict[str, Any]:
    drawn = heat({"heat": heat_of(night)})
    # The drawings hold numbers and our own words, already escaped. The theme takes "chart" for a canvas of its own.
    charts = {
        name: SafeString(str(drawn[name]).replace('class="chart"', 'class="r-chart"', 1))
        for name in ("demand", "supply")
    }
    return {**drawn, **charts, "blind": drawn["blind"][:SPOTS], "tight": drawn["tight"][:SPOTS]}
