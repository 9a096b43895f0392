"""The times of one statement to intervals of minutes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ingest.availability.clock import Clock, TimeError, settle_bound, settle_point, settle_range
from ingest.availability.conventions import DAY_END, Conventions
from ingest.availability.items import Item, Time

Span = tuple[int, int]


@dataclass(slots=True)
class Hours:
    """Intervals in minutes (an end may pass midnight), what was assumed (code, item), and items that failed."""

    spans: list[Span] = field(default_factory=list)
    flags: list[tuple[str, int]] = field(default_factory=list)
    errors: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Piece:
    kind: str  # span, after, before, part, all
    index: int
    gap: str
    span: Span
    negated: bool = False
    used: bool = False


class HourReader:
    """Turns times as said into minutes, by the conventions; `taken` widens open ends to the whole day."""

    def __init__(self, conventions: Conventions, taken: bool) -> None:
        self.conventions = conventions
        self.taken = taken

    def read(self, times: list[tuple[int, Item, str, int]]) -> Hours:
        """Each time is (item index, item, joint to the one before, minutes of a stated duration or 0)."""
        hours = Hours()
        values = _shared_mark([v for t in times if isinstance(v := t[1].value, Time)])
        hints = [self._part_span(v) for v in values]
        pieces: list[_Piece] = []
        for position, (index, _, gap, minutes) in enumerate(times):
            value = values[position]
            hint, strict = _hint(values, hints, [t[2] for t in times], position)
            try:
                piece = self._piece(value, hint, strict, minutes, hours, index)
            except TimeError:
                hours.errors.append(index)
                continue
            piece.index, piece.gap = index, gap
            pieces.append(piece)
            self._soft_flags(value, hours, index)
        hours.spans = self._combine(pieces)
        return hours

    def _soft_flags(self, value: Time, hours: Hours, index: int) -> None:
        for clock in (value.first, value.last):
            if clock is None:
                continue
            if clock.approximate:
                hours.flags.append(("approximate", index))
            if clock.doubtful:
                hours.flags.append(("ampm", index))
            if clock.name == "dinner":
                hours.flags.append(("dinner", index))
        if value.kind == "flex":
            hours.flags.append(("flexible", index))

    def _part_span(self, value: Time) -> Span | None:
        if value.kind == "part":
            return self.conventions.parts[value.part]
        if value.kind == "half":
            return self._half(value)
        if value.kind in ("after", "from") and value.first is not None and value.first.name == "work":
            return (self.conventions.after_work, DAY_END)
        if value.kind == "before" and value.first is not None and value.first.name == "work":
            return (self.conventions.earliest, self.conventions.before_work)
        return None

    def _half(self, value: Time) -> Span:
        start, end = self.conventions.parts[value.part]
        middle = (start + end) // 2
        return (start, middle) if value.minutes == 1 else (middle, end)

    def _piece(self, value: Time, hint: Span | None, strict: bool, minutes: int, hours: Hours, index: int) -> _Piece:
        conventions = self.conventions
        whole = (0, DAY_END) if self.taken else conventions.day
        if value.kind in ("part", "half"):
            span = self._part_span(value) or conventions.day
            if self.taken and value.part == "morning":
                span = (0, span[1])
            if self.taken and value.part == "night":
                span = (span[0], DAY_END)
            return _Piece("part", index, "", span)
        if value.kind in ("all", "any", "open", "flex"):
            return _Piece("all", index, "", whole)
        if value.first is None:
            raise TimeError("a time without a clock reading")
        if value.kind == "range" and value.last is not None:
            span, doubtful = self._range(value, hint, strict)
            if doubtful:
                hours.flags.append(("ampm", index))
            return _Piece("span", index, "", span)
        if value.kind == "point":
            settled = self._point(value.first, hint, strict, minutes or conventions.point_minutes)
            if settled[2]:
                hours.flags.append(("ampm", index))
            return _Piece("span", index, "", (settled[0], settled[1]))
        return self._bound(value, hint, hours, index)

    def _range(self, value: Time, hint: Span | None, strict: bool) -> tuple[Span, bool]:
        first, last = value.first, value.last
        assert first is not None
        assert last is not None
        if not first.name and not last.name:
            settled = settle_range(first, last, hint, self.conventions)
            if hint is not None and not strict and not (settled.start < hint[1] and hint[0] < settled.end):
                settled = settle_range(first, last, None, self.conventions)
            return (settled.start, settled.end), settled.doubtful
        if first.name and last.name:
            start, end = self._named_start(first.name), self._named_end(last.name, value.part == "t", True)
            if end <= start:
                raise TimeError("the range is empty")
            return (start, end), False
        if first.name:
            start = self._named_start(first.name)
            ends = [e + s for e in last.options() for s in (0, DAY_END) if e + s > start]
            if not ends or (last.mark and min(ends) - start > 720):
                raise TimeError("the range is empty")
            return (start, min(ends)), False
        end = self._named_end(last.name, value.part == "t", False)
        starts = [s for s in first.options() if s < end]
        if not starts:
            raise TimeError("the range is empty")
        start = max(starts)
        if last.name not in ("noon", "midnight") and start < self.conventions.day[0] <= min(starts):
            start = min(starts)
        return (start, end), False

    def _named_start(self, name: str) -> int:
        if name == "midnight":
            return 0
        if name == "eod":
            return self.conventions.end_of_day
        return self.conventions.parts[name][0]

    def _named_end(self, name: str, through: bool, from_part: bool) -> int:
        if name == "midnight":
            return DAY_END
        if name == "eod":
            return self.conventions.end_of_day
        start, end = self.conventions.parts[name]
        if name == "noon" or (name == "lunch" and not through):
            return start
        return end if through or from_part else start

    def _point(self, clock: Clock, hint: Span | None, strict: bool, minutes: int) -> tuple[int, int, bool]:
        if clock.name == "noon":
            start, end = self.conventions.parts["noon"]
            return start, end if minutes == self.conventions.point_minutes else start + minutes, False
        if clock.name == "midnight":
            return 0, minutes, False
        settled = settle_point(clock, hint, minutes, self.conventions)
        if hint is not None and not strict and not hint[0] <= settled.start < hint[1]:
            settled = settle_point(clock, None, minutes, self.conventions)
        return settled.start, settled.end, settled.doubtful

    def _bound(self, value: Time, hint: Span | None, hours: Hours, index: int) -> _Piece:
        assert value.first is not None
        after = value.kind in ("after", "from")
        if value.first.name:
            minute = self._named_bound(value.first.name, value.kind)
        else:
            minute, doubtful = settle_bound(value.first, after, hint, self.conventions)
            if doubtful:
                hours.flags.append(("ampm", index))
        low, high = self.conventions.day
        if self.taken:
            span = (minute, DAY_END) if after else (0, minute)
        elif after:
            span = (minute, high if minute < high else DAY_END)
        else:
            span = (low if minute > low else self.conventions.earliest, minute)
        if span[0] >= span[1]:
            raise TimeError("nothing is left of the day")
        return _Piece("after" if after else "before", index, "", span, value.negated)

    def _named_bound(self, name: str, kind: str) -> int:
        c = self.conventions
        after = kind == "after"
        if name in ("work", "school", "dinner"):
            table = {
                "work": (c.after_work, c.before_work),
                "school": (c.after_school, c.day[0]),
                "dinner": (c.after_dinner, c.before_dinner),
            }
            return table[name][0 if kind in ("after", "from") else 1]
        if name == "eod":
            return c.end_of_day
        if name == "midnight":
            return 0 if kind in ("after", "from") else DAY_END
        start, end = c.parts[name]
        if name == "noon":
            return start
        return end if after else start

    def _combine(self, pieces: list[_Piece]) -> list[Span]:
        if any(p.kind != "all" for p in pieces):
            pieces = [p for p in pieces if p.kind != "all"]
        out: list[_Piece] = []
        for piece in pieces:
            previous = out[-1] if out else None
            merged = self._merge(previous, piece) if previous is not None else None
            if merged is not None:
                out[-1] = merged
            else:
                out.append(piece)
        return [p.span for p in out]

    def _merge(self, left: _Piece, right: _Piece) -> _Piece | None:
        """One piece for two that qualify each other ("Friday afternoon from 1"); None when they stand apart."""
        gap = right.gap
        bounds = ("after", "before")
        if left.kind in bounds and right.kind in bounds and left.kind != right.kind and gap != "or":
            after = left if left.kind == "after" else right
            before = right if left.kind == "after" else left
            if after.span[0] < before.span[1] and not self.taken:
                return replace(left, kind="span", span=(after.span[0], before.span[1]))
            return None
        if left.negated and right.negated and gap == "or" and left.kind != right.kind:
            return replace(left, kind="span", span=(max(left.span[0], right.span[0]), min(left.span[1], right.span[1])))
        part, other = (left, right) if left.kind == "part" else (right, left)
        if part.kind == "part" and other.kind in bounds:
            return self._part_and_bound(part, other, gap)
        if part.kind == "part" and other.kind == "span":
            touches = other.span[0] < part.span[1] and part.span[0] < other.span[1]
            if gap == "" or (gap == "comma" and touches):
                return replace(other, kind="span", gap=left.gap)
            return None
        if left.kind == "span" and right.kind in bounds and (gap == "" or right.negated):
            low, high = max(left.span[0], right.span[0]), min(left.span[1], right.span[1])
            return replace(left, span=(low, high)) if low < high else None
        return None

    def _part_and_bound(self, part: _Piece, bound: _Piece, gap: str) -> _Piece | None:
        edge = bound.span[0] if bound.kind == "after" else bound.span[1]
        inside = part.span[0] < edge < part.span[1]
        if inside and gap != "or":
            span = (edge, part.span[1]) if bound.kind == "after" else (part.span[0], edge)
            return replace(bound, kind="span", span=span)
        if edge == (part.span[0] if bound.kind == "after" else part.span[1]) and gap != "or":
            return replace(part, kind="span")
        return bound if gap == "" else None


def _hint(values: list[Time], hints: list[Span | None], gaps: list[str], position: int) -> tuple[Span | None, bool]:
    """The part of the day beside a time, and whether it must be obeyed (nothing stands between them)."""
    if hints[position] is not None:
        return None, False
    if position + 1 < len(values) and hints[position + 1] is not None and gaps[position + 1] == "":
        return hints[position + 1], True
    for step in range(position - 1, -1, -1):
        if hints[step] is not None:
            return hints[step], all(g == "" for g in gaps[step + 1 : position + 1])
    if position + 1 < len(values) and hints[position + 1] is not None:
        return hints[position + 1], False
    return None, False


def _shared_mark(values: list[Time]) -> list[Time]:
    """In a list of points a trailing am/pm covers the bare ones before it, while they ascend ("2 or 3pm")."""
    out = list(values)
    for position in range(len(out) - 2, -1, -1):
        here, after = out[position], out[position + 1]
        if here.kind != "point" or after.kind != "point" or here.first is None or after.first is None:
            continue
        if here.first.mark or here.first.name or after.first.mark not in ("a", "p") or here.first.literal:
            continue
        marked = replace(here.first, mark=after.first.mark)
        try:
            if marked.options()[0] < after.first.options()[0]:
                out[position] = replace(here, first=marked)
        except TimeError:
            continue
    return out
