"""Dates as said to dates of the calendar, against the reference date."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from ingest.availability.conventions import Conventions
from ingest.availability.items import DateSpec, Week
from ingest.availability.model import Horizon


class DateError(ValueError):
    """A date that does not exist, or that lies before the reference date."""


class Calendar:
    """Resolves dates against one reference date. `first_week` is the Monday (or week start) of "this week"."""

    def __init__(self, reference: date, horizon: Horizon, conventions: Conventions) -> None:
        self.reference = reference
        self.horizon = horizon
        self.conventions = conventions
        into_week = (reference.weekday() - conventions.week_start) % 7
        # On the last day of a week, "this week" is the one that starts tomorrow.
        start = reference + timedelta(days=1) if into_week == 6 else reference - timedelta(days=into_week)
        self.first_week = start
        self.at_boundary = into_week == 6
        self.last_week = start

    def week_start(self, day: date) -> date:
        return day - timedelta(days=(day.weekday() - self.conventions.week_start) % 7)

    def week(self, week: Week) -> date:
        """The first day of a week as said."""
        if week.of is not None:
            start = self.week_start(self.day(week.of))
            start += timedelta(days=7 if week.after else 0)
        elif week.after:
            start = self.last_week + timedelta(days=7)
        else:
            start = self.first_week + timedelta(days=7 * week.offset)
        self.last_week = start
        return start

    def weekday_in(self, start: date, day: int) -> date:
        return start + timedelta(days=(day - start.weekday()) % 7)

    def day(self, spec: DateSpec) -> date:
        """The date of a specification. Raises `DateError` when there is none on or after the reference date."""
        day = self._date(spec)
        if day < self.reference:
            raise DateError("before the reference date")
        return day

    def _date(self, spec: DateSpec) -> date:
        if spec.fixed is not None:
            return spec.fixed
        if spec.offset is not None:
            return self.reference + timedelta(days=spec.offset)
        if spec.holiday:
            return self._holiday(spec.holiday)
        if spec.month_end >= 0:
            month = spec.month_end or self.reference.month
            return self._month_end(month)
        if spec.month == 0:
            return self._day_of_month(spec.day)
        month, day = spec.month, spec.day
        swapped = spec.day_first or (spec.day_first is None and not self.conventions.month_first)
        if (swapped and day <= 12) or month > 12 >= day:
            month, day = day, month
        if spec.year:
            return self._made(spec.year, month, day)
        return self._nearest(month, day)

    def _made(self, year: int, month: int, day: int) -> date:
        try:
            return date(year, month, day)
        except ValueError:
            raise DateError("no such date") from None

    def _nearest(self, month: int, day: int) -> date:
        """The occurrence nearest to the reference date, in any of the years around it."""
        found = []
        for year in (self.reference.year - 1, self.reference.year, self.reference.year + 1):
            try:
                found.append(date(year, month, day))
            except ValueError:
                continue
        if not found:
            raise DateError("no such date")
        return min(found, key=lambda d: (abs((d - self.reference).days), d))

    def _day_of_month(self, day: int) -> date:
        year, month = self.reference.year, self.reference.month
        for _ in range(13):
            if 1 <= day <= monthrange(year, month)[1] and date(year, month, day) >= self.reference:
                return date(year, month, day)
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        raise DateError("no such date")

    def _month_end(self, month: int) -> date:
        first = self._nearest(month, 1)
        for year in (self.reference.year, self.reference.year + 1):
            last = date(year, month, monthrange(year, month)[1])
            if last >= self.reference:
                return last
        return first

    def month(self, month: int) -> tuple[date, date]:
        """The first and last date of the occurrence of a month that is under way or next."""
        last = self._month_end(month)
        return last.replace(day=1), last

    def month_offset(self, offset: int) -> tuple[date, date]:
        month = (self.reference.month - 1 + offset) % 12 + 1
        return self.month(month)

    def _holiday(self, name: str) -> date:
        rule = self.conventions.holidays.get(name)
        if rule is None:
            raise DateError("an unknown holiday")
        days = [self._holiday_in(rule, year) for year in (self.reference.year, self.reference.year + 1)]
        return next((day for day in days if day >= self.reference), days[0])

    def _holiday_in(self, rule: tuple[int, ...], year: int) -> date:
        if len(rule) == 2:
            return self._made(year, rule[0], rule[1])
        month, nth, weekday = rule
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))

    def nth(self, ordinals: tuple[int, ...], weekdays: tuple[int, ...], month: int) -> list[date]:
        """The n-th weekdays of each month (or of one month) inside the horizon."""
        found = []
        for day in self.horizon.dates():
            if day.weekday() not in weekdays or (month and day.month != month):
                continue
            last = day.day + 7 > monthrange(day.year, day.month)[1]
            if (day.day - 1) // 7 + 1 in ordinals or (last and -1 in ordinals):
                found.append(day)
        return found
