"""The program's settings as far as reading the sheets needs them, and what earlier nights have already promised."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from ingest.availability import LOW_CONFIDENCE_BELOW
from ingest.columns import ColumnError, Renamed
from ingest.sheet import DateOrder, Form
from optimizer.domain import Interval, zone_info

NO_END = date(2199, 1, 1)
"""When somebody is back who is paused until they say otherwise."""
_CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)$")


class RulesError(ValueError):
    """A setting contradicts itself or makes no sense; the message names the setting."""


def clock_minute(text: str) -> int:
    """Minutes after midnight of "HH:MM", "24:00" included. Raises `RulesError`."""
    found = _CLOCK.match(text)
    minute = int(found[1]) * 60 + int(found[2]) if found else -1
    if not 0 <= minute <= 1440:
        raise RulesError(f"{text!r} is not a time of day; write HH:MM between 00:00 and 24:00")
    return minute


@dataclass(frozen=True)
class ProgramRules:
    """One program's rules for reading answers. Each field is a setting of `matching.toml` (docs/inputs.md).

    `zone` is the program's: what a day, a week and an unnamed time zone mean. `sheet_zone` is the clock of the
    time stamps in CSV and XLSX files ("": the program's zone). `date_order` None: from the sheet itself.
    `earliest` and `latest` are local program hours between which sessions may lie. Capacities count reviews.
    `student_columns` and `professional_columns` map a known title to the sheet's own ("": the form does not ask).
    An availability text read with a confidence under `low_confidence_below` gives low-confidence windows.
    `synonyms` adds words to the industry table: a text as typed -> an option of the professional form.
    Sessions start on a grid of `grid_minutes` (0: as long as a session); `buffer_minutes` stay empty between two of
    one professional. `minimum_binding`: minimum loads are commitments. A student gets at most `sessions_per_night` in
    one night, and never the same professional again unless `repeats_allowed`; then by `repeat_wish` the
    "same" or "other" professionals fit better.
    """

    program: str
    zone: str = "America/New_York"
    sheet_zone: str = ""
    date_order: DateOrder | None = None
    horizon_days: int = 28
    session_minutes: int = 30
    grid_minutes: int = 0
    buffer_minutes: int = 0
    notice_hours: int = 24
    earliest: str = "08:00"
    latest: str = "21:00"
    expiry_days: int = 28
    industry_hard: bool = True
    default_per_week: int = 2
    limit_per_week: int = 5
    limit_per_day: int = 3
    minimum_binding: bool = False
    sessions_per_night: int = 1
    repeats_allowed: bool = False
    repeat_wish: Literal["", "same", "other"] = ""
    low_confidence_below: float = LOW_CONFIDENCE_BELOW
    student_columns: Mapping[str, str] = field(default_factory=dict)
    professional_columns: Mapping[str, str] = field(default_factory=dict)
    synonyms: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", self.program):
            raise RulesError(f"program {self.program!r} must be 1-40 lower-case letters, digits or hyphens")
        for zone in (self.zone, self.sheet_zone or self.zone):
            zone_info(zone)
        if clock_minute(self.latest) - clock_minute(self.earliest) < self.session_minutes:
            raise RulesError(f"earliest {self.earliest} and latest {self.latest} leave no room for a session")
        for name, low, high in _RANGES:
            if not low <= getattr(self, name) <= high:
                raise RulesError(f"{name} is {getattr(self, name)}, outside {low} to {high}")
        if self.default_per_week > self.limit_per_week:
            raise RulesError("default_per_week is above limit_per_week")
        if self.session_minutes % self.cell_minutes:
            raise RulesError(f"session_minutes is {self.session_minutes}, no multiple of grid_minutes")
        if self.repeat_wish and not self.repeats_allowed:
            raise RulesError("repeat_wish needs repeats_allowed")
        self._columns_exist()

    def _columns_exist(self) -> None:
        try:
            self.renamed(Form.STUDENTS), self.renamed(Form.PROFESSIONALS)
        except ColumnError as error:
            raise RulesError(str(error)) from None

    def renamed(self, form: Form) -> Renamed:
        """The checked mapping of titles for one form."""
        return Renamed.of(form, self.student_columns if form is Form.STUDENTS else self.professional_columns)

    @property
    def cell_minutes(self) -> int:
        """Minutes of one grid cell."""
        return self.grid_minutes or self.session_minutes

    def cells(self, minutes: int) -> int:
        """Whole cells that hold so many minutes."""
        return -(-minutes // self.cell_minutes)

    def horizon_first(self, as_of: datetime) -> date:
        """The first local date on which a session could still begin after the notice time."""
        return (as_of + timedelta(hours=self.notice_hours)).astimezone(zone_info(self.zone)).date()


_RANGES = (
    ("horizon_days", 1, 120),
    ("session_minutes", 5, 240),
    ("grid_minutes", 0, 240),
    ("buffer_minutes", 0, 240),
    ("sessions_per_night", 1, 20),
    ("notice_hours", 0, 24 * 14),
    ("expiry_days", 1, 366),
    ("default_per_week", 0, 1000),
    ("limit_per_week", 0, 1000),
    ("limit_per_day", 1, 100),
    ("low_confidence_below", 0, 1),
)


@dataclass(frozen=True)
class Kept:
    """A published session that tonight's run must respect, by pseudonymous ids."""

    student: str
    professional: str
    interval: Interval


@dataclass(frozen=True)
class Decision:
    """What staff decided about two people, by pseudonymous ids: they meet (at this aware start, if any) or never do.

    `place`: where staff wrote it, for issues ("pins, entry 2").
    """

    student: str
    professional: str
    start: datetime | None = None
    place: str = ""


@dataclass(frozen=True)
class Ledger:
    """What earlier nights and staff have settled. Empty on a first night.

    `kept`: sessions that stand, past ones included. `served`: sessions each student has had.
    `paused_until`: the first local date (program zone) on which a paused person is back; `NO_END` when nobody knows.
    `pins`: pairs who get a session; done once they have one. `forbidden`: pairs who never meet (their start is unused).
    `priority`: by student; a higher class comes before any wait. `per_week`: reviews a week that staff allow a
    professional, in place of the form's answer. `busy`: when somebody who says to be free is not, such as in sessions
    of other programs.

    A record knows more than the sheets: `withdrawn` people take no part, with the reason; `waiting_since` and `wanted`
    (sessions in all, `served` and `kept` ones included) replace what a student's answers say.
    """

    kept: tuple[Kept, ...] = ()
    served: Mapping[str, int] = field(default_factory=dict)
    paused_until: Mapping[str, date] = field(default_factory=dict)
    pins: tuple[Decision, ...] = ()
    forbidden: tuple[Decision, ...] = ()
    priority: Mapping[str, int] = field(default_factory=dict)
    per_week: Mapping[str, int] = field(default_factory=dict)
    busy: Mapping[str, tuple[Interval, ...]] = field(default_factory=dict)
    withdrawn: Mapping[str, str] = field(default_factory=dict)
    waiting_since: Mapping[str, datetime] = field(default_factory=dict)
    wanted: Mapping[str, int] = field(default_factory=dict)
