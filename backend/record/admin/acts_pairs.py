"""What staff decide about two people: together, apart, or at a time of their own choice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from backend.record.actor import Actor
from backend.record.admin.acting import Act, ActForm, Data, Done, LocalTimeField
from backend.record.admin.acts_sessions import limits
from backend.record.admin.clock import program_zone, span
from backend.record.api.site import matching, own_program
from backend.record.models import Membership, Person
from backend.record.models.states import MembershipState, Role
from backend.record.services.limits import refuse_over_limits
from backend.record.services.requests import forbid, pin
from backend.record.services.sessions import Slot, book_session


class OtherForm(ActForm):
    """The other of the two: a professional for a student, a student for a professional."""

    other = forms.ModelChoiceField(Membership.objects.none(), label="With")

    def fit(self) -> None:
        field = self.fields["other"]
        assert isinstance(field, forms.ModelChoiceField)
        role = _role(self.row)
        wanted = Role.STUDENT if role is Role.PROFESSIONAL else Role.PROFESSIONAL
        members = Membership.objects.filter(program=own_program(), role=wanted).exclude(state=MembershipState.LEFT)
        field.queryset = members.exclude(person=self.row).select_related("person").order_by("person__name", "pk")
        field.label_from_instance = lambda obj: str(obj.person)  # type: ignore[method-assign]
        field.label = wanted.capitalize()


class PinForm(OtherForm):
    start = LocalTimeField(label="At", required=False, help_text="Empty: at any time that suits both.")


class BookForm(OtherForm):
    start = LocalTimeField(label="At")
    minutes = forms.IntegerField(label="Minutes", min_value=10, max_value=240)

    def fit(self) -> None:
        super().fit()
        self.fields["start"].help_text = f"On the clocks of {program_zone()}."
        self.fields["minutes"].initial = matching().matching.session_minutes


def _role(person: Person) -> Role | None:
    """What somebody is here; a professional who also asks for a review is taken for a professional."""
    roles = Membership.objects.filter(person=person, program=own_program()).exclude(state=MembershipState.LEFT)
    found = set(roles.values_list("role", flat=True))
    return next((role for role in (Role.PROFESSIONAL, Role.STUDENT) if role in found), None)


def _two(row: Person, data: Data) -> tuple[Person, Person]:
    """Student and professional."""
    other: Membership = data["other"]
    return (row, other.person) if other.role == Role.PROFESSIONAL else (other.person, row)


def _fits(row: Any, _now: datetime) -> bool:
    return row.erased_at is None and row.merged_into_id is None and _role(row) is not None


def _pin_says(row: Person, _now: datetime) -> Sequence[str]:
    return (
        f"From the next night on {row} is matched with the one you choose, before anything else is decided.",
        "A pin that contradicts another decision of staff holds the whole night until one of them is taken back.",
        "It ends once it was used.",
    )


def _pin(row: Person, data: Data, actor: Actor, now: datetime) -> Done:
    student, professional = _two(row, data)
    pin(own_program(), student, professional, actor, now, starts_at=data["start"])
    return Done(f"{student} and {professional} are pinned.")


def _forbid_says(row: Person, _now: datetime) -> Sequence[str]:
    return (
        f"{row} never meets the one you choose, from the next night on. A session that is booked stands.",
        "Neither of them is told: to all but staff it reads that nobody is eligible.",
    )


def _forbid(row: Person, data: Data, actor: Actor, now: datetime) -> Done:
    student, professional = _two(row, data)
    forbid(own_program(), student, professional, actor, now)
    return Done(f"{student} and {professional} are kept apart.")


def _book_says(row: Person, _now: datetime) -> Sequence[str]:
    return (
        f"{row} gets a session with the one you choose, by hand; both are told.",
        "Later nights keep it. Whether the two are free then is not checked against their answers.",
        "The professional's limits for the day and the week are.",
    )


def _book(row: Person, data: Data, actor: Actor, now: datetime) -> Done:
    student, professional = _two(row, data)
    slot = Slot(data["start"], data["minutes"])
    refuse_over_limits(own_program(), professional, slot, limits(), now)
    book_session(own_program(), student, professional, slot, actor, now)
    return Done(f"{student} and {professional} meet {span(slot.start, slot.end)}; both will be told.")


PAIR_ACTS = (
    Act("book", "Book a session", _book_says, _book, BookForm, _fits),
    Act("pin", "Pin with somebody", _pin_says, _pin, PinForm, _fits),
    Act("forbid", "Keep apart", _forbid_says, _forbid, OtherForm, _fits, heavy=True),
)
