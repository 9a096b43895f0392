"""One door for each purpose of a link: what its page says, what it asks, and what its button does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from backend.record.links.standing import Standing

Data = Mapping[str, Any]


class DoorForm(forms.Form):
    """What a door asks for; `standing` is who stands before it, `now` the present."""

    def __init__(self, *given: Any, standing: Standing, now: datetime, **named: Any) -> None:
        super().__init__(*given, **named)
        self.standing, self.now = standing, now
        self.fit()

    def fit(self) -> None:
        """Set the fields up for this person."""


@dataclass(frozen=True)
class Button:
    """`name` and `value` say which of a door's buttons was pressed. `heavy`: it takes something away."""

    label: str
    name: str = "do"
    value: str = "yes"
    heavy: bool = False


@dataclass(frozen=True)
class Done:
    """What was done, or found. `stored` False: nothing was changed yet, the form is shown again below `lines`."""

    title: str
    lines: tuple[str, ...] = ()
    stored: bool = True
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Door:
    """`says` what will happen, before it does; `do` it, raising `Refused`."""

    title: str
    says: Callable[[Standing, datetime], Sequence[str]]
    buttons: Callable[[Standing, datetime], Sequence[Button]]
    do: Callable[[Standing, Data, datetime], Done]
    form: type[DoorForm] = DoorForm


def only(label: str, *, heavy: bool = False) -> Callable[[Standing, datetime], Sequence[Button]]:
    """The one button of a door."""
    return lambda _standing, _now: (Button(label, heavy=heavy),)
