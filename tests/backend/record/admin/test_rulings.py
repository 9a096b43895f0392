"""What staff decide about answers and outgoing items, as services."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.record.actor import CONSOLE, Actor
from backend.record.api.reading import frame
from backend.record.models import AvailabilityWindow, FormResponse, OutboxItem, Person, ProfessionalAvailability
from backend.record.models.states import ActorKind, Channel
from backend.record.refusal import Reason, Refused
from backend.record.services.outbox import drop_item, retry_item
from backend.record.services.rulings import correct, reject
from tests.backend.record.admin.conftest import Desk
from tests.backend.record.admin.seeded import PRESENT, thought

VIEWER = Actor(ActorKind.VIEWER, Channel.ADMIN, "vi")


def test_a_corrected_text_reaches_the_next_night(desk: Desk) -> None:
    row = FormResponse.objects.get(person__name="Chen Wei", state="current")
    correct(row, "weekdays 9am-8pm Eastern", frame(), CONSOLE, PRESENT)
    _, night = thought(PRESENT + timedelta(days=1))
    assert "Chen Wei" in {night.names[one.student] for one in night.plan.sessions}


def test_a_professionals_correction_replaces_the_offer(desk: Desk) -> None:
    row = FormResponse.objects.get(person__name="Olga Sidorova", state="current")
    before = ProfessionalAvailability.objects.get(membership__person=row.person, state="active")
    correct(row, "Tuesdays 6-8pm", frame(), CONSOLE, PRESENT)
    after = ProfessionalAvailability.objects.get(membership__person=row.person, state="active")
    assert after.pk != before.pk
    days = {one.starts_at.astimezone().weekday() for one in AvailabilityWindow.objects.filter(availability=after)}
    assert len(days) <= 2


def test_only_staff_correct_and_only_what_counts(desk: Desk) -> None:
    row = FormResponse.objects.get(person__name="Chen Wei", state="current")
    with pytest.raises(Refused) as refusal:
        correct(row, "Mon 9-10", frame(), VIEWER, PRESENT)
    assert refusal.value.reason is Reason.NOT_ALLOWED
    with pytest.raises(Refused) as refusal:
        correct(FormResponse.objects.get(state="held"), "Mon 9-10", frame(), CONSOLE, PRESENT)
    assert refusal.value.reason is Reason.NOT_NOW


def test_only_staff_reject_and_only_what_is_held(desk: Desk) -> None:
    held = FormResponse.objects.get(state="held")
    with pytest.raises(Refused):
        reject(held, VIEWER, PRESENT)
    assert reject(held, CONSOLE, PRESENT).reason == "rejected by staff"
    with pytest.raises(Refused):
        reject(FormResponse.objects.get(person__name="Chen Wei", state="current"), CONSOLE, PRESENT)


def test_what_may_have_got_through_is_looked_for_before_it_is_sent_again(desk: Desk) -> None:
    item = OutboxItem.objects.get(state="unknown")
    assert retry_item(item, CONSOLE, PRESENT).state == "unknown"


def test_what_was_sent_or_is_being_sent_is_left_alone(desk: Desk) -> None:
    with pytest.raises(Refused, match="sent already"):
        drop_item(OutboxItem.objects.get(state="sent"), "told", CONSOLE, PRESENT)
    item = OutboxItem.objects.get(state="dead")
    OutboxItem.objects.filter(pk=item.pk).update(claimed_until=PRESENT + timedelta(minutes=5))
    with pytest.raises(Refused, match="right now"):
        retry_item(item, CONSOLE, PRESENT)
    with pytest.raises(Refused) as refusal:
        retry_item(item, VIEWER, PRESENT)
    assert refusal.value.reason is Reason.NOT_ALLOWED


def test_erased_people_have_nothing_to_correct(desk: Desk) -> None:
    from backend.record.services.erasing import erase

    person = Person.objects.get(name="Chen Wei")
    row = FormResponse.objects.get(person=person, state="current")
    erase(person, CONSOLE, PRESENT)
    with pytest.raises(Refused):
        correct(row, "Mon 9-10", frame(), CONSOLE, PRESENT)
