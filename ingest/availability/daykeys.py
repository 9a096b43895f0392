"""The days of a statement to keys: weekdays (0-6) that recur, or dates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from ingest.availability.calendar import Calendar, DateError
from ingest.availability.items import Dates, Days, Item, Week

Key = int | date
LONGEST_RANGE = 400


@dataclass(slots=True)
class Keys:
    """Weekdays and dates, what was assumed (code, item index), and tokens [start, end) that were wrong."""

    found: list[Key] = field(default_factory=list)
    flags: list[tuple[str, int]] = field(default_factory=list)
    wrong: list[tuple[int, int]] = field(default_factory=list)
    failed: bool = False
    every: int = 0

    def add(self, key: Key) -> None:
        if key not in self.found:
            self.found.append(key)


def read_days(
    indexes: list[int], items: list[Item], governed: dict[int, int], calendar: Calendar, free: bool = True
) -> Keys:
    """The keys of a statement's day items; wrong dates are named, never moved.

    A week alone means its Monday to Friday when it is offered, all of it when it is not.
    """
    keys = Keys()
    for index in indexes:
        item = items[index]
        value = item.value
        if isinstance(value, Days):
            _weekdays(value, index, items, governed, calendar, keys)
        elif isinstance(value, Week):
            _week(value, index, calendar, keys, free)
        elif isinstance(value, tuple):
            for one in value:
                _dates(one, item, calendar, keys)
    return keys


def _flag_week(index: int, calendar: Calendar, keys: Keys, value: Week) -> None:
    if value.of is None and calendar.at_boundary:
        keys.flags.append(("week-boundary", index))


def _weekdays(
    value: Days, index: int, items: list[Item], governed: dict[int, int], calendar: Calendar, keys: Keys
) -> None:
    week = governed.get(index)
    if week is not None and isinstance(items[week].value, Week):
        said = items[week].value
        assert isinstance(said, Week)
        try:
            start = calendar.week(said)
        except DateError:
            keys.wrong.append((items[week].start, items[week].end))
            keys.failed = True
            return
        _flag_week(week, calendar, keys, said)
        for day in sorted(value.days, key=lambda d: calendar.weekday_in(start, d)):
            keys.add(calendar.weekday_in(start, day))
        return
    if value.relative >= 0:
        start = calendar.first_week + timedelta(days=7 * value.relative)
        if value.relative:
            keys.flags.append(("next-weekday", index))
        for day in value.days:
            when = calendar.weekday_in(start, day)
            if when < calendar.reference:
                keys.wrong.append((items[index].start, items[index].end))
                keys.failed = True
            else:
                keys.add(when)
        return
    if value.every:
        keys.every = value.every
    for day in value.days:
        keys.add(day)


def _week(value: Week, index: int, calendar: Calendar, keys: Keys, free: bool) -> None:
    try:
        start = calendar.week(value)
    except DateError:
        keys.failed = True
        return
    _flag_week(index, calendar, keys, value)
    if free:
        keys.flags.append(("week-without-days", index))
    for day in range(5 if free else 7):
        when = calendar.weekday_in(start, day)
        if when >= calendar.reference:
            keys.add(when)


def _dates(value: Dates, item: Item, calendar: Calendar, keys: Keys) -> None:
    spec = value.first
    if spec.nth is not None:
        for day in calendar.nth(*spec.nth):
            keys.add(day)
        return
    try:
        first = calendar.day(spec)
        last = calendar.day(value.last) if value.last is not None else first
    except DateError:
        keys.wrong.append((item.start, item.end))
        keys.failed = True
        return
    if not first <= last <= first + timedelta(days=LONGEST_RANGE):
        keys.wrong.append((item.start, item.end))
        keys.failed = True
        return
    if value.weekdays and value.last is None and first.weekday() not in value.weekdays:
        keys.wrong.append((value.weekday_at, value.weekday_at + 1))
    for n in range((last - first).days + 1):
        keys.add(first + timedelta(days=n))
