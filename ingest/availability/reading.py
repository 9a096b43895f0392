"""The reader: text to a `Reading`. Pure: no clock, no environment, no state."""

from __future__ import annotations

from datetime import date, timedelta

from ingest.availability.assumptions import confidence, sentence
from ingest.availability.calendar import Calendar
from ingest.availability.conventions import DEFAULT_CONVENTIONS, Conventions
from ingest.availability.echo import echo_text
from ingest.availability.lattice import best_items
from ingest.availability.lexed import Lexed
from ingest.availability.meaning import Meaning
from ingest.availability.model import Assumption, Horizon, Reading, Span, Status
from ingest.availability.residue import unparsed_ranges
from ingest.availability.statements import Said
from ingest.availability.vocabulary import EVERY_DAY, WEEKDAYS
from ingest.availability.windows import (
    Limits,
    Row,
    dated_windows,
    uniform,
    weekly_windows,
    without,
)

LONGEST_TEXT = 10_000


def read(
    text: str,
    *,
    reference: date,
    zone: str,
    horizon: Horizon,
    conventions: Conventions = DEFAULT_CONVENTIONS,
) -> Reading:
    """What an answer says about when a person is free.

    `reference` is the local date of the answer ("tomorrow" counts from it), `zone` the IANA zone of times that name
    none, `horizon` the local dates recurring times are written out over when they must be. Never raises for any
    text; raises `ZoneError` for a bad `zone`.
    """
    if len(text) > LONGEST_TEXT:
        return _too_long(text, zone)
    return _Reader(text, reference, zone, horizon, conventions).reading()


def _too_long(text: str, zone: str) -> Reading:
    whole = Span(0, len(text), text)
    note = Assumption("too-long", Span(0, 40, text[:40]), sentence("too-long", ""))
    return Reading(
        text, zone, "unparseable", unparsed=(whole,), assumptions=(note,), confidence=0.0, notes=(note.sentence,)
    )


class _Reader:
    def __init__(self, text: str, reference: date, zone: str, horizon: Horizon, conventions: Conventions) -> None:
        self.text, self.zone, self.horizon, self.conventions = text, zone, horizon, conventions
        self.reference = reference
        self.lexed = Lexed(text)
        self.said = Said(best_items(self.lexed))
        calendar = Calendar(reference, horizon, conventions)
        self.meaning = Meaning(self.said, calendar, horizon, conventions, zone)
        self.implied = False

    def reading(self) -> Reading:
        meaning = self.meaning
        unparsed = tuple(self._span(a, b) for a, b in unparsed_ranges(self.said, meaning.wrong))
        base = self._base()
        rows = without(meaning.free + base, meaning.taken, self.horizon, self.reference)
        rows, limits = uniform(rows, self.horizon, self.reference)
        weekly, dated = weekly_windows(rows), dated_windows(rows)
        status = self._status(bool(weekly or dated), bool(unparsed))
        if status == "unparseable" and not unparsed:
            unparsed = (self._whole(),)
        assumptions = self._assumptions(bool(weekly or dated))
        only = self.implied and status in ("ok", "partial")
        if not weekly:
            limits = type(limits)()
        return Reading(
            self.text,
            meaning.zone,
            status,
            weekly,
            dated,
            limits.start,
            limits.end,
            limits.every,
            unparsed,
            assumptions,
            self._notes(dated),
            confidence([a.code for a in assumptions], status in ("partial", "unparseable")),
            echo_text(
                weekly,
                dated,
                (limits.start, limits.end, limits.every),
                meaning.zone,
                understood=status != "unparseable",
            ),
            only,
            weekly_windows(meaning.taken) if only else (),
            dated_windows(meaning.taken) if only else (),
            self.reference + timedelta(days=1),
        )

    def _base(self) -> list[Row]:
        """What a person who only said when they are busy offers."""
        meaning, said = self.meaning, self.said
        low, high = self.conventions.day
        limits = meaning.limits[0][1] if meaning.limits and meaning.limits[0][0] == -1 else None
        stated = said.base
        days: tuple[int, ...] = ()
        if stated:
            days = EVERY_DAY
        elif not meaning.free and meaning.taken and not any(s.free and not s.after_busy for s in said.statements):
            self.implied = True
            days = EVERY_DAY if meaning.named_taken & {5, 6} else WEEKDAYS
        elif not said.statements and limits is not None and not said.residue and not self._never(limits):
            meaning.flags.append(("flexible", said.validity[0]))
            self.implied = said.bare_negation
            days = WEEKDAYS if said.bare_negation else EVERY_DAY
        if limits is None:
            return [Row(day, low, high) for day in days]
        return [Row(day, low, high, limits=limits) for day in days]

    def _never(self, limits: Limits) -> bool:
        """ "Not available this month": a stretch of time denied, with nothing offered around it."""
        return self.said.bare_negation and limits.start is not None and limits.end is not None

    def _status(self, offered: bool, unparsed: bool) -> Status:
        if offered:
            return "partial" if unparsed else "ok"
        if unparsed:
            return "unparseable"
        said = self.said
        taken = any(not s.free for s in said.statements)
        blank = all(item.kind in ("DASH", "NONE") or item.value == "\n" for item in said.items)
        return "none" if said.bare_negation or taken or blank or self.meaning.none_days else "unparseable"

    def _whole(self) -> Span:
        stripped = self.text.strip()
        start = self.text.index(stripped) if stripped else 0
        return Span(start, start + len(stripped), stripped) if stripped else Span(0, len(self.text), self.text)

    def _span(self, start: int, end: int) -> Span:
        first, last = self.lexed.tokens[start].start, self.lexed.tokens[max(start, end - 1)].end
        return Span(first, last, self.text[first:last])

    def _assumptions(self, offered: bool) -> tuple[Assumption, ...]:
        found: list[Assumption] = []
        items = self.said.items
        if self.implied and offered:
            whole = self._whole()
            found.append(Assumption("implied-base", whole, sentence("implied-base", "")))
        for code, index in self.meaning.flags:
            span = self._span(items[index].start, items[index].end)
            found.append(Assumption(code, span, sentence(code, span.text)))
        for token, meant in self.lexed.repaired.items():
            span = self._span(token, token + 1)
            found.append(Assumption("typo", span, f'read "{span.text}" as "{meant}"'))
        return tuple(sorted(dict.fromkeys(found)))

    def _notes(self, dated: tuple[object, ...]) -> tuple[str, ...]:
        notes = [f"preference: {self._span(i.start, i.end).text}" for i in self.said.items if i.kind == "PREF"]
        outside = [w for w in dated if not self.horizon.first <= w.day <= self.horizon.last]  # type: ignore[attr-defined]
        if outside:
            notes.append("outside horizon: " + ", ".join(sorted({w.day.isoformat() for w in outside})))  # type: ignore[attr-defined]
        return tuple(notes)
