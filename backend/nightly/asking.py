"""Questions about one night, answered in sentences and as data. Nothing is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from backend.explanations.advising import Advice, advice_sentences, offer_entries
from backend.explanations.answer import Answer, Entry
from backend.explanations.changing import SHOWN, change_entries, change_sentences
from backend.explanations.fairness import fairness_notes, fairness_table
from backend.explanations.hosting import Hosting, hosting_sentences
from backend.explanations.left_out import change, left_out_sentences
from backend.explanations.matched import alternative, match_sentences
from backend.explanations.suggesting import suggestion_sentences
from backend.explanations.voice import Voice
from backend.nightly.changing import changes_from
from backend.nightly.document import Document, instant
from backend.nightly.exits import Exit, Stop
from backend.nightly.keeping import StoredNight
from backend.nightly.night import Night
from backend.nightly.sentences import why_unmatched
from backend.report.words import counted, harmless
from ingest.fit import FORMAT, INDUSTRY
from ingest.forms.choices import FORMATS
from ingest.forms.fields import INDUSTRIES
from optimizer import (
    Audience,
    ContradictionError,
    MatchExplanation,
    Prepared,
    Solution,
    explain_match,
    explain_unmatched,
    prepare,
    suggest,
)
from optimizer.domain import Interval, Session
from optimizer.explain.alterations import AlterationError
from optimizer.explain.blind_spots import blind_spots
from optimizer.explain.doubts import doubts
from optimizer.explain.frontier import frontier
from optimizer.explain.offers import OfferKind, Offers
from optimizer.explain.packages import best_package
from optimizer.explain.resilience import host_losses, slot_losses
from optimizer.explain.whatif import whatif

OPTIONS = {FORMAT: FORMATS, INDUSTRY: INDUSTRIES}
"""What the bits of the hard rules stand for."""
SHOWN_CHANGES = 6
SINGLE_OFFERS = 40
"""Offers of each kind that are looked at."""
NOT_BY_FLOW = (
    "Not settled: tonight's sessions shut each other out, or the search was stopped, so that the exact gain of an "
    "offer is not known. `whatif` solves any single change in full."
)


@dataclass(frozen=True, eq=False)
class Desk:
    """Where questions about a night are answered, for one audience and zone."""

    night: Night | StoredNight
    zone: str
    audience: Audience = Audience.STAFF

    @cached_property
    def prepared(self) -> Prepared:
        return prepare(self.night.problem, self.night.policy, Solution(self.night.plan, self.night.witness))

    def seen_by(self, zone: str, audience: Audience, night: Night | StoredNight | None = None) -> Desk:
        """The same night for somebody else, under newer names if given; what was prepared is shared."""
        other = Desk(night or self.night, zone, audience)
        vars(other)["prepared"] = self.prepared
        return other

    @cached_property
    def voice(self) -> Voice:
        return Voice(
            names={person: harmless(name) for person, name in self.night.names.items()},
            zone=self.zone,
            audience=self.audience,
            cell_minutes=self.night.problem.grid.cell_minutes,
            levels=self.night.policy.levels,
            tags=OPTIONS,
        )

    def suggest(self, student: str, most: int | None = None) -> Answer:
        """Whom the student (an id) could meet, the best `most`."""
        if student not in self.prepared.student_index:
            return self._outside("suggest", student)
        found, voice = suggest(self.prepared, student), self.voice
        shown = found[:most]
        entries = tuple(Entry(voice.name(one.professional), suggestion_sentences(one, voice)) for one in shown)
        says = f"{counted(len(found), 'eligible professional')} with common time, or nearly."
        says += f" The best {len(shown)}:" if len(found) > len(shown) else ""
        data = shown if voice.staff else tuple(replace(one, displaces=()) for one in shown)
        return Answer("suggest", self._title(student), (says,), entries=entries, data=data)

    def explain(self, person: str) -> Answer:
        """Why a student is matched as they are or not at all; a professional's sessions and load."""
        if person in self.prepared.professional_index:
            return self._hosting(person)
        if person not in self.prepared.student_index:
            return self._outside("explain", person)
        return self._match(person) if person in self.prepared.session_of else self._left_out(person)

    def _match(self, student: str) -> Answer:
        told = [self._told_match(student, one) for one in self.prepared.sessions_of[student]]
        others = tuple(Entry("", (alternative(one, self.voice),)) for each in told for one in each.alternatives)
        heading = "Alternatives, and what each would cost first" if others else ""
        sentences = tuple(sentence for each in told for sentence in match_sentences(each, self.voice))
        data = told[0] if len(told) == 1 else tuple(told)
        return Answer("explain", self._title(student), sentences, heading, others, data)

    def _told_match(self, student: str, session: Session) -> MatchExplanation:
        told = explain_match(self.prepared, student, session=session)
        if self.voice.staff:
            return told
        return replace(told, alternatives=tuple(replace(one, displaces=()) for one in told.alternatives))

    def _left_out(self, student: str) -> Answer:
        told, voice = explain_unmatched(self.prepared, student, self.audience), self.voice
        waited = f"{voice.name(student)} has no session tonight and has waited {counted(told.waiting_days, 'day')}."
        shown = tuple(Entry("", (change(one, voice),)) for one in told.changes[:SHOWN_CHANGES])
        more = len(told.changes) - len(shown)
        heading = "Any one of these changes would give a session" if shown else ""
        heading += f" ({more} more in --json)" if more else ""
        sentences = (waited, *left_out_sentences(told, voice))
        if not told.changes_settled:
            sentences = (*sentences, "Whether a change of theirs would give a session tonight is not settled.")
        elif not shown:
            sentences = (*sentences, "No single further time or option of theirs would give a session tonight.")
        return Answer("explain", self._title(student), sentences, heading, shown, told)

    def _hosting(self, professional: str) -> Answer:
        prepared, j = self.prepared, self.prepared.professional_index[professional]
        told = Hosting(
            professional=professional,
            sessions=self._told(one for one in prepared.plan.sessions if one.professional == professional),
            kept=self._told(self._kept(professional)),
            load=int(prepared.loads[j]),
            room=int(prepared.room_left[j]),
        )
        return Answer("explain", self._title(professional), hosting_sentences(told, self.voice), data=told)

    def _told(self, sessions: Iterable[Session]) -> tuple[Session, ...]:
        """Sessions of a professional as this audience may see them: students do not hear of each other."""
        hidden = self.audience is Audience.STUDENT
        return tuple(replace(one, student="") if hidden else one for one in sessions)

    def _kept(self, professional: str) -> tuple[Session, ...]:
        coming = (booked.session for booked in self.night.state.active() if booked.interval.end > self.night.as_of)
        return tuple(sorted((one for one in coming if one.professional == professional), key=lambda one: one.start))

    def whatif(self, text: str) -> Answer:
        """The night with changes somebody types (see `changing`), solved in full; nothing is stored. Raises `Stop`."""
        changes, typed = changes_from(self.night, text, self.zone)
        try:
            outcome = whatif(self.prepared, changes)
        except AlterationError as error:
            raise Stop(Exit.USAGE, f"{typed[error.place]!r}: {self.voice.spoken(str(error))}") from None
        except ContradictionError as error:
            raise Stop(Exit.USAGE, f"with these changes {self.voice.spoken(str(error))}") from None
        told = outcome.difference
        entries = change_entries(told, self.voice)
        heading = "Session by session" if entries else ""
        heading += f" ({len(entries) - SHOWN} more in --json)" if len(entries) > SHOWN else ""
        says = change_sentences(told, outcome.solution.plan)
        title = f"If {'; '.join(typed)}, all times {self.zone}"
        return Answer("whatif", title, says, heading, entries[:SHOWN], told)

    def advise(self, asks: int = 3, most: int = 8) -> Answer:
        """Whom to ask for what: single offers, the best `asks` together, blind spots, what hangs on one person."""
        title = f"Beyond tonight's plan, all times {self.zone}"
        if not self.prepared.by_flow:
            return Answer("advise", title, (NOT_BY_FLOW,))
        offers = Offers(self.prepared)
        single = [one for kind in OfferKind for one in offers.listed(kind, SINGLE_OFFERS)]
        told = Advice(
            tuple(sorted(single, key=lambda one: -one.adds)),
            best_package(self.prepared, asks),
            blind_spots(offers),
            host_losses(self.prepared),
            slot_losses(self.prepared),
            doubts(self.prepared),
        )
        entries = offer_entries(told.offers, self.voice)
        heading = "Any one of these adds sessions" if entries else ""
        heading += f" ({len(entries) - most} more in --json)" if len(entries) > most else ""
        left_out = int(offers.left_out.sum())
        return Answer("advise", title, advice_sentences(told, left_out, self.voice), heading, entries[:most], told)

    def fairness(self) -> Answer:
        """What other policies would give tonight, each solved in full."""
        points = frontier(self.night.problem, self.night.policy)
        data = [{"policy": one.policy, "measures": one.measures, "chosen": one.chosen} for one in points]
        title = "The price of fairness, by tonight's answers"
        return Answer("fairness", title, fairness_notes(points), table=fairness_table(points), data=data)

    def _outside(self, kind: str, person: str) -> Answer:
        """Somebody who is current but not part of tonight's question."""
        name, names = self.voice.name(person), self.voice.names
        assembly = self.night.assembly
        reasons = [why_unmatched(left, names, {}) for left in assembly.unmatched if left.student == person]
        reasons += [f"{left.outcome.value}: {left.reason}." for left in assembly.left_out if left.person == person]
        first = f"{name} is not part of tonight's question."
        return Answer(kind, self._title(person), (first, *(harmless(reason) for reason in reasons)))

    def _title(self, person: str) -> str:
        return f"{self.voice.name(person)}, all times {self.zone}"


def as_document(value: Any) -> Any:
    """An answer as JSON: dataclasses as objects, instants in ISO 8601 UTC, intervals as start and end."""
    if isinstance(value, Interval):
        return {"start": instant(value.start), "end": instant(value.end)}
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: as_document(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, Mapping):
        return {str(key): as_document(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [as_document(part) for part in value]
    return value


def answer_document(answer: Answer, voice: Voice) -> Document:
    """Format "matching-answer/1": the data, the sentences, and the names of everybody the data mentions."""
    data = as_document(answer.data)
    return {
        "format": "matching-answer/1",
        "kind": answer.kind,
        "title": answer.title,
        "sentences": list(answer.sentences),
        "heading": answer.heading,
        "entries": [{"title": one.title, "sentences": list(one.sentences)} for one in answer.entries],
        "data": data,
        "names": {one: voice.names[one] for one in sorted(_texts(data) & set(voice.names))},
    }


def _texts(document: Any) -> set[str]:
    """Every text in a JSON-able answer; those that are ids are the people it mentions."""
    if isinstance(document, str):
        return {document}
    parts = document.values() if isinstance(document, Mapping) else document if isinstance(document, list) else ()
    return {text for part in parts for text in _texts(part)}
