"""What staff could do about those left out, for the night's report: the optimizer's advice in sentences."""

from __future__ import annotations

from backend.explanations.advising import blind, package
from backend.explanations.left_out import change
from backend.nightly.asking import NOT_BY_FLOW, Desk
from backend.nightly.document import Document
from backend.nightly.night import Night
from optimizer import Audience, explain_unmatched
from optimizer.domain import Stage
from optimizer.explain.blind_spots import BlindSpots, blind_spots
from optimizer.explain.offers import Offers
from optimizer.explain.packages import best_package

ASKS = 3
LARGEST = 500_000
"""Students x professionals up to which a report waits for its advice (some seconds)."""
TOO_LARGE = "Left out of the report of a night of this size: `python run_matching.py advise` works it out."
BY_HAND = {
    Stage.NO_USABLE_ANSWER: "Ask for days and times, or correct the cell; the next night reads it again.",
    Stage.NOBODY_ELIGIBLE: "Look for a professional who takes this industry and meeting format.",
    Stage.NO_COMMON_TIME: "Ask for more times, or an eligible professional for theirs.",
}


def advice_of(night: Night) -> Document:
    """`asks`: what to ask professionals for. `students`: by id, the smallest change that would give a session.

    Each gain was settled by the optimizer, with everybody else's session kept; what it cannot settle is said to be so.
    """
    question = night.problem
    if len(question.students) * len(question.professionals) > LARGEST:
        return {"asks": [TOO_LARGE], "students": _by_hand(night)}
    desk = Desk(night, night.settings.program.zone)
    if not desk.prepared.by_flow:
        return {"asks": [NOT_BY_FLOW], "students": _by_hand(night)}
    asks: list[str] = []
    if night.plan.unmatched:
        missing = BlindSpots(blind_spots(Offers(desk.prepared)).no_supply, (), (), ())
        said = (package(best_package(desk.prepared, ASKS), desk.voice), *blind(missing, desk.voice))
        asks = [sentence.replace(" more in --json", " more") for sentence in said]
    return {"asks": asks, "students": {**_by_hand(night), **_own_changes(desk)}}


def _own_changes(desk: Desk) -> dict[str, str]:
    found = {}
    for left in desk.night.plan.unmatched:
        changes = explain_unmatched(desk.prepared, left.student, Audience.STAFF).changes
        if changes:
            found[left.student] = change(changes[0], desk.voice)
    return found


def _by_hand(night: Night) -> dict[str, str]:
    return {left.student: BY_HAND[left.stage] for left in night.unmatched if left.stage in BY_HAND}
