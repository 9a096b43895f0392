"""Items to statements: which times hold on which days, said to be free or not.

A hard separator ends a statement. Inside, days and times are grouped by the cheapest partition into
"days then times" or "times then days"; negations claim what follows or what stands before them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.availability.items import Days, Item, Time

DAY_KINDS = frozenset(("DAYS", "DATES", "BOTH", "SPAN"))
TIME_KINDS = frozenset(("TIME", "SAME"))
CORE = DAY_KINDS | TIME_KINDS | {"WEEK"}
NEGATIONS = frozenset(("NOT", "OFF", "ACT", "EXCEPT", "NONE"))
RESIDUE = frozenset(("UNKNOWN", "UNKNOWN_BOUND", "CONDITION", "REASON", "AMOUNT", "HALFBRIT"))
BREAKS = frozenset(("COMMA", "BAR", "BUT", "ELSE", "SO", "CLOSE"))
LONGEST_SEGMENT = 120
VAGUE = frozenset(("any", "open", "flex", "part"))


@dataclass(slots=True)
class Statement:
    """Days and times that belong together. Indexes are into the list of items."""

    free: bool
    days: list[int] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    maybe: bool = False
    preferred: bool = False
    lone: bool = False
    dead: bool = False
    said_none: bool = False
    base: bool = False
    after_busy: bool = False
    week: int = -1
    segment: int = 0

    @property
    def first(self) -> int:
        return min(self.days + self.times)

    @property
    def last(self) -> int:
        return max(self.days + self.times)


def segments(items: list[Item]) -> list[tuple[int, int]]:
    """[start, end) of the stretches between hard separators; an end points at the separator or past the list.

    A stretch nobody would write is cut, so that the work within one stays bounded.
    """
    out, start = [], 0
    for index, item in enumerate(items):
        if item.kind in ("HARD", "QUESTION") or (index - start >= LONGEST_SEGMENT and item.kind == "COMMA"):
            out.append((start, index))
            start = index + 1
        elif index - start >= 2 * LONGEST_SEGMENT:
            out.append((start, index))
            start = index
    out.append((start, len(items)))
    return out


def is_day(item: Item) -> bool:
    return item.kind in DAY_KINDS or item.kind == "WEEK"


class Signs:
    """Which core items of one segment are said to be free, taken, or without any availability."""

    def __init__(self, items: list[Item], start: int, end: int, inherited: str = "") -> None:
        self.items, self.start, self.end = items, start, end
        self.sign: dict[int, str] = {}
        self.bare_negation = False
        self.base = False
        self.idle: set[int] = set()  # activities with no day or time beside them
        self.cuts: set[int] = set()
        marks = [i for i in range(start, end) if items[i].kind in ("NONE", "YES") or items[i].kind in CORE]
        self.marks_first = bool(marks) and items[marks[0]].kind not in CORE
        for i in range(start, end):
            kind = items[i].kind
            if kind in NEGATIONS:
                self._negation(i, kind)
            elif kind == "ELSE":
                self._else(i)
            elif kind == "RESTALL":
                self._rest(i)
        if inherited:
            for i in range(start, end):
                if items[i].kind in CORE and i not in self.sign:
                    self.sign[i] = inherited

    def _rest(self, i: int) -> None:
        """ "The rest of the week": open, unless its clause says something else of it, or nothing anyone understood."""
        after = {self.items[j].kind for j in range(i, self._clause_end(i))}
        whole = {self.items[j].kind for j in range(self._clause_start(i), self._clause_end(i))}
        nearest = next((k for k in reversed(self.items[self._clause_start(i) : i]) if k.kind in CORE | NEGATIONS), None)
        denied = nearest is not None and nearest.kind in NEGATIONS - {"EXCEPT"}
        self.base |= not denied and not after & NEGATIONS and not whole & RESIDUE

    def _core(self, i: int) -> bool:
        return self.items[i].kind in CORE

    def _clause_end(self, i: int) -> int:
        while i < self.end and self.items[i].kind not in BREAKS:
            i += 1
        return i

    def _clause_start(self, i: int) -> int:
        while i > self.start and self.items[i - 1].kind not in (*BREAKS, "OPEN"):
            i -= 1
        return i

    def _near_right(self, i: int) -> int:
        for j in range(i + 1, self.end):
            kind = self.items[j].kind
            if self._core(j):
                return j
            if kind in BREAKS or kind in NEGATIONS or kind == "QUESTION":
                return -1
        return -1

    def _near_left(self, i: int) -> int:
        for j in range(i - 1, self.start - 1, -1):
            kind = self.items[j].kind
            if self._core(j):
                return j
            if kind in ("BUT", "ELSE", "SO", "COMMA", "BAR") or kind in NEGATIONS:
                return -1
        return -1

    def _row_day(self, i: int) -> int:
        """The day of a table row whose cells so far say nothing."""
        for j in range(i - 1, self.start - 1, -1):
            if self._core(j):
                return j if is_day(self.items[j]) else -1
            if self.items[j].kind not in ("BAR", "NONE", "FILL"):
                return -1
        return -1

    def _negation(self, i: int, kind: str) -> None:
        right, left = self._near_right(i), self._near_left(i)
        if left >= 0 and left in self.sign and kind != "EXCEPT":
            left = -1
        if kind == "NONE":
            self._nothing(i, left, right)
        elif kind in ("OFF", "ACT") and left >= 0 and right >= 0 and self._joins(i):
            self._mark_left(i, left, "taken")
            self._mark_right(i, right, "taken", kind)
            self.cuts.discard(i)
        elif right >= 0:
            self._mark_right(i, right, "taken", kind)
        elif left >= 0:
            self._mark_left(i, left, "taken")
        else:
            self.bare_negation |= kind in ("NOT", "OFF")
            self.idle.update([i] if kind == "ACT" else [])

    def _nothing(self, i: int, left: int, right: int) -> None:
        """ "n/a", a dash or a cross beside a day; ticks and crosses may stand before their days."""
        row = self._row_day(i) if left < 0 else -1
        if row >= 0:
            self.sign[row] = "none"
        elif left >= 0 and not (self.marks_first and right >= 0):
            self._mark_left(i, left, "none")
        elif right >= 0 and self.marks_first:
            self._mark_right(i, right, "none", "NOT")
        else:
            self.bare_negation = True

    def _joins(self, i: int) -> bool:
        """ "Mondays I have class 9-11": days before the negation, times after it."""
        low, high = self._clause_start(i), self._clause_end(i)
        before = [self.items[j] for j in range(low, i) if self._core(j)]
        after = [self.items[j] for j in range(i + 1, high) if self._core(j)]
        return all(is_day(x) for x in before) and not is_day(after[0]) and not any(is_day(x) for x in after)

    def _mark_right(self, i: int, right: int, sign: str, kind: str) -> None:
        self.cuts.add(i)
        shapes: list[str] = []
        low = i + 1
        while low < right and self.items[low].kind in ("POS", "FILL"):
            low += 1
        while low < self.end:
            high = self._clause_end(low)
            stop = self._positive_from(low, high)
            if kind == "EXCEPT" and not shapes and stop == low and self._core(low):
                stop = -1  # "anything but mornings works": what works is all the rest
            shape = self._shape(low, min(high, stop) if stop >= 0 else high)
            if stop < 0 and shapes and not self._continues(shapes, shape, kind, i):
                break
            limit = stop if stop >= 0 else high
            if shapes and stop >= 0 and stop == low:
                break
            for j in range(low, limit):
                if self.items[j].kind in NEGATIONS:
                    return
                if self._core(j):
                    self.sign[j] = sign
            if stop >= 0:
                self.cuts.add(stop)
                return
            if shape:
                shapes.append(shape)
            if high >= self.end or self.items[high].kind in ("BUT", "ELSE", "SO"):
                return
            low = high + 1
        if low < self.end:
            self.cuts.add(low - 1)

    def _positive_from(self, low: int, high: int) -> int:
        """Where "free", "works" or "open" turns a clause after a negation; -1 when nothing does."""
        for j in range(low, high):
            if self.items[j].kind not in ("POS", "YES", "PREF"):
                continue
            if self.items[j].kind == "PREF" and j == high:
                continue
            cores = [k for k in range(low, j) if self._core(k)]
            if not cores:
                return j if any(self._core(k) for k in range(j, high)) and j > low + 2 else low
            joins = [k for k in range(cores[0] + 1, j) if self.items[k].kind in ("AND", "OR")]
            if any(self._core(k) for k in range(j, high)):
                return joins[-1] if joins and joins[-1] > cores[-1] else j
            return joins[-1] if joins else low
        return -1

    def _shape(self, low: int, high: int) -> str:
        cores = [self.items[j] for j in range(low, high) if self._core(j)]
        has_day, has_time = any(is_day(x) for x in cores), any(not is_day(x) for x in cores)
        return "dt" if has_day and has_time else "d" if has_day else "t" if has_time else ""

    def _continues(self, shapes: list[str], shape: str, kind: str, i: int) -> bool:
        """Does a negation reach over the comma into a clause of this shape?"""
        if not shape or kind in ("OFF", "ACT"):
            return True
        if all(s == "d" for s in shapes):
            if shape == "d":
                return True
            earlier = [self.items[j] for j in range(self.start, i) if self._core(j)]
            if shape == "t":
                return not (earlier and all(is_day(x) for x in earlier))
            return kind == "EXCEPT" and not any(isinstance(x.value, Time) and x.value.kind != "any" for x in earlier)
        if all(s == "t" for s in shapes):
            return shape == "t"
        return True

    def _mark_left(self, i: int, left: int, sign: str) -> None:
        low = self._clause_start(i)
        low = max([low, *(j + 1 for j in range(low, left) if self.items[j].kind in ("YES", "NONE"))])
        while low - 1 > self.start and self.items[low - 1].kind == "COMMA":
            first = next((j for j in range(low, i) if self._core(j)), i)
            before = self._clause_start(low - 1)
            if first == i or not is_day(self.items[first]) or self._shape(before, low - 1) != "d":
                break
            if any(j in self.sign or self.items[j].kind in ("POS", "YES", *NEGATIONS) for j in range(before, low - 1)):
                break
            low = before
        for j in range(low, i):
            if self._core(j) and j not in self.sign:
                self.sign[j] = sign
        self.cuts.add(low - 1)
        self.cuts.add(i)

    def _else(self, i: int) -> None:
        self.cuts.add(i)
        rest = range(i + 1, self.end)
        kinds = {self.items[j].kind for j in rest}
        if not any(self._core(j) for j in rest) and kinds & {"POS", "YES"} and not kinds & NEGATIONS:
            self.base = True


# How far the partition has come -> its price and its groups.
States = dict[str, tuple[float, tuple[tuple[int, ...], ...]]]


def grouped(items: list[Item], cores: list[int], taken: bool = False) -> list[tuple[list[int], list[int]]]:
    """The cheapest partition of days and times into groups (days, times)."""
    states: States = {}
    for position, index in enumerate(cores):
        day = is_day(items[index])
        gap = joint(items, cores[position - 1], index) if position else ""
        options: States = {}

        def offer(state: str, cost: float, groups: tuple[tuple[int, ...], ...], into: States = options) -> None:
            if state not in into or cost < into[state][0] - 1e-9:
                into[state] = (cost, groups)

        fresh = "D" if day else "T"
        if not position:
            offer(fresh, 0.0, ((index,),))
        for state, (cost, groups) in states.items():
            offer(fresh, cost + _break_cost(gap) + _close_cost(state, len(groups)), (*groups, (index,)))
            follows = _FOLLOW.get((state, fresh))
            if follows is not None:
                price = cost + _join_cost(state, fresh, gap, items[index])
                if (
                    taken
                    and state == "D"
                    and fresh == "D"
                    and gap
                    and _complete(items[cores[position - 1]], items[index])
                ):
                    price += 4.0
                offer(follows, price, (*groups[:-1], (*groups[-1], index)))
        states = options
    if not states:
        return []
    _, best = min((cost + _close_cost(state, len(groups)), groups) for state, (cost, groups) in states.items())
    return [([i for i in g if is_day(items[i])], [i for i in g if not is_day(items[i])]) for g in best]


def _complete(left: Item, right: Item) -> bool:
    """Are days taken whole, whatever part of the next one is? In "not weekends or Monday mornings" they are.

    A plural is a noun of its own, a singular may only lead to the part: "not Monday or Tuesday mornings" is about
    two mornings. Among hours offered the part is shared all the same: that offers less.
    """
    return (
        isinstance(left.value, Days) and left.value.plural and isinstance(right.value, Days) and not right.value.plural
    )


_FOLLOW = {
    ("D", "D"): "D",
    ("D", "T"): "DT",
    ("DT", "T"): "DT",
    ("T", "T"): "T",
    ("T", "D"): "TD",
    ("TD", "D"): "TD",
    ("TD", "T"): "DT",
}


def joint(items: list[Item], left: int, right: int) -> str:
    """How two core items are joined: "" (nothing or "on"), "and", "or", "comma"."""
    strongest = ""
    for item in items[left + 1 : right]:
        if item.kind in ("COMMA", "BAR", "BUT", "SO", "ELSE", "BULLET"):
            return "comma"
        if item.kind in ("AND", "OR"):
            strongest = item.kind.lower()
    return strongest


def _break_cost(gap: str) -> float:
    return {"": 3.0, "and": 1.0, "or": 1.0, "comma": 0.0}[gap]


def _close_cost(state: str, groups: int) -> float:
    if state == "D":
        return 2.0
    if state == "T":
        return 2.5 if groups == 1 else 1.5
    return 0.3 if state == "TD" else 0.0


def _join_cost(state: str, fresh: str, gap: str, item: Item) -> float:
    if state in ("D", "TD") and fresh == "D":
        return {"": 0.5, "and": 0.0, "or": 0.0, "comma": 0.2}[gap]
    if fresh == "T" and state == "D":
        vague = isinstance(item.value, Time) and item.value.kind in ("part", "all", "any")
        return {"": 0.0, "and": 6.0 if vague else 1.5, "or": 6.0 if vague else 1.5, "comma": 0.6}[gap]
    if state == "TD" and fresh == "T":
        return {"": 2.0}.get(gap, 9.0)
    if fresh == "T":
        return {"": 0.3, "and": 0.3, "or": 0.3, "comma": 0.6}[gap]
    return {"": 0.2, "and": 8.0, "or": 8.0, "comma": 0.8}[gap]
