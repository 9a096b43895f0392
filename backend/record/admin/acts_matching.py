"""What staff may do to requests, pins and forbidden pairs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from backend.record.actor import Actor
from backend.record.admin.acting import Act, ActForm, Data, Done
from backend.record.models import ForbiddenPair, Pin, ReviewRequest
from backend.record.models.states import ACTIVE_REQUEST
from backend.record.services.requests import cancel_request, change_request, end_wish


class ChangeForm(ActForm):
    wanted = forms.IntegerField(label="Sessions wanted", min_value=1, max_value=20)
    priority = forms.IntegerField(label="Priority", min_value=0, max_value=100, help_text="A larger one goes first.")

    def fit(self) -> None:
        self.fields["wanted"].initial = self.row.wanted
        self.fields["priority"].initial = self.row.priority


def _active(row: Any, _now: datetime) -> bool:
    return row.state in ACTIVE_REQUEST


def _change_says(row: ReviewRequest, _now: datetime) -> Sequence[str]:
    return (
        f"The request of {row.student} counts with these numbers from the next night on.",
        "How long it has waited stays as it is.",
    )


def _change(row: ReviewRequest, data: Data, actor: Actor, now: datetime) -> Done:
    change_request(row, actor, now, wanted=data["wanted"], priority=data["priority"])
    return Done("The request is changed.")


def _cancel_says(row: ReviewRequest, _now: datetime) -> Sequence[str]:
    return (
        f"{row.student} no longer waits for a session, and is not matched before asking anew.",
        "Asking anew begins a new wait.",
    )


def _cancel(row: ReviewRequest, _data: Data, actor: Actor, now: datetime) -> Done:
    cancel_request(row, actor, now)
    return Done("The request is cancelled.")


def _end_says(row: Pin | ForbiddenPair, _now: datetime) -> Sequence[str]:
    if isinstance(row, Pin):
        return (f"{row.student} and {row.professional} are matched by the usual rules again.",)
    return (f"{row.student} and {row.professional} may be matched again from the next night on.",)


def _end(row: Pin | ForbiddenPair, _data: Data, actor: Actor, now: datetime) -> Done:
    end_wish(row, actor, now)
    return Done("Taken back.")


REQUEST_ACTS = (
    Act("change", "Change", _change_says, _change, ChangeForm, _active),
    Act("cancel", "Cancel request", _cancel_says, _cancel, fits=_active, heavy=True),
)
WISH_ACTS = (Act("end", "Take back", _end_says, _end, fits=lambda row, _now: row.ended_at is None, heavy=True),)
