"""What must hold after every night, whatever happened. Each rule yields what is wrong, in words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from backend.nightly.night import Night
from benchmarks.soak.crowd import HOME
from benchmarks.soak.world import World
from ingest.accounting import Fate

_REFERENCE = re.compile(r"#[2-9A-HJKMNP-Z]{6}")


def broken(world: World, night: Night) -> list[str]:
    """Every rule that does not hold now."""
    found = [*_conservation(night), *_no_overlap(), *_capacity(world), *_hours(world, night)]
    return [*found, *_ledger(), *_waiting(), *_calendar(world), *_messages(world), *_schemas(world)]


def _conservation(night: Night) -> Iterator[str]:
    """Rows and people add up, counted here once more from the sheets as they were pulled."""
    told = night.conservation
    for sheet, rows, people in (
        (night.sheets.students, told.student_rows, told.students),
        (night.sheets.professionals, told.professional_rows, told.professionals),
    ):
        if rows.total != len(sheet.rows) or sum(number for _, number in rows.parts) != rows.total:
            yield f"rows of {sheet.name}: {len(sheet.rows)} pulled, but {rows}"
        if people.total != rows[Fate.CURRENT] or sum(number for _, number in people.parts) != people.total:
            yield f"{rows[Fate.CURRENT]} current rows, but {people}"
    if told.students["matched"] + told.students["partly matched"] != len({one.student for one in night.plan.sessions}):
        yield "the matched students are not those of the plan"


def _no_overlap() -> Iterator[str]:
    from backend.record.models import ScheduledSession

    held = defaultdict(list)
    for one in ScheduledSession.objects.exclude(state="cancelled"):
        for person in (one.student_id, one.professional_id):
            held[person].append((one.starts_at, one.ends_at))
    for person, times in held.items():
        if any(after[0] < before[1] for before, after in pairwise(sorted(times))):
            yield f"person {person} is in two sessions at once"


def _capacity(world: World) -> Iterator[str]:
    """The program's caps per day and week, on the program's clock, over what the nights booked and nobody moved."""
    from backend.record.models import ScheduledSession

    days: Counter[tuple[int, object]] = Counter()
    weeks: Counter[tuple[int, object]] = Counter()
    for one in ScheduledSession.objects.exclude(state="cancelled").filter(revision=0):
        day = one.starts_at.astimezone(ZoneInfo(HOME)).date()
        days[one.professional_id, day] += 1
        weeks[one.professional_id, day - timedelta(days=day.weekday())] += 1
    rules = world.settings.matching
    if days and max(days.values()) > rules.limit_per_day:
        yield f"{max(days.values())} sessions of one professional on a day"
    if weeks and max(weeks.values()) > rules.limit_per_week:
        yield f"{max(weeks.values())} sessions of one professional in a week"


def _hours(world: World, night: Night) -> Iterator[str]:
    """What was booked tonight lies in the program's hours, on the grid, not too soon: on both sides of a change."""
    rules = world.settings.matching
    earliest, latest = time.fromisoformat(rules.earliest), time.fromisoformat(rules.latest)
    for one in night.plan.sessions:
        local = one.start.astimezone(ZoneInfo(HOME))
        end = (one.start + timedelta(minutes=one.minutes)).astimezone(ZoneInfo(HOME))
        if not (earliest <= local.time() and end.time() <= latest and local.date() == end.date()):
            yield f"a session at {local.isoformat()} lies outside the program's hours"
        if local.minute % 30 or one.start < night.as_of + timedelta(hours=rules.notice_hours):
            yield f"a session at {local.isoformat()} is off the grid or too soon"


def _ledger() -> Iterator[str]:
    """What the ledger says of a run is what the run booked and what professionals offered."""
    from backend.record.models import Run

    for run in Run.objects.filter(state="booked"):
        rows = list(run.ledger.all())
        given = sum(row.sessions for row in rows if row.role == "professional")
        taken = sum(row.sessions for row in rows if row.role == "student")
        offered = sum(row.offered for row in rows if row.role == "professional")
        if not given == taken == run.sessions_booked == run.sessions.count():
            yield f"run {run.key}: {given} given, {taken} taken, {run.sessions_booked} booked"
        if offered != sum(run.offered.values()):
            yield f"run {run.key}: {offered} places in the ledger, {sum(run.offered.values())} in the run"


def _waiting() -> Iterator[str]:
    """A student waits or is served by one request at most, and a request with a session to come is scheduled."""
    from backend.record.models import ReviewRequest, ScheduledSession

    active = Counter(
        ReviewRequest.objects.filter(state__in=("pending", "matched", "scheduled")).values_list("student", flat=True)
    )
    if active and max(active.values()) > 1:
        yield "a student has two active requests"
    for one in ScheduledSession.objects.filter(state="scheduled").select_related("request"):
        if one.request is not None and one.request.state not in ("scheduled", "pending"):
            yield f"session {one.public_id} stands, its request is {one.request.state}"


def _calendar(world: World) -> Iterator[str]:
    """One event for each person of each session that stands and is to come; none for what was cancelled."""
    from backend.record.models import CalendarFlag, OutboxItem, ScheduledSession

    busy = {item.payload.get("session") for item in OutboxItem.objects.exclude(state="sent").filter(channel="calendar")}
    busy |= set(CalendarFlag.objects.filter(closed_at=None).values_list("session__key", flat=True))
    events = defaultdict(list)
    for event in world.google.live().values():
        private = event["extendedProperties"]["private"]
        events[private["session"], private["recipient"]].append(event)
    for one in ScheduledSession.objects.all():
        if one.key in busy or one.starts_at <= world.now:
            continue
        for recipient in ("student", "professional"):
            there = events[one.key, recipient]
            wanted = int(one.state == "scheduled")
            if len(there) != wanted:
                yield f"session {one.public_id} is {one.state}, its {recipient} has {len(there)} events"
            elif wanted and datetime.fromisoformat(there[0]["start"]["dateTime"]) != one.starts_at:
                yield f"session {one.public_id}: the {recipient}'s event is at another time"


def _messages(world: World) -> Iterator[str]:
    """No message of ours stands twice in a channel, and nobody was invited twice to one event."""
    posted: Counter[tuple[str, str]] = Counter()
    for message in world.discord.messages:
        last = message["content"].rsplit("\n", 1)[-1]
        posted.update((message["channel_id"], mark) for mark in _REFERENCE.findall(last) if last.startswith("-#"))
    for (channel, mark), count in posted.items():
        if count > 1:
            yield f"message {mark} stands {count} times in channel {channel}"
    invited = Counter(mail for mail in world.google.mails if mail[0] == "invitation")
    if invited and max(invited.values()) > 1:
        yield "somebody was invited twice to one event"
    mailed = Counter(str(one.message["Message-ID"]) for one in world.mail.taken)
    if mailed and max(mailed.values()) > 1:
        yield "a mail was sent twice"
    if world.discord.pings:
        yield "a message would have called people"


def _schemas(world: World) -> Iterator[str]:
    yield from (f"the stand-ins object: {one}" for one in (*world.google.violations, *world.discord.violations))
