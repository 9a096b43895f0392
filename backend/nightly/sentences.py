"""Sentences for staff about a night: why somebody has no session, and what each tier settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from optimizer.domain import Certainty, Session, Stage, TierResult, TierStatus, Unmatched

STAGES: Mapping[Stage, str] = {
    Stage.NO_USABLE_ANSWER: "No time could be read from the answer; see the readings to confirm.",
    Stage.PAUSED: "Paused by their own wish.",
    Stage.NOBODY_ELIGIBLE: "No professional is left who shares a meeting format and takes this industry.",
    Stage.NO_COMMON_TIME: "No eligible professional is free at any of the times offered.",
    Stage.OFF_GRID: "Shared times exist, but none fits a whole session inside program hours and notice time.",
    Stage.ALL_FULL: "The professionals who share a time are already fully booked.",
}
_NAMED = 6


def why_unmatched(left: Unmatched, names: Mapping[str, str], waited: Mapping[str, int]) -> str:
    """The one reason that removed a student's last chance, in a sentence a person can check by hand.

    `waited`: days by student; that the others have waited at least as long is only said where it is so.
    """
    if left.stage is not Stage.LOST:
        return STAGES[left.stage]
    if not left.rivals:
        return "There were places they could use, and other students got them."
    as_long = all(waited.get(rival, 0) >= left.waiting_days for rival in left.rivals)
    waits = "; all have waited at least as long" if len(left.rivals) > 1 and as_long else ""
    return f"{_people(len(left.rivals))} can only use {_places(left.places)}, with {_listed(left.hosts, names)}{waits}."


def _people(count: int) -> str:
    return "This student" if count == 1 else f"These {count} students"


def _places(count: int) -> str:
    return "1 place" if count == 1 else f"{count} places"


def _listed(ids: Sequence[str], names: Mapping[str, str]) -> str:
    shown = [names.get(one, one) for one in ids[:_NAMED]]
    if len(ids) > _NAMED:
        return f"{', '.join(shown)} and {len(ids) - _NAMED} more"
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]])) if shown else "nobody"


_DOUBT = {
    Certainty.CERTAIN: "",
    Certainty.IF_NEEDED: " One of you offered it only if needed.",
    Certainty.LOW_CONFIDENCE: " We were not sure to have read one of your answers right: please check the time.",
}


def why_this_time(session: Session) -> str:
    """One sentence for an invitation; says so when the time rests on a doubtful reading."""
    hours = f"{session.shared_minutes / 60:.1f}".rstrip("0").rstrip(".")
    unit = "hour" if hours == "1" else "hours"
    return f"You share {hours} {unit} of free time in the coming weeks.{_DOUBT[session.certainty]}"


_TIERS: Mapping[str, str] = {
    "commitments": "Pins and binding minimum loads are kept.",
    "coverage and seniority": "As many students as possible, and among them those who have waited longest.",
    "doubtful times": "{value} sessions rest on times we are not sure to have read right; fewer is impossible.",
    "times if needed": "{value} sessions rest on times marked 'if needed'; fewer is impossible.",
    "minimum loads": "{value} sessions are missing to the minimum loads; fewer is impossible.",
    "professionals with nobody": "{value} professionals have nobody; fewer is impossible.",
    "fit": "Fit is shared as fairly as the policy asks.",
    "people moved": "{value} people get another time or professional than they were told; fewer is impossible.",
    "fit and load": "Fit and an even spread of reviews are weighed as the policy asks.",
    "load balance": "Reviews are spread as evenly as they can be, earlier nights counted.",
    "earliest": "Sessions are as early as they can be.",
    "drawn by lot": "What was still open was drawn by lot from the seed.",
}


def what_a_tier_settled(tier: TierResult) -> str:
    """One sentence about a tier of the certificate; what is not proven is not said to be impossible."""
    sentence = _TIERS.get(tier.name) or _of_many(tier.name)
    if tier.status not in (TierStatus.PROVEN, TierStatus.WITNESSED):
        sentence = sentence.replace("fewer is impossible", "fewer than {bound} is impossible")
        sentence += " This is the best plan found, not proven to be the best there is."
    return sentence.format(value=tier.value, bound=tier.bound)


def _of_many(tier: str) -> str:
    """Tiers that come in numbers: sessions on a level of fit, students without a first or a further session."""
    if tier.startswith("fit of level "):
        return f"{{value}} sessions have {tier.removeprefix('fit of ')}; fewer is impossible."
    head, _, group = tier.partition(" of class ")
    who = f"students of class {group}" if group else "students"
    if head.startswith("days waited by those "):
        without = _without(head.removeprefix("days waited by those "))
        return f"Those {without} have waited {{value}} days in all; fewer is impossible."
    return f"{{value}} {who} are {_without(head.removeprefix('students '))}; fewer is impossible."


def _without(said: str) -> str:
    number = said.removeprefix("without session ")
    return said if number == said else f"without a session number {number}"
