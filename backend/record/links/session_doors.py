"""Doors to one session: confirm it, decline it, move it, cancel it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django import forms

from backend.record.api.site import matching
from backend.record.links.doors import Data, Done, Door, DoorForm, only
from backend.record.links.standing import Standing
from backend.record.models import ProfessionalAvailability
from backend.record.models.states import ACTIVE_REQUEST, AvailabilityState, Cause, Channel, Role
from backend.record.refusal import one_step
from backend.record.services.accepting import accept
from backend.record.services.moving import move_by_one_of_the_two, starts_to_choose
from backend.record.services.offers import withdraw
from backend.record.services.requests import cancel_request
from backend.record.services.sessions import cancel_session
from publish.links import LABELS, LinkAct

ANYONE = "anyone"
TOLD = "The program tells the other person, as a rule within minutes."
OFF = f"If you press the button, the session is off. {TOLD}"
GONE = {
    "required": "Choose one.",
    "invalid_choice": "This time is no longer free: choose another.",
}
AGAIN = {
    Role.STUDENT: "You are matched again, with anyone who fits, and keep your place in the queue. This time is not "
    "offered to you again before you correct your times.",
    Role.PROFESSIONAL: "The student is matched anew, with anyone who fits. This time is not planned for you again "
    "before you correct your times; your other times stay as they are.",
}


class CancelForm(DoorForm):
    """Whether the person also takes no further part."""

    stop = forms.BooleanField(required=False)

    def fit(self) -> None:
        student = self.standing.role is Role.STUDENT
        self.fields["stop"].label = "I no longer need a session" if student else "I offer no more times at present"


class MoveForm(DoorForm):
    """A start that suits both, or anyone at any time."""

    start = forms.ChoiceField(label="Another time", widget=forms.RadioSelect, error_messages=GONE)

    def fit(self) -> None:
        found = self.standing
        starts = starts_to_choose(found.row, matching(), self.now)
        field = self.fields["start"]
        assert isinstance(field, forms.ChoiceField)
        other = "Match me" if found.role is Role.STUDENT else "Match the student"
        field.choices = [
            *((one.isoformat(), f"{found.day(one)}, with the same person") for one in starts),
            (ANYONE, f"{other} again in the next night, with anyone who fits"),
        ]
        none = "No other time that suits both of you is known."
        field.help_text = f"Times are on the clocks of {found.zone}." if starts else none


def _confirm(found: Standing, _data: Data, now: datetime) -> Done:
    accept(found.row, found.person, found.link.revision, Channel.LINK, now)
    return Done("Thank you, you have confirmed", ("See you there. If something comes up, use the links you have.",))


def _decline_says(found: Standing, _now: datetime) -> Sequence[str]:
    return OFF, AGAIN[found.role]


def _decline(found: Standing, _data: Data, now: datetime) -> Done:
    cancel_session(found.row, Cause.DECLINED, found.actor, now)
    return Done("The session is off", (TOLD, AGAIN[found.role]))


def _cancel_says(found: Standing, _now: datetime) -> Sequence[str]:
    stop = {
        Role.STUDENT: "Tick the box if you no longer need one; otherwise you are matched again, with your old place.",
        Role.PROFESSIONAL: "Tick the box to be left out from now on; otherwise your other times stay as they are.",
    }
    return OFF, stop[found.role]


def _cancel(found: Standing, data: Data, now: datetime) -> Done:
    with one_step():
        cancel_session(found.row, Cause(found.role.value), found.actor, now)
        if data["stop"]:
            _stop(found, now)
    gone = "You are not matched any more. Answer the form to come back."
    return Done("The session is cancelled", (TOLD, gone if data["stop"] else AGAIN[found.role]))


def _stop(found: Standing, now: datetime) -> None:
    """The student takes the wish back, the professional the offer; other sessions of theirs stand."""
    if found.role is Role.STUDENT:
        request = found.row.request
        if request is not None:
            request.refresh_from_db()
            if request.state in ACTIVE_REQUEST and not request.sessions.filter(state="scheduled").exists():
                cancel_request(request, found.actor, now)
        return
    for offer in ProfessionalAvailability.objects.filter(membership=found.member, state=AvailabilityState.ACTIVE):
        withdraw(offer, found.actor, now)


def _move_says(_found: Standing, _now: datetime) -> Sequence[str]:
    return f"Choose what suits you. {TOLD}", "Times with the same person are those that you both offered."


def _move(found: Standing, data: Data, now: datetime) -> Done:
    if data["start"] == ANYONE:
        cancel_session(found.row, Cause(found.role.value), found.actor, now)
        return Done("The session is off", (TOLD, AGAIN[found.role]))
    start = datetime.fromisoformat(data["start"])
    row = move_by_one_of_the_two(found.row, start, found.actor, matching(), now)
    return Done("The session has a new time", (f"It is now on {found.at(row.starts_at)}.", TOLD))


def _confirm_says(_found: Standing, _now: datetime) -> Sequence[str]:
    return ("The other person and the program's staff count on you.",)


SESSION_DOORS = {
    LinkAct.CONFIRM: Door("Will you be there?", _confirm_says, only(LABELS[LinkAct.CONFIRM]), _confirm),
    LinkAct.DECLINE: Door("You cannot make this time?", _decline_says, only("I cannot come", heavy=True), _decline),
    LinkAct.CANCEL: Door(
        "Cancel this session?", _cancel_says, only(LABELS[LinkAct.CANCEL], heavy=True), _cancel, CancelForm
    ),
    LinkAct.MOVE: Door("Another time?", _move_says, only("Change it"), _move, MoveForm),
}
