"""The door to one's own times: a text is shown as it is read, and stored only after that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django import forms

from backend.record.api.reading import frame, preview
from backend.record.links.doors import Button, Data, Done, Door, DoorForm
from backend.record.links.standing import Standing
from backend.record.models import FormResponse, Person, ProfessionalAvailability
from backend.record.models.states import AvailabilityState, ResponseState, Role
from backend.record.refusal import Reason, Refused, one_step
from backend.record.services.direct import FORM_OF, Times, say_times
from publish.links import LABELS, LinkAct

LONGEST = 2_000
STORE = "store"
LOOK, KEEP = Button("Show how this is read", "look"), Button("Yes, these are my times", STORE)
TICKED = "You ticked days and times in the form."
NONE_YET = "No times of yours are known yet."
READABLE = ("ok", "partial")


class TimesForm(DoorForm):
    """The times in the person's own words. `seen` marks what was shown to them as read."""

    text = forms.CharField(
        label="When you are free",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST}),
        help_text='For example: "Mon and Wed 2-4pm, not on Dec 24".',
    )
    until = forms.DateField(
        label="Until when (last day)",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Leave it empty for four weeks.",
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def fit(self) -> None:
        said = _current(self.standing)
        self.fields["text"].initial = said.text if said else ""
        self.fields["text"].help_text += f" Times that name no zone are on the clocks of {self.standing.zone}."
        if self.standing.role is Role.STUDENT:
            del self.fields["until"]
        else:
            self.fields["until"].initial = said.until if said else None

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if until is not None and until < self.now.date():
            raise forms.ValidationError("Give a day to come.")
        return until

    def clean(self) -> dict[str, Any]:
        return {**(super().clean() or {}), STORE: STORE in self.data}


def _current(found: Standing) -> Times | None:
    """What the answer that counts says, in words; "" when days and slots were ticked."""
    row = _answer(found)
    if row is None:
        return None
    reading = row.readings.order_by("pk").last()
    text = (reading.corrected_text or reading.text) if reading else ""
    offer = ProfessionalAvailability.objects.filter(membership=found.member, state=AvailabilityState.ACTIVE).first()
    return Times(text, found.zone, until=offer.valid_until if offer else None)


def _answer(found: Standing) -> FormResponse | None:
    rows = FormResponse.objects.filter(
        program=found.program, form=FORM_OF[found.role], person=found.person, state=ResponseState.CURRENT
    )
    return rows.first()


def _says(found: Standing, _now: datetime) -> Sequence[str]:
    row = _answer(found)
    readings = row.readings.order_by("pk") if row else ()
    echo = "; ".join(str(one.result["echo"]) for one in readings if one.result.get("echo"))
    read = f"This is how we read your times at present: {echo}." if echo else TICKED if row else NONE_YET
    return read, "What you store here replaces that. First you see how it is read. Sessions that are booked stand."


def _do(found: Standing, data: Data, now: datetime) -> Done:
    read = preview(data["text"], found.zone)
    if read["status"] not in READABLE:
        return Done("We could not read a time in this", _not_understood(read), stored=False, buttons=(LOOK,))
    if not data[STORE] or data["seen"] != mark(data):
        return Done("This is how we read it", (str(read["echo"]), *_not_understood(read)), False, (KEEP, LOOK))
    with one_step():
        Person.objects.select_for_update().get(pk=found.person.pk)  # of two clicks at once the second finds it done
        if not _says_so_already(found, data):
            taken = say_times(found.member, Times(data["text"], found.zone, None, data.get("until")), frame(),
                              found.actor, now)  # fmt: skip
            if taken.response.state != ResponseState.CURRENT:
                raise Refused(Reason.NOT_NOW, "a later answer of yours counts already, or staff look at this one")
    return Done("Your times are stored", (str(read["echo"]), "They count from the next night on."))


def mark(data: Data) -> str:
    """What was shown: the same words and the same last day."""
    return sha256(f"{data['text']}\n{data.get('until') or ''}".encode()).hexdigest()


def _says_so_already(found: Standing, data: Data) -> bool:
    said = _current(found)
    return said is not None and said.text == data["text"] and data.get("until") in (None, said.until)


def _not_understood(read: Mapping[str, Any]) -> tuple[str, ...]:
    told = [f"Assumed: {one}" for one in read["assumptions"]]
    left = ", ".join(f'"{one}"' for one in read["not_understood"])
    return (*told, *((f"Not understood: {left}",) if left else ()))


TIMES_DOORS = {LinkAct.TIMES: Door(LABELS[LinkAct.TIMES], _says, lambda *_: (LOOK,), _do, TimesForm)}
