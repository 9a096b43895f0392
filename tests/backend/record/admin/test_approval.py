"""Plans that wait for staff: let through once, whole or not at all, and only while they are true."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from backend.nightly.act import book
from backend.nightly.exits import Exit, Stop
from backend.record.actor import CONSOLE, NIGHT, Actor
from backend.record.api.site import matching
from backend.record.models import LedgerEntry, Membership, OutboxItem, Person, ReviewRequest, Run, ScheduledSession
from backend.record.models.states import ActorKind, Channel
from backend.record.refusal import Reason, Refused
from backend.record.services.approval import approve, hold
from backend.record.services.nights import night_of
from backend.record.services.requests import forbid, pause
from tests.backend.record.admin.conftest import Desk
from tests.backend.record.admin.seeded import THIRD, kept, post_answer, thought

STAFF = Actor(ActorKind.COORDINATOR, Channel.ADMIN, "kim")


@pytest.fixture
def waits(desk: Desk) -> Run:
    return desk.plan


def let_through(run: Run, after: timedelta = timedelta(hours=2)) -> Run:
    return approve(run, matching(), STAFF, THIRD + after)


def test_an_approved_plan_is_booked_whole_and_told(waits: Run) -> None:
    planned = night_of(waits, matching()).plan.sessions
    items = OutboxItem.objects.count()
    run = let_through(waits)
    booked = ScheduledSession.objects.filter(run=run)
    assert (run.pk, run.state, run.key) == (waits.pk, "booked", waits.key)
    assert {(one.student_code, one.professional_code, one.starts_at) for one in booked} == {
        (one.student, one.professional, one.start) for one in planned
    }
    assert OutboxItem.objects.count() == items + 2 * len(planned)
    assert LedgerEntry.objects.filter(run=run).exists()
    assert {one.state for one in ReviewRequest.objects.filter(sessions__in=booked)} == {"scheduled"}


def test_a_plan_is_approved_once(waits: Run) -> None:
    let_through(waits)
    with pytest.raises(Refused) as refusal:
        let_through(waits)
    assert refusal.value.reason is Reason.NOT_NOW
    assert ScheduledSession.objects.filter(run=waits).count() == 5


def test_a_held_plan_can_still_be_approved_by_staff_alone(waits: Run) -> None:
    run = hold(waits, STAFF, THIRD)
    assert (run.state, run.outcome["reason"]) == ("held", "held by staff")
    with pytest.raises(Refused) as refusal:
        approve(run, matching(), NIGHT, THIRD)
    assert refusal.value.reason is Reason.NOT_ALLOWED
    assert let_through(run).state == "booked"


def _pauses(run: Run) -> None:
    person = Person.objects.get(name="Max Oduya")
    pause(Membership.objects.get(person=person), None, CONSOLE, THIRD)


def _answers(run: Run) -> None:
    from backend.record.api.reading import frame

    email = Person.objects.get(name="Max Oduya").email
    post_answer(run.program, frame(), THIRD + timedelta(hours=1), str(email), "Sun 1-2pm", "Max Oduya")


def _kept_apart(run: Run) -> None:
    two = [Person.objects.get(name=name) for name in ("Max Oduya", "John Doe")]
    forbid(run.program, two[0], two[1], CONSOLE, THIRD)


@pytest.mark.parametrize("change", [_pauses, _answers, _kept_apart])
def test_a_plan_that_is_no_longer_true_books_nothing(waits: Run, change: Callable[[Run], None]) -> None:
    change(waits)
    with pytest.raises(Refused) as refusal:
        let_through(waits)
    assert refusal.value.reason is Reason.CLASH
    assert not ScheduledSession.objects.filter(run=waits).exists()
    assert Run.objects.get(pk=waits.pk).state == "planned"


def test_times_that_have_passed_are_not_booked(waits: Run) -> None:
    with pytest.raises(Refused, match="passed"):
        let_through(waits, timedelta(days=30))


def test_a_later_night_makes_a_plan_stale(desk: Desk, waits: Run) -> None:
    record, night = thought(THIRD + timedelta(days=1))
    book(night, record, approved=True)
    with pytest.raises(Refused, match="later night"):
        let_through(waits, timedelta(days=1))


def test_a_tampered_plan_is_rejected_by_the_checker(waits: Run) -> None:
    assert waits.plan is not None
    bad = bytes(waits.plan).replace(b'"student":', b'"student": ', 1)
    text = bad.decode()
    first = night_of(waits, matching()).plan.sessions[0]
    other = next(one.student for one in night_of(waits, matching()).plan.sessions if one.student != first.student)
    Run.objects.filter(pk=waits.pk).update(plan=text.replace(first.student, other, 1).encode())
    with pytest.raises(Refused, match="checker"):
        let_through(Run.objects.get(pk=waits.pk))


def test_the_same_plan_is_kept_once(desk: Desk) -> None:
    one, other = (kept(*thought(THIRD + timedelta(days=1)), reason) for reason in ("", "too many messages"))
    assert one.pk == other.pk
    assert (other.state, other.outcome["reason"]) == ("held", "too many messages")
    assert not Run.objects.filter(state="started").exists()


def test_a_plan_that_was_booked_is_not_kept_anew(desk: Desk, waits: Run) -> None:
    record, night = thought(THIRD + timedelta(days=1))
    book(night, record, approved=True)
    with pytest.raises(Stop) as stop:
        kept(record, night)
    assert stop.value.code is Exit.STALE_PLAN


def test_what_an_approved_night_leaves_is_what_a_booked_one_leaves(desk: Desk, waits: Run) -> None:
    run = let_through(waits)
    facts = set(json.loads(bytes(run.snapshot or b"")))
    earlier = Run.objects.filter(state="booked").exclude(pk=run.pk).earliest("pk")
    assert facts == set(json.loads(bytes(earlier.snapshot or b"")))
    assert run.outcome["stages"]
    assert run.answers is not None
