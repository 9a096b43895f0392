"""What a reading is made of. Days are 0 (Monday) to 6, times are wall-clock minutes of the reading's zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from optimizer.domain.time import Certainty, zone_info

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Status = Literal["ok", "partial", "none", "unparseable"]


@dataclass(frozen=True, slots=True)
class Horizon:
    """The planned local dates: `days` of them from `first` on."""

    first: date
    days: int

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError(f"a horizon has at least one day, not {self.days}")

    @property
    def last(self) -> date:
        return self.first + timedelta(days=self.days - 1)

    def dates(self) -> tuple[date, ...]:
        return tuple(self.first + timedelta(days=n) for n in range(self.days))


def _check_minutes(start: int, end: int) -> None:
    if not 0 <= start < end <= 1440:
        raise ValueError(f"a window lies within one day and ends after it starts, not {start} to {end}")


@dataclass(frozen=True, order=True, slots=True)
class WeeklyWindow:
    """[start, end) on one weekday of every week."""

    day: int
    start: int
    end: int
    certainty: Certainty = Certainty.CERTAIN

    def __post_init__(self) -> None:
        _check_minutes(self.start, self.end)
        if not 0 <= self.day <= 6:
            raise ValueError(f"a weekday is 0 to 6, not {self.day}")


@dataclass(frozen=True, order=True, slots=True)
class DatedWindow:
    """[start, end) on one date."""

    day: date
    start: int
    end: int
    certainty: Certainty = Certainty.CERTAIN

    def __post_init__(self) -> None:
        _check_minutes(self.start, self.end)


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """Characters [start, end) of the original text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, order=True, slots=True)
class Assumption:
    """A guess the reader made: a stable code, where, and a sentence a person can check."""

    code: str
    span: Span
    sentence: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one answer was understood to say.

    `weekly` recurs in every (`every_n_weeks`-th) week between `valid_from` and `valid_until`, both inclusive.
    `only_excludes`: the answer only said when the person is *not* free; then `excluded_weekly` and
    `excluded_dated` hold exactly that, and `weekly`/`dated` the implied rest of the week. `since`: the day after the
    reference date, from which the weeks of a cadence without a start date are counted.
    """

    text: str
    zone: str
    status: Status
    weekly: tuple[WeeklyWindow, ...] = ()
    dated: tuple[DatedWindow, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    every_n_weeks: int = 1
    unparsed: tuple[Span, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    notes: tuple[str, ...] = ()
    confidence: float = 1.0
    echo: str = ""
    only_excludes: bool = False
    excluded_weekly: tuple[WeeklyWindow, ...] = ()
    excluded_dated: tuple[DatedWindow, ...] = ()
    since: date | None = None

    def __post_init__(self) -> None:
        zone_info(self.zone)
        has_windows = bool(self.weekly or self.dated)
        if has_windows != (self.status in ("ok", "partial")):
            raise ValueError(f"status {self.status!r} does not fit {len(self.weekly) + len(self.dated)} windows")
        if bool(self.unparsed) != (self.status in ("partial", "unparseable")):
            raise ValueError(f"status {self.status!r} does not fit {len(self.unparsed)} unparsed spans")
        if not 1 <= self.every_n_weeks <= 8 or not 0 <= self.confidence <= 1:
            raise ValueError("a cadence is 1 to 8 weeks and a confidence 0 to 1")
        for span in self.unparsed:
            if not span.text or self.text[span.start : span.end] != span.text:
                raise ValueError("an unparsed span is not where it says")

    def as_record(self) -> dict[str, object]:
        """The exchange form: day names and "HH:MM", certainties merged, None for an open validity."""
        return {
            "weekly": [[DAY_NAMES[d], clock_text(a), clock_text(b)] for d, a, b in _merged(self.weekly)],
            "dated": [[day.isoformat(), clock_text(a), clock_text(b)] for day, a, b in _merged(self.dated)],
            "tz": self.zone,
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
            "every_n_weeks": self.every_n_weeks,
            "status": self.status,
            "unparsed": [span.text for span in self.unparsed],
            "assumptions": [
                {"code": a.code, "start": a.span.start, "end": a.span.end, "sentence": a.sentence}
                for a in self.assumptions
            ],
            "confidence": self.confidence,
            "echo": self.echo,
        }


def clock_text(minute: int) -> str:
    """ "HH:MM" of a minute of the day; 1440 is "24:00"."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _merged(windows: Sequence[WeeklyWindow] | Sequence[DatedWindow]) -> list[tuple[Any, int, int]]:
    rows: list[tuple[Any, int, int]] = []
    for day, start, end in sorted((window.day, window.start, window.end) for window in windows):
        if rows and rows[-1][0] == day and start <= rows[-1][2]:
            rows[-1] = (day, rows[-1][1], max(end, rows[-1][2]))
        else:
            rows.append((day, start, end))
    return rows
