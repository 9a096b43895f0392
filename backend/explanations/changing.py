"""Sentences about a changed night: who gains, loses or moves, and which rules come off better or worse."""

from __future__ import annotations

from backend.explanations.answer import Entry
from backend.explanations.rules import decided
from backend.explanations.voice import Voice
from backend.report.words import counted
from optimizer.domain import Plan, Session
from optimizer.explain.whatif import Difference, TierChange

SHOWN = 12


def change_sentences(told: Difference, plan: Plan) -> tuple[str, ...]:
    """How many meet now, how many stay as they are, and how sure that is."""
    before, after = told.matched_before, told.matched_after
    if after == before:
        first = f"{counted(after, 'session')}, as many as in tonight's plan."
    else:
        word = "more" if after > before else "fewer"
        first = f"{counted(after, 'session')} instead of {before:,}, {abs(after - before):,} {word}."
    stay = f"{counted(told.same, 'session')} would stay as they are." if told.same != 1 else "1 session would stay."
    sure = "Both plans are proven best." if plan.proven else "The changed plan is not proven best in every rule."
    return (first, stay, sure, *_rules(told.tiers))


def _rules(tiers: tuple[TierChange, ...]) -> tuple[str, ...]:
    """Which rule first tells the two plans apart, where its two values can be compared."""
    for tier in tiers:
        if tier.before == tier.after:
            continue
        if not tier.comparable or tier.before is None or tier.after is None:
            return ()
        word = "better" if tier.after < tier.before else "worse"
        return (f"By the rules it is {word}; settled by {decided(tier.name)}.",)
    return ("By every rule the two plans are as good.",)


def change_entries(told: Difference, voice: Voice) -> tuple[Entry, ...]:
    """Person by person: gains, losses, moves."""
    lines = [f"{_with(one, voice)}: new." for one in told.gains]
    lines += [f"{_with(one, voice)}: would be lost; no other session instead." for one in told.loses]
    lines += [f"{_with(one, voice)}: gone with the student." for one in told.gone]
    lines += [
        f"{voice.name(one.before.student)}: {_place(one.after, voice)} instead of {_place(one.before, voice)}."
        for one in told.moves
    ]
    return tuple(Entry("", (line,)) for line in lines)


def _with(session: Session, voice: Voice) -> str:
    return f"{voice.name(session.student)} {_place(session, voice)}"


def _place(session: Session, voice: Voice) -> str:
    return f"with {voice.name(session.professional)}, {voice.moment(session.start)}"
