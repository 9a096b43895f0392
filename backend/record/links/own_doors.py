"""Doors to what somebody offers or wishes: pause, correct the times, leave one night out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms

from backend.record.links.doors import Button, Data, Done, Door, DoorForm, only
from backend.record.links.standing import Standing
from backend.record.models import Membership
from backend.record.refusal import one_step
from backend.record.services.requests import is_paused, pause, resume
from optimizer.domain import zone_info
from publish.links import LinkAct

LONGEST_PAUSE = timedelta(days=366)
RESUME = "resume"
STANDS = "Sessions that are booked stand."


class PauseForm(DoorForm):
    """Until when; not needed to come back."""

    until = forms.DateField(
        label="Match me again from", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def fit(self) -> None:
        today = _today(self.standing, self.now)
        field = self.fields["until"]
        first, last = today + timedelta(days=1), today + LONGEST_PAUSE
        field.widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}
        field.initial = today + timedelta(days=14)
        field.help_text = "Year, month, day: for example 2027-01-31."

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        back = RESUME in self.data
        until, today = data.get("until"), _today(self.standing, self.now)
        if not back and "until" not in self.errors and (until is None or not today < until <= today + LONGEST_PAUSE):
            self.add_error("until", "Give a day after today, at most a year ahead.")
        return {**data, RESUME: back}


def _today(found: Standing, now: datetime) -> date:
    return now.astimezone(zone_info(found.zone)).date()


def _midnight(found: Standing, day: date) -> datetime:
    return datetime.combine(day, time.min, zone_info(found.zone))


def _paused(found: Standing, now: datetime) -> list[Membership]:
    return [one for one in found.members if is_paused(one, now)]


def _paused_says(found: Standing, now: datetime) -> str:
    paused = _paused(found, now)
    if not paused:
        return ""
    until = paused[0].paused_until
    return f"You are paused until {found.at(until)}." if until else "You are paused until you come back."


def _pause_says(found: Standing, now: datetime) -> Sequence[str]:
    told = (_paused_says(found, now), "Until the day you choose no night matches you.", STANDS)
    return [line for line in told if line]


def _pause_buttons(found: Standing, now: datetime) -> Sequence[Button]:
    back = (Button("Match me again now", RESUME),) if _paused(found, now) else ()
    return (Button("Pause matching"), *back)


def _pause(found: Standing, data: Data, now: datetime) -> Done:
    if data[RESUME]:
        with one_step():
            for one in _paused(found, now):
                resume(one, found.actor, now)
        return Done("You are matched again", ("From the next night on.",))
    until = _midnight(found, data["until"])
    with one_step():
        changed = [one for one in found.members if one.paused_until != until or not is_paused(one, now)]
        for one in changed:
            pause(one, until, found.actor, now)
    title = "You are paused" if changed else "Already done: you are paused"
    return Done(title, (f"Until {found.at(until)}; you come back by yourself.", STANDS))


def _skip_says(found: Standing, _now: datetime) -> Sequence[str]:
    night = found.at(found.link.until)
    return f"The matching of {night} leaves you out.", "The nights after it look again, as always.", STANDS


def _skip(found: Standing, _data: Data, now: datetime) -> Done:
    """Paused until the midnight after the run, so that the next night has them again."""
    zone = zone_info(found.program.zone)
    day = found.link.until.astimezone(zone).date() + timedelta(days=1)
    until = datetime.combine(day, time.min, zone)
    with one_step():
        open_ones = [one for one in found.members if not _paused_beyond(one, until, now)]
        for one in open_ones:
            pause(one, until, found.actor, now)
    return Done("You are left out tonight" if open_ones else "Already done: you are left out tonight", (STANDS,))


def _paused_beyond(member: Membership, until: datetime, now: datetime) -> bool:
    return is_paused(member, now) and (member.paused_until is None or member.paused_until >= until)


OWN_DOORS = {
    LinkAct.PAUSE: Door("Pause matching?", _pause_says, _pause_buttons, _pause, PauseForm),
    LinkAct.SKIP: Door("Leave this night out?", _skip_says, only("Leave me out tonight"), _skip),
}
