"""To whom an answer is said and how: names, clocks, and whose names are private."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backend.report.words import WEEKDAYS, counted, listed, short_day
from ingest.people import PERSON_ID
from optimizer import Audience
from optimizer.domain import Interval, zone_info

NAMED = 6
SHOWN_WINDOWS = 6


@dataclass(frozen=True)
class Voice:
    """`names` by id, the `zone` of all clocks, the `audience`; `tags` name the options of the hard rules by bit.

    Other students are named to staff alone.
    """

    names: Mapping[str, str]
    zone: str = "UTC"
    audience: Audience = Audience.STAFF
    cell_minutes: int = 30
    levels: int = 20
    tags: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def staff(self) -> bool:
        return self.audience is Audience.STAFF

    def name(self, person: str) -> str:
        return self.names.get(person) or person

    def spoken(self, text: str) -> str:
        """The text with names instead of ids."""
        return PERSON_ID.sub(lambda found: self.name(found[0]), text)

    def listed(self, people: Iterable[str]) -> str:
        """Ana, Ben and Cleo; long lists are cut with a count."""
        return listed([self.name(one) for one in people], NAMED)

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(zone_info(self.zone))

    def moment(self, instant: datetime) -> str:
        """Tue 24 Nov 18:00."""
        at = self.local(instant)
        return f"{short_day(at.date())} {at:%H:%M}"

    def window(self, span: Interval) -> str:
        """Tue 24 Nov 18:00-19:30; midnight at the end reads 24:00."""
        start, end = self.local(span.start), self.local(span.end)
        if end.date() == start.date():
            return f"{self.moment(span.start)}-{end:%H:%M}"
        if f"{end:%H:%M}" == "00:00" and end.date() - start.date() == timedelta(days=1):
            return f"{self.moment(span.start)}-24:00"
        return f"{self.moment(span.start)} - {self.moment(span.end)}"

    def windows(self, spans: Sequence[Interval], most: int = SHOWN_WINDOWS) -> str:
        shown = "; ".join(self.window(span) for span in spans[:most])
        return f"{shown} and {len(spans) - most} more" if len(spans) > most else shown

    def roughly(self, spans: Iterable[Interval]) -> str:
        """Many windows as one frame: Tue-Thu between 18:00 and 21:00, from 24 Nov to 3 Dec."""
        clocks = [(self.local(span.start), self.local(span.end)) for span in spans]
        days = sorted({start.date() for start, _ in clocks})
        same_day = all((end - timedelta(microseconds=1)).date() == start.date() for start, end in clocks)
        ends = [f"{end:%H:%M}" if f"{end:%H:%M}" != "00:00" else "24:00" for _, end in clocks]
        hours = f" between {min(f'{s:%H:%M}' for s, _ in clocks)} and {max(ends)}" if same_day else ""
        if len(days) == 1:
            return f"{short_day(days[0])}{hours}"
        weekdays = weekday_ranges(sorted({day.weekday() for day in days}))
        return f"{weekdays}{hours}, {short_day(days[0])} to {short_day(days[-1])}"

    def duration(self, minutes: int) -> str:
        """45 minutes, 1 hour, 2.5 hours."""
        if minutes < 60:
            return counted(minutes, "minute")
        hours = f"{minutes / 60:.1f}".removesuffix(".0")
        return f"{hours} {'hour' if hours == '1' else 'hours'}"


def weekday_ranges(days: Sequence[int]) -> str:
    """0, 1, 2, 4 as Mon-Wed and Fri."""
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    named = []
    for run in runs:
        first, last = WEEKDAYS[run[0]][:3], WEEKDAYS[run[-1]][:3]
        named += [f"{first}-{last}"] if len(run) > 2 else [WEEKDAYS[day][:3] for day in run]
    return listed(named, len(named))
