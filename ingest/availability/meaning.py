"""Statements to rows of minutes, with every assumption and every failure noted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from ingest.availability.calendar import Calendar, DateError
from ingest.availability.clauses import NEGATIONS, Statement, joint
from ingest.availability.conventions import Conventions
from ingest.availability.daykeys import Key, Keys, read_days
from ingest.availability.hours import HourReader, Span
from ingest.availability.items import Dates, Days, DaySpan, Item, Time, Validity
from ingest.availability.model import Horizon
from ingest.availability.statements import Said
from ingest.availability.vocabulary import EVERY_DAY, WEEKDAYS
from ingest.availability.windows import ALWAYS, Limits, Row, next_key, shifted, split_overnight
from ingest.availability.zones import AMBIGUOUS, SEASONAL

LONGEST_SPAN = 31


class Meaning:
    """The rows an answer offers and takes away. Token ranges in `wrong` could not be understood."""

    def __init__(self, said: Said, calendar: Calendar, horizon: Horizon, conventions: Conventions, zone: str) -> None:
        self.said, self.items = said, said.items
        self.calendar, self.horizon, self.conventions = calendar, horizon, conventions
        self.flags: list[tuple[str, int]] = []
        self.wrong: list[tuple[int, int]] = []
        self.free: list[Row] = []
        self.taken: list[Row] = []
        self.none_days = False
        self.named_taken: set[Key] = set()
        self.zones = [i for i, item in enumerate(self.items) if item.kind == "ZONE"]
        names = list(dict.fromkeys(str(self.items[i].value[0]) for i in self.zones))  # type: ignore[index]
        self.zone = names[0] if names else zone
        self.several_zones = len(names) > 1
        self._zone_flags()
        self.limits: list[tuple[int, Limits]] = []
        self._read_limits()
        self.every = 0
        self._read_cadence()
        for statement in said.statements:
            self._statement(statement)

    def _zone_flags(self) -> None:
        for i in self.zones:
            word = str(self.items[i].value[1])  # type: ignore[index]
            if word in AMBIGUOUS or word in SEASONAL:
                self.flags.append(("zone", i))

    # limits

    def _read_limits(self) -> None:
        found: list[tuple[int, Limits]] = []
        for index in self.said.validity:
            value = self.items[index].value
            try:
                limits = self._limits(value) if isinstance(value, Validity) else self._range_limits(value)
            except DateError:
                self.wrong.append((self.items[index].start, self.items[index].end))
                continue
            if any(self.items[j].kind in NEGATIONS for j in range(max(0, index - 2), index)) and isinstance(
                value, Validity
            ):
                limits = self._flipped(limits)
            found.append((index, limits))
            if isinstance(value, Validity) and self.calendar.at_boundary and _by_week(value):
                self.flags.append(("week-boundary", index))
        found.sort(key=lambda pair: pair[0])
        starts = [x.start for _, x in found if x.start is not None]
        ends = [x.end for _, x in found if x.end is not None]
        if len(set(starts)) <= 1 and len(set(ends)) <= 1 and found and not self._tied(found):
            both = Limits(starts[0] if starts else None, ends[0] if ends else None)
            self.limits = [(-1, both)]
        else:
            self.limits = found

    def _tied(self, found: list[tuple[int, Limits]]) -> bool:
        """Does each of several sentences with days carry a validity of its own?"""
        edges = [i for i, item in enumerate(self.items) if item.kind in ("HARD", "QUESTION")]
        spoken = {sum(e < s.first for e in edges) for s in self.said.statements if s.days or s.times}
        return len({sum(e < i for e in edges) for i, _ in found} & spoken) > 1

    def _range_limits(self, value: object) -> Limits:
        assert isinstance(value, tuple)
        one = value[0]
        assert isinstance(one, Dates)
        assert one.last is not None
        return Limits(self.calendar.day(one.first), self.calendar.day(one.last))

    def _limits(self, value: Validity) -> Limits:
        start: date | None = None
        end: date | None = None
        day = timedelta(days=1)
        if value.month >= 0 or value.month_offset >= 0:
            start, end = (
                self.calendar.month(value.month) if value.month >= 0 else self.calendar.month_offset(value.month_offset)
            )
        if value.start is not None:
            start = self.calendar.day(value.start) + (day if value.from_next else timedelta())
        if value.end is not None:
            end = self.calendar.day(value.end) - (day if value.until_before else timedelta())
        if value.weeks:
            end = self.calendar.first_week + timedelta(days=7 * value.weeks - 1)
        if value.start_week is not None:
            start = self.calendar.week(value.start_week) + timedelta(days=7 if value.from_next else 0)
        if value.end_week is not None:
            end = self.calendar.week(value.end_week) + timedelta(days=-1 if value.until_before else 6)
        if value.until_weekday >= 0:
            end = self.calendar.weekday_in(self.calendar.first_week, value.until_weekday)
        return Limits(start, end)

    def _flipped(self, limits: Limits) -> Limits:
        """ "Not available until Dec 7" says from when the person is available."""
        if limits.end is not None and limits.start is None:
            return Limits(start=limits.end + timedelta(days=1))
        if limits.start is not None and limits.end is None:
            return Limits(end=limits.start - timedelta(days=1))
        return limits

    def _limits_of(self, statement: Statement, every: int) -> Limits:
        chosen = ALWAYS
        if self.limits and self.limits[0][0] == -1:
            chosen = self.limits[0][1]
        elif self.limits:
            chosen = self._nearest_limits(statement)
        return replace(chosen, every=every or self.every or 1)

    def _nearest_limits(self, statement: Statement) -> Limits:
        """With several validities each belongs to the statement it stands beside."""
        others = [s.first for s in self.said.statements if s.days or s.times]
        after = [(i, x) for i, x in self.limits if i > statement.last]
        until = min((f for f in others if f > statement.last), default=len(self.items))
        mine = [x for i, x in after if i < until]
        before = [(i, x) for i, x in self.limits if i < statement.first]
        since = max(
            (s.last for s in self.said.statements if (s.days or s.times) and s.last < statement.first), default=-1
        )
        if not mine or any(self.items[j].kind in ("HARD", "COMMA") for j in range(statement.last, after[0][0])):
            mine = [x for i, x in before if i > since] or mine
        out = ALWAYS
        for limits in mine:
            out = Limits(limits.start or out.start, limits.end or out.end)
        return out

    def _read_cadence(self) -> None:
        for index, item in enumerate(self.items):
            if item.kind == "EVERY" and isinstance(item.value, int) and item.value > 1:
                self.every = item.value
                if not any(x.start for _, x in self.limits):
                    self.flags.append(("alternate-phase", index))

    # statements

    def _statement(self, statement: Statement) -> None:
        if statement.said_none:
            self.none_days = True
            return
        if statement.dead:
            return
        spans = [self.items[i] for i in statement.days if self.items[i].kind == "SPAN"]
        if spans:
            for item in spans:
                self._day_span(statement, item)
            if len(spans) == len(statement.days):
                return
        keys = self._keys(statement)
        self.wrong += keys.wrong
        if not keys.found:
            if keys.failed:
                self.wrong += [(self.items[i].start, self.items[i].end) for i in statement.times]
            return
        zones: dict[str, list[int]] = {}
        for index in statement.times:
            zones.setdefault(self._zone_of(index), []).append(index)
        rows: list[Row] = []
        for zone, times in (zones or {self.zone: []}).items():
            for start, end in self._spans(statement, times):
                rows += [self._row(statement, keys, key, start, end, zone) for key in keys.found]
        if rows:
            self._note(statement, keys)
        if not statement.free and statement.days:
            self.named_taken.update(keys.found)
        (self.free if statement.free else self.taken).extend(split_overnight(rows))

    def _row(self, statement: Statement, keys: Keys, key: Key, start: int, end: int, zone: str) -> Row:
        limits = ALWAYS
        if isinstance(key, int) and statement.free:
            limits = self._limits_of(statement, keys.every)
        elif isinstance(key, int) and keys.every:
            limits = Limits(every=keys.every)
        return shifted(Row(key, start, end, statement.maybe, limits), zone, self.zone, self.horizon.first)

    def _zone_of(self, index: int) -> str:
        if not self.several_zones:
            return self.zone
        first_time = min((i for i, item in enumerate(self.items) if item.kind == "TIME"), default=0)
        names = [(i, str(self.items[i].value[0])) for i in self.zones]  # type: ignore[index]
        if self.zones[0] < first_time:
            return next((name for i, name in reversed(names) if i < index), self.zone)
        return next((name for i, name in names if i > index), names[-1][1])

    def _keys(self, statement: Statement) -> Keys:
        days = list(statement.days)
        if any(self.items[i].kind == "BOTH" for i in days):
            named = [i for i in days if self.items[i].kind != "BOTH"]
            if not named:
                named = [
                    i for s in self.said.statements if s is not statement for i in s.days
                    if self.items[i].kind != "BOTH" and i < statement.first
                ]  # fmt: skip
            days = named
        keys = read_days(days, self.items, self.said.governed, self.calendar, statement.free)
        if not days and not statement.days:
            keys.found = list(self._no_days(statement, keys))
        return keys

    def _no_days(self, statement: Statement, keys: Keys) -> tuple[int, ...]:
        if not statement.free:
            return EVERY_DAY
        first = statement.times[0]
        kinds = {self._time(i).kind for i in statement.times}
        if kinds <= {"any", "open", "flex"}:
            return EVERY_DAY
        before = self.items[first - 1].kind if first else ""
        keys.flags.append(("no-day", first))
        quantified = before in ("ANY", "EVERY") or (before == "MAYBE" and "part" in kinds)
        return EVERY_DAY if quantified and kinds == {"part"} else WEEKDAYS

    def _time(self, index: int) -> Time:
        value = self.items[index].value
        return value if isinstance(value, Time) else Time("same")

    def _note(self, statement: Statement, keys: Keys) -> None:
        self.flags += keys.flags
        if not statement.free:
            return
        if keys.every and not self._limits_of(statement, 0).start:
            self.flags.append(("alternate-phase", statement.days[0]))
        if statement.lone:
            self.flags.append(("lone-day", statement.days[0]))
        if statement.maybe:
            self.flags.append(("tentative", statement.first))

    def _spans(self, statement: Statement, indexes: list[int]) -> list[Span]:
        if statement.after_busy:
            hours = HourReader(self.conventions, True).read(self._timed(indexes))
            return [(max(end for _, end in hours.spans), self.conventions.day[1])] if hours.spans else []
        times = self._with_same(statement, indexes)
        if not times:
            return [self.conventions.day] if statement.free else [(0, 1440)]
        hours = HourReader(self.conventions, not statement.free).read(self._timed(times))
        self.flags += hours.flags
        for index in times:
            self.flags += [(flag, index) for flag in self.items[index].flags if flag != "bare"]
        self.wrong += [(self.items[i].start, self.items[i].end) for i in hours.errors]
        return hours.spans

    def _with_same(self, statement: Statement, indexes: list[int]) -> list[int]:
        out = [i for i in indexes if self.items[i].kind != "SAME"]
        if len(out) != len(indexes) and not out:
            earlier = [s for s in self.said.statements if s.times and s.last < statement.first and s.free]
            return [i for i in earlier[-1].times if self.items[i].kind == "TIME"] if earlier else []
        return out

    def _timed(self, indexes: list[int]) -> list[tuple[int, Item, str, int]]:
        out = []
        for position, index in enumerate(indexes):
            gap = joint(self.items, indexes[position - 1], index) if position else ""
            if position and any(self.items[j].kind in NEGATIONS for j in range(indexes[position - 1], index)):
                gap = "comma"
            out.append((index, self.items[index], gap, self._duration(index)))
        return out

    def _duration(self, index: int) -> int:
        """The length said beside a time ("2pm for 30 minutes", "30 minutes at 3pm"), or 0."""
        small = ("FILL", "OPEN", "COMMA", "ZONE", "DAYS", "DATES")
        for steps in (range(index + 1, len(self.items)), range(index - 1, -1, -1)):
            for j in steps:
                value = self.items[j].value
                if self.items[j].kind == "DURATION" and isinstance(value, int):
                    return value
                if self.items[j].kind not in small:
                    break
        return 0

    def _day_span(self, statement: Statement, item: Item) -> None:
        """First day from its time, whole days between, last day until its time."""
        value = item.value
        assert isinstance(value, DaySpan)
        first, last = (self._one_day(side) for side in (value.first, value.last))
        reader = HourReader(self.conventions, not statement.free)
        begin = reader.read([(0, Item("TIME", Time("from", value.start), 0, 0), "", 0)]).spans
        finish = reader.read([(0, Item("TIME", Time("until", value.end), 0, 0), "", 0)]).spans
        length = _days_between(first, last)
        whole = self.conventions.day if statement.free else (0, 1440)
        if not begin or not finish or first is None or not 0 < length <= LONGEST_SPAN:
            self.wrong.append((item.start, item.end))
            return
        rows = []
        for n in range(length + 1):
            key = next_key(first, n)
            start, end = begin[0] if n == 0 else finish[0] if n == length else whole
            limits = self._limits_of(statement, 0) if isinstance(key, int) else ALWAYS
            rows.append(Row(key, start, end, statement.maybe, limits))
        (self.free if statement.free else self.taken).extend(split_overnight(rows))

    def _one_day(self, side: Days | Dates) -> Key | None:
        kind = "DAYS" if isinstance(side, Days) else "DATES"
        value: object = side if isinstance(side, Days) else (side,)
        keys = read_days([0], [Item(kind, value, 0, 0)], {}, self.calendar)
        return keys.found[0] if len(keys.found) == 1 else None


def _by_week(value: Validity) -> bool:
    """Does a limit count weeks from the answer ("starting next week")?"""
    return any(week is not None and week.of is None for week in (value.start_week, value.end_week))


def _days_between(first: Key | None, last: Key | None) -> int:
    """From one weekday to the next such other one, or from date to date; 0 when they do not go together."""
    if isinstance(first, int) and isinstance(last, int):
        return (last - first) % 7
    if isinstance(first, date) and isinstance(last, date):
        return (last - first).days
    return 0
