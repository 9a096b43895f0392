"""What staff may do to outgoing items and to keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from backend.record.actor import Actor
from backend.record.admin.acting import Act, ActForm, Data, Done
from backend.record.given_up import DROPPED, OUTDATED, standing
from backend.record.models import ApiKey, OutboxItem, Program
from backend.record.models.states import DeliveryState, Scope
from backend.record.outgoing import REASONS
from backend.record.roles import OWN
from backend.record.services.keys import create_key, revoke_key
from backend.record.services.outbox import drop_item, retry_item


class KeyForm(ActForm):
    label = forms.CharField(label="Name", max_length=80, help_text="Who or what will use it.")
    scope = forms.ChoiceField(
        label="Opens",
        choices=[
            (Scope.READ, "reading"),
            (Scope.WRITE, "reading and writing"),
            (Scope.BOT, "the Discord bot's things"),
        ],
    )


class DropForm(ActForm):
    because = forms.ChoiceField(label="Why", choices=list(REASONS.items()))


def _unsent(row: Any, _now: datetime) -> bool:
    return bool(row.state != DeliveryState.SENT)


def _undecided(row: OutboxItem, now: datetime) -> bool:
    return _unsent(row, now) and standing(row.state, row.problem) not in (DROPPED, OUTDATED)


def _retry_says(row: OutboxItem, _now: datetime) -> Sequence[str]:
    return (
        "It is tried again with the next pass over the outbox.",
        "If an earlier attempt may have got through, the channel is asked first where it can be.",
        "By e-mail and Apprise nobody can look: there it may arrive twice.",
        f"It was tried {row.attempts} times so far. Last problem: {row.problem or 'none'}.",
    )


def _retry(row: OutboxItem, _data: Data, actor: Actor, now: datetime) -> Done:
    retry_item(row, actor, now)
    return Done("It will be tried again.")


def _drop_says(_row: OutboxItem, _now: datetime) -> Sequence[str]:
    return (
        "It is not sent. Whoever it was for does not hear of it from us: tell them by other means.",
        "It stays listed as dropped, and can be retried.",
    )


def _drop(row: OutboxItem, data: Data, actor: Actor, now: datetime) -> Done:
    drop_item(row, data["because"], actor, now)
    return Done("It will not be sent.")


def _key_says(_row: Program, _now: datetime) -> Sequence[str]:
    return ("Whoever holds the key reads or changes the record through the API. It is shown once.",)


def _key(row: Program, data: Data, actor: Actor, now: datetime) -> Done:
    _, token = create_key(Scope(data["scope"]), actor, now, program=row, label=data["label"])
    return Done(f"The new key {data['label']}", token)


def _revoke_says(row: ApiKey, _now: datetime) -> Sequence[str]:
    return (f"What uses the key {row.label or row.public_id} gets no answer from now on. This cannot be undone.",)


def _revoke(row: ApiKey, _data: Data, actor: Actor, now: datetime) -> Done:
    revoke_key(row, actor, now)
    return Done("The key opens nothing any more.")


OUTBOX_ACTS = (
    Act(
        "retry", "Retry", _retry_says, _retry,
        fits=lambda row, now: _unsent(row, now) and row.state != DeliveryState.HELD,
    ),
    Act(
        "drop", "Drop", _drop_says, _drop, DropForm, heavy=True,
        fits=_undecided,
    ),
)  # fmt: skip
KEY_ACTS = (
    Act(
        "revoke", "Revoke", _revoke_says, _revoke, fits=lambda row, _now: row.revoked_at is None, needs=OWN, heavy=True
    ),
)
NEW_KEY = Act("new", "New key", _key_says, _key, KeyForm, needs=OWN)
