"""People's own calendars: busy is not bookable, unseen is said, and what fills meanwhile is planned around."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from backend.nightly.calendars import Calendars
from backend.nightly.document import document_of
from backend.nightly.exits import Exit, Stop
from backend.nightly.free_busy import TRIES, ask, free_of_clashes
from backend.nightly.night import Night, inputs_hash, think
from backend.nightly.record import RecordState
from optimizer.domain import Interval
from publish.google_calendar import GoogleCalendar
from publish.google_event import instant
from tests.backend.nightly.nights import AS_OF, make_settings, make_sheets
from tests.publish.publish_builders import connected
from tests.standins.google_calendar import GoogleCalendarStandIn, google_error
from tests.standins.loopback import Fault

SETTINGS = make_settings(free_busy={"professionals": True, "students": True})
SHEETS, STATE = make_sheets(), RecordState()
HOST, GUEST = "john@example.com", "ana@example.org"


@pytest.fixture
def source(google: GoogleCalendarStandIn) -> Iterator[GoogleCalendar]:
    with connected(google) as calendar:
        yield calendar


def looked(source: GoogleCalendar) -> Calendars:
    return ask(SETTINGS, SHEETS, STATE, AS_OF, source)


def thought(calendars: Calendars) -> Night:
    return think(SETTINGS, SHEETS, STATE, AS_OF, lambda _: None, calendars=calendars)


def fills(google: GoogleCalendarStandIn, who: str, taken: Interval) -> None:
    google.busy.shared.setdefault(who, []).append((instant(taken.start), instant(taken.end)))


@pytest.mark.parametrize("who", [HOST, GUEST])
def test_what_a_calendar_says_is_busy_is_not_booked(
    google: GoogleCalendarStandIn, source: GoogleCalendar, who: str
) -> None:
    google.busy.shared |= {HOST: [], GUEST: []}
    (first,) = thought(looked(source)).plan.sessions
    fills(google, who, first.interval)
    (second,) = thought(looked(source)).plan.sessions
    assert not second.interval.overlaps(first.interval)


def test_a_calendar_that_cannot_be_seen_is_said_and_changes_nothing(
    google: GoogleCalendarStandIn, source: GoogleCalendar
) -> None:
    google.busy.shared[GUEST] = []
    calendars = looked(source)
    assert set(calendars.unseen.values()) == {"this calendar is not shared with us"}
    night = thought(calendars)
    assert len(night.plan.sessions) == 1
    assert document_of(night)["run"]["own_calendars"].startswith("1 of 2 people's own calendars were looked into; 1: ")


def test_google_out_of_reach_leaves_everybody_unseen(google: GoogleCalendarStandIn, source: GoogleCalendar) -> None:
    google.busy.shared |= {HOST: [], GUEST: []}
    google.faults.append(Fault("POST", "/freeBusy", answer=google_error(503, "backendError")))
    calendars = looked(source)
    assert (len(calendars.busy), len(calendars.unseen)) == (0, 2)


def test_who_did_not_ask_for_it_is_not_looked_into(google: GoogleCalendarStandIn, source: GoogleCalendar) -> None:
    google.busy.shared |= {HOST: [], GUEST: []}
    only = make_settings(free_busy={"professionals": True})
    assert len(ask(only, SHEETS, STATE, AS_OF, source).busy) == 1
    assert ask(make_settings(), SHEETS, STATE, AS_OF, source) == Calendars()


def test_a_time_that_fills_while_planning_is_planned_around(
    google: GoogleCalendarStandIn, source: GoogleCalendar
) -> None:
    google.busy.shared |= {HOST: [], GUEST: []}
    said: list[str] = []
    seen: list[Interval] = []

    def plan(calendars: Calendars) -> Night:
        night = thought(calendars)
        if not seen:
            seen.append(night.plan.sessions[0].interval)
            fills(google, HOST, seen[0])
        return night

    night = free_of_clashes(plan, lambda: looked(source), said.append)
    assert not night.plan.sessions[0].interval.overlaps(seen[0])
    assert len(said) == 1


def test_calendars_that_never_rest_book_nothing(google: GoogleCalendarStandIn, source: GoogleCalendar) -> None:
    google.busy.shared |= {HOST: [], GUEST: []}
    planned: list[Night] = []

    def plan(calendars: Calendars) -> Night:
        planned.append(thought(calendars))
        fills(google, HOST, planned[-1].plan.sessions[0].interval)
        return planned[-1]

    with pytest.raises(Stop) as stop:
        free_of_clashes(plan, lambda: looked(source), lambda _: None)
    assert stop.value.code is Exit.TRY_LATER
    assert len(planned) == TRIES


def test_a_plan_made_before_a_calendar_filled_is_another_question() -> None:
    taken = Interval(AS_OF + timedelta(days=2), AS_OF + timedelta(days=2, hours=1))
    given = (SETTINGS, SHEETS, STATE, AS_OF)
    assert inputs_hash(*given) == inputs_hash(*given, Calendars())
    assert inputs_hash(*given) != inputs_hash(*given, Calendars({"p-x": (taken,)}))
