"""What `doctor` looks at: each check says how it stands and, if something is wrong, how to put it right."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from backend.nightly.channels import channels
from backend.nightly.exits import Stop
from backend.nightly.frame import policy_from, program_from, rules_from
from backend.nightly.pull import open_sheet
from backend.nightly.reading import conventions_from
from backend.nightly.record import Record
from backend.settings import Settings
from ingest.columns import match_columns
from ingest.sheet import Form, SourceError

Opener = Callable[[Settings, Callable[[], datetime]], Record]


class Health(StrEnum):
    """How a check stands. `OFF`: not used by this program."""

    GOOD = "ok"
    WARNING = "warn"
    BROKEN = "FAIL"
    OFF = "off"


@dataclass(frozen=True)
class Check:
    """One line of `doctor`."""

    name: str
    health: Health
    detail: str
    fix: str = ""


def examine(settings: Settings, present: datetime, open_to_look: Opener) -> Iterator[Check]:
    """All checks, in the order a night needs them. `open_to_look` gives the record without making one."""
    yield from _settings(settings)
    for form, place in (
        (Form.STUDENTS, settings.sources.students),
        (Form.PROFESSIONALS, settings.sources.professionals),
    ):
        yield _sheet(settings, form, place)
    yield from _state(settings, present, open_to_look)
    yield _publishing(settings)


def _settings(settings: Settings) -> Iterator[Check]:
    steps: tuple[tuple[str, Callable[[Settings], object]], ...] = (
        ("rules", rules_from),
        ("policy", policy_from),
        ("program", program_from),
        ("reading", conventions_from),
    )
    for name, step in steps:
        try:
            step(settings)
        except Stop as stop:
            yield Check(f"settings: {name}", Health.BROKEN, stop.message, "edit matching.toml (docs/settings.md)")
        else:
            yield Check(f"settings: {name}", Health.GOOD, "makes sense")


def _sheet(settings: Settings, form: Form, place: str) -> Check:
    name = f"sheet: {form.value}"
    if not place:
        return Check(
            name, Health.WARNING, "not set", f"set sources.{form.value} in matching.toml, or use --{form.value} FILE"
        )
    try:
        renamed = rules_from(settings).renamed(form)
        sheet = open_sheet(place, form, renamed)
        columns = match_columns(sheet, renamed)
    except SourceError as error:
        return Check(name, Health.BROKEN, str(error), "put the title right in the sheet or map it under [columns]")
    except Stop as stop:
        return Check(name, Health.BROKEN, stop.message, "see above")
    notes = [*sheet.notes, *(issue.reason for issue in columns.issues)]
    detail = f"{len(sheet.rows)} rows, every needed column found"
    return Check(name, Health.WARNING if notes else Health.GOOD, "; ".join([detail, *notes]))


def _state(settings: Settings, present: datetime, open_to_look: Opener) -> Iterator[Check]:
    folder = Path(settings.state_dir)
    place = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    if not os.access(place, os.W_OK):
        yield Check("record", Health.BROKEN, f"{place} is not writable", f"chmod u+w {place}, or set state_dir")
        return
    if folder.exists() and folder.stat().st_mode & 0o077:
        yield Check("record: privacy", Health.WARNING, f"others can read {folder}", f"chmod 700 {folder}")
    try:
        record = open_to_look(settings, lambda: present)
    except Stop as stop:
        yield Check("record", Health.BROKEN, stop.message, "see above")
        return
    state = record.state()
    waiting = record.waiting()
    if not state.runs:
        yield Check("record", Health.GOOD, "empty: no night was booked yet")
        return
    age = present - state.runs[-1].as_of
    late = age > timedelta(days=2)
    detail = f"{len(state.runs)} runs, the last for night {state.runs[-1].night}; {waiting} items wait in the outbox"
    yield Check("record", Health.WARNING if late else Health.GOOD, detail, "is the timer running?" if late else "")


def _publishing(settings: Settings) -> Check:
    publish = settings.publish
    if not publish.enabled:
        return Check("publishing", Health.OFF, "publish.enabled is false: nothing leaves this machine")
    used = [
        name
        for name, target in (("Google Calendar", publish.calendar_id), ("Discord", publish.discord_channel_id))
        if target
    ]
    if not used:
        return Check("publishing", Health.BROKEN, "on, but no target", "set publish.calendar_id or discord_channel_id")
    try:
        with channels(settings):
            return Check("publishing", Health.GOOD, f"on; credentials for {' and '.join(used)} are there")
    except Stop as stop:
        return Check("publishing", Health.BROKEN, stop.message, "see docs/publishing.md")
