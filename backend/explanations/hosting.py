"""Sentences about a professional's sessions and load."""

from __future__ import annotations

from dataclasses import dataclass

from backend.explanations.suggesting import load
from backend.explanations.voice import Voice
from optimizer.domain import Session


@dataclass(frozen=True)
class Hosting:
    """A professional's night: new `sessions`, `kept` ones still to come, `load` inside the horizon and `room` left."""

    professional: str
    sessions: tuple[Session, ...]
    kept: tuple[Session, ...]
    load: int
    room: int


def hosting_sentences(told: Hosting, voice: Voice) -> tuple[str, ...]:
    """The load, then one sentence for each session."""
    name = voice.name(told.professional)
    new = (f"New: {_session(one, voice)}" for one in told.sessions)
    kept = (f"Booked before: {_session(one, voice)}" for one in told.kept)
    return (f"{name}: {load(told.load, told.room)}", *kept, *new)


def _session(one: Session, voice: Voice) -> str:
    who = voice.name(one.student) if one.student else "a student"
    return f"{voice.window(one.interval)} with {who}, fit {one.quality} of {voice.levels}."
