"""The slot grid: the horizon cut into equal cells, each a possible session start."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from optimizer.domain.time import Window, zone_info

MAX_CELLS = 20_000


@dataclass(frozen=True)
class SlotGrid:
    """`cells` equal cells of `cell_minutes` from `first` (aware UTC); `zone` says what a day and a week are.

    Cells are equal in real time, so a local day has fewer or more of them when the clocks change.
    """

    first: datetime
    cell_minutes: int
    cells: int
    zone: str = "UTC"

    def __post_init__(self) -> None:
        if self.first.tzinfo is None:
            raise ValueError("the grid's first instant must be aware")
        object.__setattr__(self, "first", self.first.astimezone(UTC))
        zone_info(self.zone)
        if not 5 <= self.cell_minutes <= 240:
            raise ValueError(f"a cell of {self.cell_minutes} minutes is outside 5 to 240")
        if not 0 <= self.cells <= MAX_CELLS:
            raise ValueError(f"{self.cells} cells are outside 0 to {MAX_CELLS}")

    @classmethod
    def of_days(cls, first_day: date, days: int, cell_minutes: int, zone: str) -> SlotGrid:
        """All cells of `days` local dates from `first_day`, midnight to midnight in `zone`."""
        info = zone_info(zone)
        start = datetime(first_day.year, first_day.month, first_day.day, tzinfo=info).astimezone(UTC)
        after = first_day + timedelta(days=days)
        end = datetime(after.year, after.month, after.day, tzinfo=info).astimezone(UTC)
        return cls(start, cell_minutes, int((end - start) / timedelta(minutes=cell_minutes)), zone)

    @cached_property
    def starts(self) -> tuple[datetime, ...]:
        """The start of each cell, aware UTC."""
        return tuple(self.first + timedelta(minutes=self.cell_minutes * k) for k in range(self.cells))

    @cached_property
    def local_days(self) -> tuple[date, ...]:
        """The local date on which each cell starts."""
        info = zone_info(self.zone)
        return tuple(start.astimezone(info).date() for start in self.starts)

    @cached_property
    def day(self) -> NDArray[np.int64]:
        """For each cell the ordinal of its local date."""
        return np.array([day.toordinal() for day in self.local_days], dtype=np.int64)

    @cached_property
    def week(self) -> NDArray[np.int64]:
        """For each cell the ordinal of the Monday of its local week."""
        return self.day - (self.day - 1) % 7  # ordinal 1 is a Monday

    def day_of(self, instant: datetime) -> int:
        """The ordinal of the local date of any instant, inside the horizon or not."""
        return instant.astimezone(zone_info(self.zone)).date().toordinal()

    def week_of(self, instant: datetime) -> int:
        """The ordinal of the Monday of the local week of any instant."""
        day = self.day_of(instant)
        return day - (day - 1) % 7

    def cell_of(self, start: datetime) -> int | None:
        """The cell that starts at this very instant, if any."""
        index, rest = divmod(start - self.first, timedelta(minutes=self.cell_minutes))
        return index if not rest and 0 <= index < self.cells else None

    def covered(self, windows: Iterable[Window]) -> NDArray[np.uint8]:
        """Per cell the best certainty of a window that holds the whole cell; 0 where there is none.

        Windows of one certainty that touch should be merged before: a cell is never pieced together from two.
        """
        row = np.zeros(self.cells, dtype=np.uint8)
        for window in windows:
            span = self._inside(window.interval.start, window.interval.end)
            np.maximum(row[span], int(window.certainty), out=row[span])
        return row

    def touched(self, start: datetime, end: datetime) -> slice:
        """The cells that share any instant with [start, end)."""
        cell = timedelta(minutes=self.cell_minutes)
        low = (start - self.first) // cell
        high = -((self.first - end) // cell)
        return slice(max(0, low), max(0, min(self.cells, high)))

    def _inside(self, start: datetime, end: datetime) -> slice:
        cell = timedelta(minutes=self.cell_minutes)
        low = -((self.first - start) // cell)
        high = (end - self.first) // cell
        return slice(max(0, low), max(0, min(self.cells, high)))
