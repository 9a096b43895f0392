"""The tiers of the policy as what decided something, and as what gets worse."""

from __future__ import annotations

from backend.explanations.voice import Voice
from backend.report.words import counted
from optimizer.explain.decisions import NOT_SETTLED, SEED

_DECIDED = {
    "commitments": "a decision of staff (a pin or a binding minimum load)",
    "coverage and seniority": "the first rule: as many students as possible, those who waited longest first",
    "students left out": "the first rule: as many students as possible",
    "days waited by those left out": "the rule that those left out should have waited as few days as possible",
    "doubtful times": "the rule to avoid times we are not sure to have read right",
    "times if needed": "the rule to avoid times marked 'if needed'",
    "minimum loads": "the rule to come close to the minimum that professionals asked for",
    "professionals with nobody": "the rule that as many professionals as possible have somebody",
    "fit": "the rule on fit",
    "people moved": "the rule to move as few people as possible",
    "fit and load": "the rule that weighs fit against an even spread of reviews",
    "load balance": "the rule to spread reviews evenly over professionals",
    "earliest": "the rule that earlier sessions are better",
    SEED: "the draw from the seed alone",
    NOT_SETTLED: "a search that was not settled",
}


def decided(tier: str) -> str:
    """What decided, as a noun phrase."""
    if tier.startswith("fit of level "):
        return _DECIDED["fit"]
    if tier.startswith("left out of class "):
        return f"the rule that as few as possible of {tier.removeprefix('left out of ')} go without"
    if "without session " in tier:
        return "the rule that as many students as possible get a further session, after everybody's first"
    return _DECIDED.get(tier, tier)


def worse(tier: str, by: int, voice: Voice) -> str:
    """What gets worse first, and by how much; one clause."""
    if tier.startswith("fit of level "):
        return f"{counted(by, 'session')} more would have fit {tier.removeprefix('fit of level ')}"
    clauses = {
        "commitments": "a decision of staff would be broken",
        "coverage and seniority": "somebody with more claim than whoever gains would go without",
        "students left out": f"{counted(by, 'student')} more would go without",
        "days waited by those left out": f"those left out would have waited {counted(by, 'day')} more",
        "doubtful times": f"{counted(by, 'session')} more would rest on times we are not sure to have read right",
        "times if needed": f"{counted(by, 'session')} more would rest on times marked 'if needed'",
        "minimum loads": f"{counted(by, 'session')} more would be missing to the minimum loads",
        "professionals with nobody": f"{counted(by, 'professional')} more would have nobody",
        "fit": f"fit over all sessions would be worse, by {counted(by, 'point')}",
        "people moved": f"{counted(by, 'person', 'people')} more would be moved",
        "fit and load": f"fit and the spread of reviews together would be worse, by {counted(by, 'point')}",
        "load balance": f"reviews would be spread less evenly, by {counted(by, 'point')}",
        "earliest": f"sessions would start later, by {voice.duration(by * voice.cell_minutes)} in all",
        SEED: "as good by every rule; the draw chose otherwise",
        NOT_SETTLED: "not settled",
    }
    if tier.startswith("left out of class "):
        return f"{counted(by, 'student')} more of {tier.removeprefix('left out of ')} would go without"
    if tier.startswith(("students without session ", "without session ")):
        number, _, group = tier.partition("without session ")[2].partition(" of ")
        whose = f" of {group}" if group else ""
        return f"{counted(by, 'student')}{whose} more would go without a session number {number}"
    return clauses.get(tier, f"{tier} would be worse, by {by:,}")
