"""Segments to statements: signs, weeks that govern days, times that inherit days, and what nobody understood."""

from __future__ import annotations

from ingest.availability.clauses import (
    CORE,
    DAY_KINDS,
    NEGATIONS,
    RESIDUE,
    TIME_KINDS,
    VAGUE,
    Signs,
    Statement,
    grouped,
    is_day,
    joint,
    segments,
)
from ingest.availability.items import Dates, Days, Item, Time
from ingest.availability.unnamed import expanded, unplaced, with_others


class Said:
    """Everything an answer says, item by item, in statements."""

    def __init__(self, items: list[Item]) -> None:
        self.items = with_others(expanded(items))
        self.statements: list[Statement] = []
        self.residue: set[int] = set()
        self.bare_negation = False
        self.base = False
        self.validity: list[int] = []
        self.governed: dict[int, int] = {}  # day item -> the week item that governs it
        self.notes: list[str] = []
        self._header_week = -1
        self._header_sign = ""
        for number, (start, end) in enumerate(segments(self.items)):
            self._segment(number, start, end)
        self._vague()
        self._ranked()
        self._leftovers()

    def _segment(self, number: int, start: int, end: int) -> None:
        items = self.items
        kinds = {items[i].kind for i in range(start, end)}
        if not kinds - {"FILL", "BULLET"}:
            return
        if self._header(kinds):
            return
        if kinds & (NEGATIONS | {"POS", "YES"}):
            self._header_sign = ""
        if self._empty_row(start, end):
            return
        signs = Signs(items, start, end, self._header_sign)
        self.bare_negation |= signs.bare_negation
        self.residue |= signs.idle
        self.base |= signs.base
        cores = [i for i in range(start, end) if items[i].kind in CORE]
        lost = unplaced(items, start, end, cores)
        self.residue |= lost
        cores = [i for i in cores if i not in lost]
        cores = self._ranges_as_validity(cores, signs)
        cores = self._weeks(start, end, cores, signs)
        cores = self._riddles(cores, start, end, signs)
        self._runs(number, cores, signs)
        self._free_after(number, start, end)
        asked = end < len(items) and items[end].kind == "QUESTION"
        self._soft(number, start, end, asked)

    def _empty_row(self, start: int, end: int) -> bool:
        """A day whose table cells are all empty ("Tue | |", or "Tue:" with another day on the next line)."""
        kinds = [self.items[i].kind for i in range(start, end) if self.items[i].kind != "FILL"]
        days = [k for k in kinds if k in DAY_KINDS]
        marks = [k for k in kinds if k in ("BAR", "COLON")]
        if len(days) != 1 or not marks or len(kinds) != 1 + len(marks):
            return False
        following = next((x for x in self.items[end + 1 :] if x.kind not in ("FILL", "HARD", "BULLET", "BAR")), None)
        if kinds[-1] == "BAR" or (following is not None and is_day(following)):
            day = next(i for i in range(start, end) if self.items[i].kind in DAY_KINDS)
            self.statements.append(Statement(False, [day], said_none=True))
            return True
        return False

    def _header(self, kinds: set[str]) -> bool:
        """ "Not available:" alone on its line says it of the lines that follow."""
        if kinds & CORE or "COLON" not in kinds or kinds & RESIDUE:
            return False
        if kinds & NEGATIONS:
            self._header_sign = "taken"
        elif kinds & {"POS", "YES"}:
            self._header_sign = ""
        return True

    def _ranges_as_validity(self, cores: list[int], signs: Signs) -> list[int]:
        items = self.items
        weekly = [i for i in cores if _is_weekly(items[i])]
        kept = []
        for position, i in enumerate(cores):
            said = dates_of(items[i])
            ranged = len(said) == 1 and said[0].last is not None
            same = [d for d in weekly if signs.sign.get(d) == signs.sign.get(i)]
            beside = (
                joint(items, cores[position - 1], i) if position else "",
                joint(items, i, cores[position + 1]) if position + 1 < len(cores) else "",
            )
            if ranged and same and "and" not in beside:
                first_then_day = position == 0 and cores[1] in same
                if first_then_day or (position == len(cores) - 1 and cores[0] in same):
                    self.validity.append(i)
                    continue
            kept.append(i)
        return kept

    def _weeks(self, start: int, end: int, cores: list[int], signs: Signs) -> list[int]:
        items = self.items
        weeks = [i for i in cores if items[i].kind == "WEEK"]
        days = [i for i in cores if _is_weekly(items[i])]
        governing: set[int] = set()
        edge = start - 1
        for position, week in enumerate(weeks):
            following = weeks[position + 1] if position + 1 < len(weeks) else end
            alike = [d for d in days if signs.sign.get(d) == signs.sign.get(week)]
            before = [d for d in alike if edge < d < week and d not in self.governed]
            after = [d for d in alike if week < d < following]
            chosen = (before + (after if len(weeks) == 1 else [])) if before else after
            for day in chosen:
                self.governed[day] = week
            if chosen:
                governing.add(week)
            edge = week
            colon = next((items[j].kind for j in range(week + 1, end) if items[j].kind != "FILL"), "") == "COLON"
            if colon and not before:
                self._header_week = week
                if not chosen and not any(c > week for c in cores):
                    governing.add(week)
        if not weeks and self._header_week >= 0:
            for day in days:
                self.governed[day] = self._header_week
        elif weeks and not any(self._header_week == w for w in weeks):
            self._header_week = -1
        return [i for i in cores if i not in governing]

    def _riddles(self, cores: list[int], start: int, end: int, signs: Signs) -> list[int]:
        """An unknown phrase right after a day stands where its time should be: it claims that day."""
        out = list(cores)
        for i in range(start, end):
            if self.items[i].kind not in ("UNKNOWN", "UNKNOWN_BOUND"):
                continue
            j = i - 1
            small = ("FILL", "COLON", "DASH", "UNKNOWN") + (("COMMA",) if self.items[i].kind == "UNKNOWN_BOUND" else ())
            while j >= start and self.items[j].kind in small:
                j -= 1
            if j >= start and j in cores and is_day(self.items[j]) and j not in signs.sign:
                out.append(i)
        return sorted(out)

    def _runs(self, number: int, cores: list[int], signs: Signs) -> None:
        run: list[int] = []
        for i in cores:
            if run and (signs.sign.get(i) != signs.sign.get(run[-1]) or any(run[-1] <= cut < i for cut in signs.cuts)):
                self._groups(number, run, signs.sign.get(run[0], ""))
                run = []
            run.append(i)
        if run:
            self._groups(number, run, signs.sign.get(run[0], ""))

    def _groups(self, number: int, run: list[int], sign: str) -> None:
        for days, said in grouped(self.items, run, taken=bool(sign)):
            times = [i for i in said if self.items[i].kind in TIME_KINDS]
            if not days and not times:
                continue
            statement = Statement(not sign, days, times, said_none=sign == "none", segment=number)
            if not days and not sign and any(f(statement) for f in (self._attach, self._narrows, self._refines)):
                continue
            if not days:
                self._inherit(statement)
            elif not times and not sign:
                statement.dead = bool(said)
                statement.lone = any(s.free and s.segment == number and s.days and s.times for s in self.statements)
            self.statements.append(statement)

    def _attach(self, statement: Statement) -> bool:
        """Times after days that still have none ("every weekday except Wed, 9-11")."""
        free = [s for s in self.statements if s.free and not s.dead]
        if free and free[-1].days and not free[-1].times and not free[-1].lone:
            last = free[-1]
            if (
                last.segment == statement.segment
                and any(self.items[j].kind in ("AND", "OR") for j in range(max(last.days) + 1, min(statement.times)))
                and not any(s is not last and s.segment == last.segment for s in self.statements[-1:])
            ):
                return False
            last.times.extend(statement.times)
            return True
        return False

    def _narrows(self, statement: Statement) -> bool:
        """ "all day Saturday, but not before 10" limits what was said before it."""
        values = [self.items[i].value for i in statement.times]
        if not all(isinstance(v, Time) and v.negated for v in values):
            return False
        if not self.statements or not self.statements[-1].free or self.statements[-1].segment != statement.segment:
            return False
        self.statements[-1].times.extend(statement.times)
        return True

    def _refines(self, statement: Statement) -> bool:
        """ "Mornings are good Tue-Thu, say 9 to 11": hours within the part of the day that was just offered."""
        last = self.statements[-1] if self.statements else None
        if last is None or not last.free or last.segment != statement.segment or not last.days or not last.times:
            return False
        between = {item.kind for item in self.items[last.last + 1 : statement.first]}
        if between & {"AND", "OR", "BUT", "ELSE", "SO"} or not between & {"COMMA", "OPEN", "DASH", "COLON"}:
            return False
        said, new = ([self.items[i].value for i in s.times] for s in (last, statement))
        if not all(isinstance(t, Time) and t.kind == "part" for t in said):
            return False
        if not all(isinstance(t, Time) and t.kind in ("range", "point") for t in new):
            return False
        last.times.extend(statement.times)
        return True

    def _inherit(self, statement: Statement) -> None:
        if not self.statements:
            return
        last = self.statements[-1]
        if last.free != statement.free or not last.days or not last.times:
            return
        if any(item.kind == "ELSE" for item in self.items[last.last : statement.first]):
            return
        if last.segment != statement.segment:
            kinds = {getattr(self.items[i].value, "kind", "") for i in statement.times}
            if not statement.free or not kinds & {"range", "point"}:
                return
        statement.days = list(last.days)

    def _free_after(self, number: int, start: int, end: int) -> None:
        for i in range(start, end):
            if self.items[i].kind == "FREEAFTER":
                taken = [s for s in self.statements if not s.free and s.times and s.days]
                if taken:
                    self.statements.append(
                        Statement(True, list(taken[-1].days), list(taken[-1].times), after_busy=True, segment=number)
                    )

    def _soft(self, number: int, start: int, end: int, asked: bool) -> None:
        here = [s for s in self.statements if s.segment == number and (s.days or s.times)]
        for i in range(start, end):
            kind = self.items[i].kind
            if kind in ("MAYBE", "PREF"):
                target = self._beside(i, start, end, here)
                if target is not None and kind == "MAYBE":
                    target.maybe = True
                elif target is not None:
                    target.preferred = True
            if kind in RESIDUE:
                self.residue.add(i)
                self._kill(i, start, end, here, kind)
        if asked:
            for statement in here:
                statement.maybe = True

    def _owner(self, core: int, here: list[Statement]) -> Statement | None:
        return next((s for s in here if core in s.days or core in s.times), None)

    def _beside(self, i: int, start: int, end: int, here: list[Statement]) -> Statement | None:
        """The statement a soft word belongs to: what follows it directly, else what stands before it."""
        stops = ("COMMA", "BUT", "CLOSE", "HARD")
        for j in range(i + 1, end):
            if self.items[j].kind in CORE:
                owner = self._owner(j, here)
                begins = owner is not None and j == owner.first
                before = [k for k in range(start, i) if self.items[k].kind in CORE]
                joined = before and not any(self.items[k].kind in (*stops, "AND", "OR") for k in range(before[-1], i))
                if begins and not joined:
                    return owner
                break
            if self.items[j].kind in stops:
                break
        for j in range(i - 1, start - 1, -1):
            if self.items[j].kind in CORE:
                return self._owner(j, here)
        for j in range(i + 1, end):
            if self.items[j].kind in CORE:
                return self._owner(j, here)
        return None

    def _kill(self, i: int, start: int, end: int, here: list[Statement], kind: str) -> None:
        """A day whose time was not understood yields nothing, never "all day"."""
        if kind in ("CONDITION", "REASON"):
            return
        stops = ("COMMA", "BUT", "CLOSE", "OPEN", "POS", "YES", "SO", "ELSE", "QUESTION", *NEGATIONS)
        for step in (-1, 1):
            j = i + step
            while start <= j < end and self.items[j].kind not in stops:
                if self.items[j].kind in CORE:
                    owner = self._owner(j, here)
                    if owner is not None and (owner.free or "bare" in self.items[j].flags):
                        self._doubt(owner, j)
                    break
                j += step

    def _doubt(self, owner: Statement, core: int) -> None:
        item = self.items[core]
        if not owner.times:
            owner.dead = True
            return
        value = item.value
        if "bare" in item.flags and core in owner.times:
            owner.times.remove(core)
            self.residue.add(core)
            owner.dead = not owner.times
            return
        weak = isinstance(value, Time) and value.kind in VAGUE and not (owner.days and value.kind == "part")
        if weak and len(owner.times) == 1:
            owner.dead = True
            self.residue.add(core)

    def _vague(self) -> None:
        """ "I'm flexible: Tue 2-4" offers Tue 2-4; being flexible adds no hours to hours that were named."""
        free = [s for s in self.statements if s.free and not s.dead]
        named = [s for s in free if s.days]
        for statement in free:
            times = [self.items[i].value for i in statement.times]
            loose = bool(times) and all(isinstance(t, Time) and t.kind in ("flex", "open") for t in times)
            rest = any(item.kind in ("ELSE", "RESTALL") for item in self.items[: statement.first]) if loose else True
            if named and loose and not statement.days and not rest:
                statement.dead = statement.preferred = True

    def _ranked(self) -> None:
        """A day or time named again only to rank it adds nothing."""
        for statement in self.statements:
            if not (statement.preferred and statement.free) or statement.dead:
                continue
            earlier = [
                s for s in self.statements if s.free and s is not statement and not s.dead and s.last < statement.first
            ]
            if not earlier:
                continue
            if statement.days and not statement.times:
                named = {day for s in earlier for i in s.days for day in _weekdays(self.items[i])}
                mine = {day for i in statement.days for day in _weekdays(self.items[i])}
                statement.dead = bool(mine) and mine <= named
            elif statement.times and statement.days in ([], earlier[-1].days) and earlier[-1].times:
                statement.dead = True

    def _leftovers(self) -> None:
        for statement in self.statements:
            if statement.dead and not statement.preferred:
                self.residue.update(i for i in statement.times if self.items[i].kind == "TIME")
        for i, item in enumerate(self.items):
            if item.kind == "VALID":
                self.validity.append(i)


def _is_weekly(item: Item) -> bool:
    return isinstance(item.value, Days) and item.value.relative < 0


def _weekdays(item: Item) -> tuple[int, ...]:
    return item.value.days if isinstance(item.value, Days) else ()


def dates_of(item: Item) -> tuple[Dates, ...]:
    return item.value if isinstance(item.value, tuple) else ()
