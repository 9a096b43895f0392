"""The numbers the reader goes by, each a default that a deployment may change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

DAY_END = 1440

_PARTS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "morning": (480, 720),
        "early morning": (480, 600),
        "first thing": (480, 540),
        "mid morning": (540, 660),
        "late morning": (600, 720),
        "noon": (720, 780),
        "lunch": (720, 780),
        "afternoon": (720, 1020),
        "early afternoon": (720, 840),
        "mid afternoon": (840, 960),
        "late afternoon": (900, 1020),
        "daytime": (480, 1020),
        "evening": (1020, 1260),
        "early evening": (1020, 1140),
        "late evening": (1140, 1260),
        "night": (1140, 1320),
        "late night": (1260, 1440),
        "business": (540, 1020),
    }
)
# Name -> (month, day), or (month, n, weekday) for the n-th weekday of the month.
_HOLIDAYS: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        "thanksgiving": (11, 4, 3),
        "christmas eve": (12, 24),
        "christmas": (12, 25),
        "new year's eve": (12, 31),
        "new year's day": (1, 1),
    }
)


@dataclass(frozen=True, slots=True)
class Conventions:
    """How vague words become minutes. Times are minutes of the local day, half-open pairs.

    `docs/availability-conventions.md` states each rule; this holds its numbers. Raises `ValueError` when the
    numbers contradict each other.
    """

    day: tuple[int, int] = (480, 1260)  # "all day", and the far end of an open bound
    earliest: int = 360  # "before 8" starts here when 8 is not after the day's start
    point_minutes: int = 60  # "at 5" is 5 to 6
    month_first: bool = True  # 12/2 is December 2
    week_start: int = 0  # Monday
    longest_overnight: int = 480  # explicit ranges over midnight beyond this are errors
    ampm_doubt: float = 1 / 3  # flag am/pm when the losing reading has this share of the day
    after_pm: tuple[int, int] = (1, 7)  # "after 1" to "after 7" are pm
    before_pm: tuple[int, int] = (1, 8)  # "before 1" to "before 8" are pm
    doubtful_after: tuple[int, ...] = (8,)
    doubtful_before: tuple[int, ...] = (8, 9)
    after_work: int = 1020
    before_work: int = 540
    after_school: int = 900
    after_dinner: int = 1140
    before_dinner: int = 1080
    end_of_day: int = 1020
    parts: Mapping[str, tuple[int, int]] = field(default_factory=lambda: _PARTS)
    holidays: Mapping[str, tuple[int, ...]] = field(default_factory=lambda: _HOLIDAYS)

    def __post_init__(self) -> None:
        missing = sorted(set(_PARTS) - set(self.parts))
        if missing:
            raise ValueError(f"parts of the day without an interval: {', '.join(missing)}")
        for name, (start, end) in [("day", self.day), *self.parts.items()]:
            if not 0 <= start < end <= DAY_END:
                raise ValueError(f"{name!r} must start before it ends within one day, not {start} to {end}")
        if not 0 <= self.earliest <= self.day[0]:
            raise ValueError("`earliest` must not be after the day's start")
        if not 0 <= self.week_start <= 6:
            raise ValueError("`week_start` is a weekday from 0 (Monday) to 6 (Sunday)")
        if not 0 < self.point_minutes <= DAY_END or not 0 < self.longest_overnight < DAY_END:
            raise ValueError("lengths must be positive and shorter than a day")
        if not 0 < self.ampm_doubt <= 1:
            raise ValueError("`ampm_doubt` is a share above 0, at most 1")


DEFAULT_CONVENTIONS = Conventions()
