"""Sentences about why a student has this session, and about a professional's sessions."""

from __future__ import annotations

from backend.explanations.rules import decided, worse
from backend.explanations.suggesting import DOUBT, fit, load
from backend.explanations.voice import Voice
from optimizer.domain import Session
from optimizer.explain.decisions import NOT_SETTLED, SEED
from optimizer.explain.match import Alternative, MatchExplanation


def meets(session: Session, voice: Voice) -> str:
    """Ana meets Maria, Tue 24 Nov 18:00-18:30; they have 3 hours in common."""
    return (
        f"{voice.name(session.student)} meets {voice.name(session.professional)}, {voice.window(session.interval)}; "
        f"they have {voice.duration(session.shared_minutes)} in common.{DOUBT[session.certainty]}"
    )


def why(told: MatchExplanation) -> tuple[str, ...]:
    """What decided that there is a session, with whom, at what time, and the two together."""
    questions = (
        ("A session at all", told.matched_by),
        ("This professional", told.pair_by),
        ("This start", told.start_by),
        ("The two together", told.session_by),
    )
    return tuple(_decision(subject, tier) for subject, tier in questions)


def _decision(subject: str, tier: str) -> str:
    if tier == NOT_SETTLED:
        return f"{subject}: not settled whether another plan is as good."
    if tier == SEED:
        return f"{subject}: plans as good by every rule differ in it; it was drawn by lot from the seed."
    return f"{subject}: settled by {decided(tier)}; every plan as good has it."


def alternative(one: Alternative, voice: Voice) -> str:
    """Another possibility, who would make way, and what it costs first."""
    way = ""
    if one.displaces:
        who = voice.listed(one.displaces) if voice.staff else "somebody else"
        way = f"{'one of ' if voice.staff and len(one.displaces) > 1 else ''}{who} would have to make way; "
    return (
        f"{voice.name(one.professional)}, {voice.moment(one.start)}, fit {one.quality} of {voice.levels}: "
        f"{way}{worse(one.worse, one.by, voice)}."
    )


def match_sentences(told: MatchExplanation, voice: Voice) -> tuple[str, ...]:
    """The session, its fit, what decided it, the professional's load."""
    session = told.session
    host = f"{voice.name(session.professional)}: {load(told.load, told.room)}"
    return (meets(session, voice), fit(session.quality, session.parts, voice), *why(told), host)
