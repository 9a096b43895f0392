"""What staff may do with an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from backend.record.actor import Actor
from backend.record.admin.acting import Act, ActForm, Data, Done
from backend.record.api.reading import frame
from backend.record.models import FormResponse
from backend.record.models.states import ResponseState
from backend.record.services.responses import let_count
from backend.record.services.rulings import correct, reject

LONGEST = 4000


class CorrectForm(ActForm):
    text = forms.CharField(
        label="Read instead",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST,
        required=False,
        help_text="Such as: Tuesdays 18:00-20:00, not 1 December. Empty: their own words again.",
    )

    def fit(self) -> None:
        row: FormResponse = self.row
        reading = row.readings.first()
        self.fields["text"].initial = (reading.corrected_text or reading.text) if reading else ""


def _correct_says(row: FormResponse, _now: datetime) -> Sequence[str]:
    reading = row.readings.first()
    now_read = f"It is read now as: {reading.result.get('echo', '')}" if reading else "No text of it was read yet."
    return (
        "Your text is read in place of the times that the person wrote. Their own words stay as they are.",
        now_read,
        "It counts from the next night on; booked sessions stand.",
    )


def _correct(row: FormResponse, data: Data, actor: Actor, now: datetime) -> Done:
    row = correct(row, data["text"].strip(), frame(), actor, now)
    reading = row.readings.first()
    echo = reading.result.get("echo", "") if reading else ""
    return Done(f"Read again: {echo}" if echo else "Read again.")


def _approve_says(row: FormResponse, _now: datetime) -> Sequence[str]:
    return (
        f"This answer counts from now on as that of {row.person}.",
        "An earlier answer of theirs is superseded, unless it was sent later.",
        "Do so only when you know that it came from them.",
    )


def _approve(row: FormResponse, _data: Data, actor: Actor, now: datetime) -> Done:
    row = let_count(row, frame(), actor, now)
    later = "The answer is kept, but a later one counts."
    return Done("The answer counts." if row.state == ResponseState.CURRENT else later)


def _reject_says(_row: FormResponse, _now: datetime) -> Sequence[str]:
    return ("This answer never counts. It is kept as it came.",)


def _reject(row: FormResponse, _data: Data, actor: Actor, now: datetime) -> Done:
    reject(row, actor, now)
    return Done("The answer is rejected.")


def _held(row: Any, _now: datetime) -> bool:
    return bool(row.state == ResponseState.HELD)


RESPONSE_ACTS = (
    Act(
        "read-again", "Read with a corrected text", _correct_says, _correct, CorrectForm,
        lambda row, _now: row.state == ResponseState.CURRENT,
    ),
    Act("approve", "Let it count", _approve_says, _approve, fits=_held),
    Act("reject", "Reject", _reject_says, _reject, fits=_held, heavy=True),
)  # fmt: skip
