"""A person's page: who they are, what they answered, how it was read, when they are free, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from backend.record.admin.clock import ago, moment
from backend.record.admin.pages import Cell, Page, Table, state, to
from backend.record.admin.responses import shown
from backend.record.admin.sessions import sessions_table
from backend.record.admin.staff import address
from backend.record.admin.trail import trail
from backend.record.admin.week import BOOKED, KINDS, Block, blocks_of, week
from backend.record.api.site import now, own_program
from backend.record.models import (
    AvailabilityWindow,
    ForbiddenPair,
    FormResponse,
    Membership,
    Person,
    Pin,
    ReviewRequest,
    ScheduledSession,
)
from backend.record.models.states import AvailabilityState, ResponseState, Role, SessionState
from backend.report.words import WEEKDAYS
from optimizer.domain import zone_info

SHOWN_ANSWERS = (ResponseState.CURRENT, ResponseState.HELD, ResponseState.RECEIVED)


@dataclass(frozen=True)
class Chart:
    """A week of somebody's times."""

    title: str
    about: str
    drawing: SafeString


def person_page(row: Person, request: HttpRequest) -> Page:
    """Everything the record knows, as whoever looks may see it."""
    program = own_program()
    members = list(row.memberships.filter(program=program))
    mine = Q(student=row) | Q(professional=row)
    sessions = ScheduledSession.objects.filter(mine, program=program)
    requests = row.requests.filter(program=program)
    responses = list(row.responses.filter(program=program).prefetch_related("readings"))
    tables = [
        _requests(list(requests)),
        sessions_table(sessions, "Sessions"),
        _pairs(row),
        _answers(responses),
        trail(row, *members, *requests, *responses, *sessions),
    ]
    extra = {
        "answers": [shown(one, request) for one in responses if one.state in SHOWN_ANSWERS],
        "charts": _charts(row, members, responses),
        "why": reverse("admin:record_person_why", args=[row.pk]) if row.erased_at is None else "",
    }
    return Page(_name(row), _facts(row, members, request), tables, _lede(row), "record/person.html", extra)


def _name(row: Person) -> str:
    return row.name or ("Erased person" if row.erased_at else row.public_id)


def _lede(row: Person) -> str:
    if row.erased_at:
        return f"This person was erased on {moment(row.erased_at)}. What happened stays, without a name."
    return f"This profile was joined with that of {row.merged_into}." if row.merged_into else ""


def _facts(row: Person, members: list[Membership], request: HttpRequest) -> list[tuple[str, Cell]]:
    discord = row.discord_id or ""
    facts = [("Id", Cell(row.public_id))]
    facts += [("E-mail", Cell(address(row.email, request), note=_proof(row.email, row.email_verified_at)))]
    facts += [("Discord id", Cell(discord, note=_proof(discord, row.discord_verified_at)))]
    facts += [("Zone", Cell(row.zone))]
    facts += [("Reminders", Cell(row.get_reminders_display() or "the usual way"))]
    for one in members:
        told, note = state(one.state), ""
        if one.state == "paused":
            note = f"until {moment(one.paused_until)}" if one.paused_until else "until somebody ends it"
        elif one.capacity_per_week is not None:
            note = f"{one.capacity_per_week} reviews a week by staff"
        facts.append((f"As {one.role}", Cell(told.text, tone=told.tone, note=note)))
        told_by_form = ", ".join(str(text) for _, text in sorted(_short(one.details).items()))
        if told_by_form:
            facts.append((f"About the {one.role}", Cell(told_by_form, to(one).link)))
    if row.merged_into:
        facts.append(("Joined with", to(row.merged_into)))
    return facts


def _short(details: Mapping[str, Any]) -> dict[str, Any]:
    names = ("title", "company", "target_industry", "target_role", "level")
    return {name: details[name] for name in names if details.get(name)}


def _proof(key: str | None, since: Any) -> str:
    return "" if not key else f"verified {moment(since)}" if since else "claimed, not verified"


def _requests(rows: list[ReviewRequest]) -> Table:
    cells = [
        (state(one.state), Cell(moment(one.waiting_since), to(one).link, note=ago(one.waiting_since, now()) + " ago"),
         Cell(str(one.wanted)), Cell(str(one.priority)), Cell(moment(one.closed_at)))
        for one in reversed(rows)
    ]  # fmt: skip
    headers = ("State", "Waiting since", "Wanted", "Priority", "Closed")
    return Table("Requests", headers, cells, "Never asked for a session.")


def _pairs(row: Person) -> Table:
    cells = []
    for table, what in ((Pin, "pinned with"), (ForbiddenPair, "kept apart from")):
        found: Any = table._default_manager.filter(Q(student=row) | Q(professional=row), program=own_program())
        for one in found.select_related("student", "professional"):
            other = one.professional if one.student_id == row.pk else one.student
            ended = moment(one.ended_at) or "in force"
            cells.append((Cell(what, to(one).link), to(other), Cell(moment(one.created_at)), Cell(ended)))
    return Table("Pins and kept apart", ("What", "Whom", "Since", "Ended"), cells, "None.")


def _answers(rows: list[FormResponse]) -> Table:
    cells = [
        (Cell(moment(one.submitted_at) or "unknown", to(one).link), Cell(one.form), state(one.state), Cell(one.source),
         Cell("yes" if one.verified else "no"), Cell(one.reason))
        for one in rows
    ]  # fmt: skip
    return Table("All answers", ("Submitted", "Form", "State", "Came by", "Verified", "Why"), cells, "Never answered.")


def _charts(row: Person, members: list[Membership], responses: list[FormResponse]) -> list[Chart]:
    charts = []
    for member in members:
        if member.role == Role.PROFESSIONAL:
            charts += _offered(row, member)
    wishes = (one for one in responses if one.form == "students" and one.state == ResponseState.CURRENT)
    return [*charts, *(chart for one in wishes for chart in _usual(one))]


def _offered(row: Person, member: Membership) -> list[Chart]:
    """The first two weeks of a professional's offer that are not over."""
    offer = member.availabilities.filter(state=AvailabilityState.ACTIVE).first()
    if offer is None:
        return []
    zone = offer.zone
    coming = AvailabilityWindow.objects.filter(availability=offer, ends_at__gt=now())
    first = coming.order_by("starts_at").first() or offer.windows.order_by("starts_at").first()
    if first is None:
        return []
    day = first.starts_at.astimezone(zone_info(zone)).date()
    mondays = [day - timedelta(days=day.weekday()) + timedelta(days=7 * number) for number in range(2)]
    about = f"Offered {offer.valid_from} to {offer.valid_until}, {offer.per_week} reviews a week; times in {zone}."
    return [
        Chart(f"Free in the week of {monday:%-d %B}", about, _drawn(row, offer.windows.all(), monday, zone, member.pk))
        for monday in mondays
    ]


def _drawn(row: Person, windows: Any, monday: date, zone: str, number: int) -> SafeString:
    blocks = [
        block for one in windows for block in blocks_of(one.starts_at, one.ends_at, KINDS[one.certainty], monday, zone)
    ]
    mine = ScheduledSession.objects.filter(Q(student=row) | Q(professional=row), state=SessionState.SCHEDULED)
    for one in mine:
        blocks += blocks_of(one.starts_at, one.ends_at, BOOKED, monday, zone)
    return week(blocks, f"Times of the week of {monday}", f"week-{number}-{monday}", monday)


def _usual(response: FormResponse) -> list[Chart]:
    """A student's usual week, as it was read from their text."""
    charts = []
    for reading in response.readings.all():
        weekly = reading.result.get("weekly", [])
        kind = "sure" if reading.status == "ok" else "doubt"
        days = [name[:3] for name in WEEKDAYS]
        blocks = [
            Block(days.index(str(day)[:3].capitalize()), _minutes(start), _minutes(end), kind)
            for day, start, end in weekly
        ]
        dated = [f"{day} {start}-{end}" for day, start, end in reading.result.get("dated", [])]
        about = f"As it was read; times in {reading.zone}."
        about += f" And on single days: {', '.join(dated[:6])}{' and more' if len(dated) > 6 else ''}." if dated else ""
        charts.append(Chart("Usual week", about, week(blocks, "Usual week", f"usual-{reading.pk}")))
    return charts


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
