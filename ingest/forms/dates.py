"""Dates and time stamps of cells. A date that cannot be read or does not exist is refused, never replaced."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

from ingest.columns import ColumnMap
from ingest.sheet import Cell, DateOrder, SourceError

_SERIAL_DAY_0 = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's wall clock has no zone
_SERIAL_RANGE = (20_000, 80_000)  # 1954 to 2119: other numbers in a date column are not dates
_YEARS = (1950, 2120)
_CLOCK = re.compile(
    r"(?:,?\s+|T)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([ap])?\.?(?:m\.?)?\s*"
    r"(Z|(?:GMT|UTC)?\s*([+\u2212-])(\d{1,2}):?(\d{2})?|GMT|UTC)?$",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})$")
_YEAR_FIRST = re.compile(r"(\d{4})([/.\-])(\d{1,2})\2(\d{1,2})$")
_NAMED = re.compile(r"(?:[a-z]{3,9},?\s+)?(?:([a-z]{3,9})\.?\s+(\d{1,2})|(\d{1,2})\.?\s+([a-z]{3,9})\.?),?\s+(\d{4})$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class DateError(ValueError):
    """The text is not a date that exists, or could be two different ones. The message is a reason for an issue."""


def moment_of(cell: Cell, order: DateOrder | None) -> datetime:
    """The date or time a cell holds: naive wall clock, or aware when the text names its offset.

    A date without a time is midnight. Raises `DateError`.
    """
    if cell.moment is not None:
        return _sane(cell.moment)
    if cell.number is not None:
        if not _SERIAL_RANGE[0] <= cell.number <= _SERIAL_RANGE[1]:
            raise DateError("is a number, not a date")
        return _SERIAL_DAY_0 + timedelta(seconds=round(cell.number * 86400))
    return _parsed(cell.text.strip(), order)


def _parsed(text: str, order: DateOrder | None) -> datetime:
    clock = _CLOCK.search(text)
    day_text = text[: clock.start()] if clock else text
    year, month, day = _calendar(day_text.strip(), order)
    try:
        moment = datetime(year, month, day)  # noqa: DTZ001 - the zone is the sheet's, known to the caller
        return _sane(_at(moment, clock) if clock else moment)
    except (ValueError, OverflowError):
        raise DateError("is a date or time that does not exist") from None


def _calendar(text: str, order: DateOrder | None) -> tuple[int, int, int]:
    if found := _YEAR_FIRST.match(text):
        return int(found[1]), int(found[3]), int(found[4])
    if found := _NUMERIC.match(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        year += 2000 if year < 100 else 0
        if order is None and first != second:
            raise DateError("could be two different dates: nothing says whether the month or the day comes first")
        return (year, second, first) if order is DateOrder.DAY_FIRST else (year, first, second)
    if found := _NAMED.match(text.casefold()):
        month = (found[1] or found[4])[:3]
        if month in _MONTHS:
            return int(found[5]), _MONTHS.index(month) + 1, int(found[2] or found[3])
    raise DateError("is not a date")


def _at(moment: datetime, clock: re.Match[str]) -> datetime:
    hour, half = int(clock[1]), (clock[4] or "").lower()
    if half and not 1 <= hour <= 12:
        raise ValueError("an hour of the 12-hour clock")
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    moment = moment.replace(hour=hour, minute=int(clock[2]), second=int(clock[3] or 0))
    if not clock[5]:
        return moment
    minutes = int(clock[7] or 0) * 60 + int(clock[8] or 0)
    return moment.replace(tzinfo=timezone(timedelta(minutes=minutes if clock[6] == "+" else -minutes)))


def _sane(moment: datetime) -> datetime:
    if not _YEARS[0] <= moment.year <= _YEARS[1]:
        raise DateError(f"is in the year {moment.year}, which cannot be meant")
    return moment


def sheet_date_order(columns: ColumnMap, setting: DateOrder | None) -> DateOrder | None:
    """How the sheet writes its dates: by the setting, else by the source, else by what all its dates allow.

    The time stamps are asked first, since a machine wrote them; the other date columns only when those leave it
    open. None when no date depends on it. Raises `SourceError` when the dates contradict each other or leave the
    question open: guessing would move every appointment.
    """
    if setting or columns.sheet.date_order:
        return setting or columns.sheet.date_order
    ambiguous = False
    for fields in (("timestamp",), ("start", "end", "again_from")):
        evidence, open_dates = _evidence(columns, fields)
        ambiguous |= open_dates
        if len(evidence) == 1:
            return next(iter(evidence))
        if evidence:
            rows = " and ".join(f"row {evidence[order]} is {order.value}" for order in sorted(evidence))
            raise SourceError(
                f"sheet {columns.sheet.name!r}, column {columns.title(fields[0])!r}: {rows}. "
                'Set sources.date_order to "month-first" or "day-first" in matching.toml.'
            )
    if ambiguous:
        raise SourceError(
            f"sheet {columns.sheet.name!r}: its dates could be month-first or day-first and nothing decides it. "
            'Set sources.date_order to "month-first" or "day-first" in matching.toml.'
        )
    return None


def _evidence(columns: ColumnMap, fields: Iterable[str]) -> tuple[dict[DateOrder, int], bool]:
    """Per order the first row that allows no other; and whether some date could be read both ways."""
    found: dict[DateOrder, int] = {}
    ambiguous = False
    for field in fields:
        for row in columns.sheet.rows:
            cell = columns.cell(row, field)
            numeric = _NUMERIC.match(_CLOCK.sub("", cell.text.strip()))
            if cell.moment is not None or cell.number is not None or not numeric:
                continue
            first, second = int(numeric[1]), int(numeric[3])
            if first > 12 >= second:
                found.setdefault(DateOrder.DAY_FIRST, row.number)
            elif second > 12 >= first:
                found.setdefault(DateOrder.MONTH_FIRST, row.number)
            else:
                ambiguous |= first != second
    return found, ambiguous
