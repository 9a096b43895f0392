"""What staff may do to a row: each act with a page that says what will happen before it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django import forms

from backend.record.actor import Actor
from backend.record.admin.clock import program_zone
from backend.record.roles import COORDINATE
from optimizer.domain import zone_info

Data = Mapping[str, Any]


class ActForm(forms.Form):
    """What an act needs to know; `row` is what it is about."""

    def __init__(self, *given: Any, row: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.row = row
        self.fit()

    def fit(self) -> None:
        """Set the fields up for the row."""


@dataclass(frozen=True)
class Done:
    """What was done, in a sentence. `secret`: shown once on a page of its own, and kept nowhere."""

    message: str
    secret: str = ""


def always(_row: Any, _now: datetime) -> bool:
    return True


@dataclass(frozen=True)
class Act:
    """One act. `name` stands in its address; `says` what will happen; `do` it, raising `Refused` or `Stop`.

    `fits`: whether it makes sense for the row as it stands. `heavy`: it takes something away, so its button warns.
    """

    name: str
    label: str
    says: Callable[[Any, datetime], Sequence[str]]
    do: Callable[[Any, Data, Actor, datetime], Done]
    form: type[ActForm] = ActForm
    fits: Callable[[Any, datetime], bool] = always
    needs: str = COORDINATE
    heavy: bool = False


class LocalTimeField(forms.Field):
    """A date and time on the clocks of the program's zone; an aware instant. Times that a clock skips are refused."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def prepare_value(self, value: Any) -> Any:
        return value.astimezone(_zone()).strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else value

    def to_python(self, value: Any) -> datetime | None:
        if not value:
            return None
        try:
            naive = datetime.fromisoformat(str(value))
        except ValueError:
            raise forms.ValidationError("Give a date and a time.") from None
        zone = _zone()
        local = naive.replace(tzinfo=None).replace(tzinfo=zone)
        if datetime.fromtimestamp(local.timestamp(), zone).replace(tzinfo=None) != local.replace(tzinfo=None):
            raise forms.ValidationError("The clocks skip this time that day.")
        return local


def _zone() -> tzinfo:
    return zone_info(program_zone())
