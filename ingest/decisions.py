"""What staff decided about pairs, as far as it concerns tonight; what cannot be used tonight becomes an issue."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ingest.issues import Issue, Severity
from ingest.line import Night
from ingest.rules import Decision
from optimizer.domain import Pin, SlotGrid

PINS, FORBIDDEN = "pins", "forbidden"


@dataclass(frozen=True)
class Tonight:
    """Who takes part (ids in the problem's order) and whom the sheets name at all."""

    students: Sequence[str]
    professionals: Sequence[str]
    named: Container[str]
    grid: SlotGrid


def pins(night: Night, tonight: Tonight) -> tuple[tuple[Pin, ...], list[Issue]]:
    """The pins that bind tonight, one a student.

    A pin is done, and no issue, once the pair has a session. It waits while one of the two takes no part or its start
    cannot be booked, and while an earlier pin of the same student is open.
    """
    done = {(kept.student, kept.professional) for kept in night.ledger.kept}
    binding: dict[str, Pin] = {}
    issues = []
    for decision in night.ledger.pins:
        if (decision.student, decision.professional) in done:
            continue
        reason = _unknown(decision, tonight) or _waits(decision, tonight, night, binding)
        if reason:
            fix = "take the pin back, or correct it"
            issues.append(_issue(PINS, decision, f"{reason}, so the pin does nothing tonight", fix))
        else:
            binding[decision.student] = Pin(decision.student, decision.professional, decision.start)
    return tuple(binding.values()), issues


def forbidden(night: Night, tonight: Tonight) -> tuple[frozenset[tuple[int, int]], list[Issue]]:
    """The pairs of tonight, by index, that staff keep apart; a pair with a stranger is an issue."""
    rows = {name: i for i, name in enumerate(tonight.students)}
    hosts = {name: j for j, name in enumerate(tonight.professionals)}
    apart, issues = set(), []
    for decision in night.ledger.forbidden:
        stranger = _unknown(decision, tonight)
        if stranger:
            issues.append(_issue(FORBIDDEN, decision, f"{stranger}, so nobody is kept apart", "correct the address"))
        elif decision.student in rows and decision.professional in hosts:
            apart.add((rows[decision.student], hosts[decision.professional]))
    return frozenset(apart), issues


def _unknown(decision: Decision, tonight: Tonight) -> str:
    strangers = [
        side
        for side, name in (("student", decision.student), ("professional", decision.professional))
        if name not in tonight.named
    ]
    return f"no row of the sheets is from this {strangers[0]}" if strangers else ""


def _waits(decision: Decision, tonight: Tonight, night: Night, binding: Mapping[str, Pin]) -> str:
    """Why a pin cannot be used tonight; "" when it can."""
    if decision.student not in tonight.students:
        return "the student does not ask tonight"
    if decision.professional not in tonight.professionals:
        return "the professional offers nothing tonight"
    if decision.student in binding:
        return "another pin of this student comes first"
    if decision.start is None:
        return ""
    if decision.start < night.as_of + timedelta(hours=night.rules.notice_hours):
        return "its start has passed, or is too soon for the notice time"
    if tonight.grid.cell_of(decision.start) is None:
        return "no session of the planned days starts then"
    return ""


def _issue(kind: str, decision: Decision, reason: str, fix: str) -> Issue:
    return Issue(decision.place or kind, 0, "", "", reason, fix, Severity.WARNING)


def demand(wanted: Iterable[int], pinned: Iterable[bool], most: int) -> list[int]:
    """Sessions each student asks for tonight: what is still wanted, up to `most`; the pinned get theirs first."""
    return [1 if settled else max(1, min(left, most)) for left, settled in zip(wanted, pinned, strict=True)]
