"""What staff may do to a person or a membership."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from backend.record.actor import Actor
from backend.record.admin.acting import Act, ActForm, Data, Done, LocalTimeField
from backend.record.admin.acts_pairs import PAIR_ACTS
from backend.record.admin.clock import moment, program_zone
from backend.record.api.site import own_program
from backend.record.models import Membership, Person, ScheduledSession
from backend.record.models.states import MembershipState, ReminderWay, Role, SessionState
from backend.record.refusal import one_step
from backend.record.roles import OWN
from backend.record.services.direct import set_reminders
from backend.record.services.erasing import erase
from backend.record.services.members import Changes, change_member, leave
from backend.record.services.merging import merge
from backend.record.services.requests import is_paused, pause, resume
from backend.report.words import counted


class PauseForm(ActForm):
    until = LocalTimeField(label="Until", required=False, help_text="Empty: until they or staff end it.")


class CapacityForm(ActForm):
    reviews = forms.IntegerField(
        label="Reviews a week", min_value=0, max_value=1000, required=False, help_text="Empty: as the form says."
    )

    def fit(self) -> None:
        self.fields["reviews"].initial = self.row.capacity_per_week


class RemindersForm(ActForm):
    way = forms.ChoiceField(
        label="Reminders by", required=False, choices=(("", "The usual way"), *ReminderWay.choices),
        help_text="The usual way: Discord if their id is proven, else e-mail.",
    )  # fmt: skip
    phone = forms.CharField(
        label="Phone", max_length=30, required=False, help_text="For reminders by phone, in full: +4915112345678."
    )

    def fit(self) -> None:
        self.fields["way"].initial, self.fields["phone"].initial = self.row.reminders, self.row.phone


class MergeForm(ActForm):
    stays = forms.ModelChoiceField(Person.objects.none(), label="The profile that stays")

    def fit(self) -> None:
        field = self.fields["stays"]
        assert isinstance(field, forms.ModelChoiceField)
        others = Person.objects.filter(erased_at=None, merged_into=None, memberships__program=own_program())
        field.queryset = others.exclude(pk=self.row.pk).distinct()
        field.label_from_instance = lambda obj: f"{obj} ({obj.public_id})"  # type: ignore[method-assign]


class EraseForm(ActForm):
    typed = forms.CharField(label="Their id, to be sure", max_length=20)

    def fit(self) -> None:
        self.fields["typed"].help_text = f"Type {self.row.public_id}."

    def clean_typed(self) -> str:
        typed = str(self.cleaned_data["typed"]).strip()
        if typed != self.row.public_id:
            raise forms.ValidationError("This is not the id of this person.")
        return typed


def _members(person: Person) -> list[Membership]:
    here = Membership.objects.filter(person=person, program=own_program())
    return list(here.exclude(role=Role.STAFF).exclude(state=MembershipState.LEFT))


def _open(person: Person) -> bool:
    return person.erased_at is None and person.merged_into_id is None


def _pause_says(row: Any, _now: datetime) -> Sequence[str]:
    return (
        f"{_who(row)} is not matched with anybody new before then.",
        "Sessions that are booked stand; cancel them one by one if they must go.",
        f"A time is on the clocks of {program_zone()}.",
    )


def _pause(row: Any, data: Data, actor: Actor, now: datetime) -> Done:
    with one_step():
        for member in _of(row):
            pause(member, data["until"], actor, now)
    return Done(f"Paused until {moment(data['until'])}." if data["until"] else "Paused until somebody ends it.")


def _resume_says(row: Any, _now: datetime) -> Sequence[str]:
    return (f"{_who(row)} is matched again from the next night on.",)


def _resume(row: Any, _data: Data, actor: Actor, now: datetime) -> Done:
    with one_step():
        for member in _of(row):
            if member.state == MembershipState.PAUSED:
                resume(member, actor, now)
    return Done("The pause is over.")


def _of(row: Person | Membership) -> list[Membership]:
    return [row] if isinstance(row, Membership) else _members(row)


def _who(row: Person | Membership) -> str:
    return str(row.person if isinstance(row, Membership) else row)


def _may_pause(row: Any, now: datetime) -> bool:
    return any(one.state != MembershipState.LEFT and not is_paused(one, now) for one in _of(row))


def _may_resume(row: Any, _now: datetime) -> bool:
    return any(one.state == MembershipState.PAUSED for one in _of(row))


def _reminders_says(row: Person, _now: datetime) -> Sequence[str]:
    return (f"{row} is reminded of sessions this way from now on. Nothing else they are told changes.",)


def _reminders(row: Person, data: Data, actor: Actor, now: datetime) -> Done:
    set_reminders(row, data["way"], data["phone"], actor, now, own_program())
    return Done(f"Reminders: {dict(ReminderWay.choices).get(data['way'], 'the usual way')}.")


def _capacity_says(row: Membership, _now: datetime) -> Sequence[str]:
    return (
        f"From the next night on {row.person} gets at most so many reviews a week, whatever the form says.",
        "Sessions that are booked stand.",
    )


def _capacity(row: Membership, data: Data, actor: Actor, now: datetime) -> Done:
    wanted = data["reviews"]
    change_member(row, Changes(capacity=-1 if wanted is None else wanted), actor, now)
    return Done("As the form says." if wanted is None else f"{counted(wanted, 'review')} a week.")


def _leave_says(row: Membership, _now: datetime) -> Sequence[str]:
    return (
        f"{row.person} is no longer a {row.role} of the program: an open request is cancelled, an offer withdrawn.",
        "Nothing of theirs is erased. A new answer of theirs waits for staff.",
    )


def _leave(row: Membership, _data: Data, actor: Actor, now: datetime) -> Done:
    leave(row, actor, now)
    return Done(f"{row.person} has left the program.")


def _merge_says(row: Person, _now: datetime) -> Sequence[str]:
    return (
        f"The profile of {row} is joined with another one, which stays: they are one person.",
        "Its answers, requests, sessions and pairs go over. Of two answers that count, the later one counts on.",
        "Answers that come under its address find the one who stays. This cannot be undone.",
    )


def _merge(row: Person, data: Data, actor: Actor, now: datetime) -> Done:
    stays = merge(row, data["stays"], actor, now)
    return Done(f"This profile and that of {stays} are one now.")


def _erase_says(row: Person, now: datetime) -> Sequence[str]:
    coming = ScheduledSession.objects.filter(state=SessionState.SCHEDULED, starts_at__gt=now)
    mine = coming.filter(student=row) | coming.filter(professional=row)
    return (
        "Name, addresses, answers, readings, keys and texts of this person go, in all programs.",
        f"{counted(mine.count(), 'session')} to come will be cancelled, which the other person is told.",
        "Past sessions and nights stay under a pseudonym that leads nowhere, so old nights can still be replayed.",
        "This cannot be undone.",
    )


def _erase(row: Person, _data: Data, actor: Actor, now: datetime) -> Done:
    erase(row, actor, now)
    return Done("The person was erased.")


MEMBER_ACTS = (
    Act("pause", "Pause", _pause_says, _pause, PauseForm, _may_pause),
    Act("resume", "End the pause", _resume_says, _resume, fits=_may_resume),
    Act(
        "capacity", "Reviews a week", _capacity_says, _capacity, CapacityForm,
        lambda row, _now: row.role == Role.PROFESSIONAL and row.state != MembershipState.LEFT,
    ),
    Act(
        "leave", "Has left", _leave_says, _leave,
        fits=lambda row, _now: row.state != MembershipState.LEFT, heavy=True,
    ),
)  # fmt: skip
PERSON_ACTS = (
    *MEMBER_ACTS[:2],
    Act("reminders", "Reminders", _reminders_says, _reminders, RemindersForm, lambda row, _now: _open(row)),
    *PAIR_ACTS,
    Act("merge", "Join with another profile", _merge_says, _merge, MergeForm, lambda row, _now: _open(row), heavy=True),
    Act(
        "erase", "Erase", _erase_says, _erase, EraseForm,
        lambda row, _now: row.erased_at is None, needs=OWN, heavy=True,
    ),
)  # fmt: skip
