"""Sentences about whom a student could meet."""

from __future__ import annotations

from backend.explanations.voice import Voice
from backend.report.words import UNLIMITED, counted
from optimizer import Effect, Suggestion
from optimizer.domain import Certainty

DOUBT = {
    None: "",
    Certainty.CERTAIN: "",
    Certainty.IF_NEEDED: " One side offered it only if needed.",
    Certainty.LOW_CONFIDENCE: " One side's answer was not read with confidence.",
}


def fit(quality: int, parts: tuple[tuple[str, int], ...], voice: Voice) -> str:
    """Fit 17 of 20 (shared time 60, field 100, experience 50; each out of 100)."""
    points = ", ".join(f"{name} {value}" for name, value in parts)
    return f"Fit {quality} of {voice.levels} ({points}; each out of 100)."


def load(sessions: int, room: int) -> str:
    """Has 2 sessions by tonight's plan and could take 1 more."""
    left = "without a limit" if room >= UNLIMITED else f"could take {room:,} more" if room else "no room left"
    return f"{counted(sessions, 'session')} by tonight's plan, {left}."


def effect(one: Suggestion, voice: Voice) -> str:
    """When, and what booking it would do to the plan."""
    if one.start is None:
        return "They share time, but the length of a session, booked ones or decisions of staff leave no place."
    if one.effect is Effect.NEAR:
        assert one.student_start is not None
        return (
            f"No common time, but near: {voice.moment(one.student_start)} for the student and "
            f"{voice.moment(one.start)} for the professional, {counted(one.gap_minutes, 'minute')} apart."
        )
    return f"{voice.moment(one.start)}: {_consequence(one, voice)}{DOUBT[one.certainty]}"


def _consequence(one: Suggestion, voice: Voice) -> str:
    if one.effect is Effect.PLANNED:
        return "this is the session of tonight's plan."
    if one.effect is Effect.FREE:
        return "nobody has to make way."
    if one.effect is Effect.UNSETTLED:
        return "somebody would have to make way; whether everyone could keep a session is not settled."
    who = _makes_way(one, voice)
    if one.effect is Effect.MOVES:
        return f"{who} would have to move; everyone with a session can keep one."
    return f"{who} would have to make way, and one student would go without."


def _makes_way(one: Suggestion, voice: Voice) -> str:
    if not voice.staff or not one.displaces:
        return "somebody else"
    if len(one.displaces) == 1:
        return voice.name(one.displaces[0])
    return f"one of {voice.listed(one.displaces)}"


def common_time(one: Suggestion, voice: Voice) -> str:
    """Their common bookable time, "" for a near miss."""
    if not one.windows:
        return ""
    return f"{voice.duration(one.shared_minutes)} in common: {voice.windows(one.windows)}."


def suggestion_sentences(one: Suggestion, voice: Voice) -> tuple[str, ...]:
    """What there is to say about one suggestion: effect, common time, fit, load."""
    said = (effect(one, voice), common_time(one, voice), fit(one.quality, one.parts, voice), load(one.load, one.room))
    return tuple(sentence for sentence in said if sentence)
