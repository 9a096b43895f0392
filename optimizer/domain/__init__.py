"""The types that travel between stages: frozen, self-checking, without any outside service."""

from optimizer.domain.grid import SlotGrid
from optimizer.domain.pairs import SHARED_TIME, PairPoints, QualityPart, Requirement, TagFit
from optimizer.domain.people import Professional, Student
from optimizer.domain.plan import Plan, Session, Stage, TierResult, TierStatus, Unmatched
from optimizer.domain.policy import LEXIMIN, Policy, PolicyError
from optimizer.domain.problem import NO_LIMIT, Problem
from optimizer.domain.promises import KeptSession, Pin, ProblemError, Standing
from optimizer.domain.time import (
    Certainty,
    Interval,
    Window,
    ZoneError,
    intersect,
    merge,
    subtract,
    wall_interval,
    zone_info,
)

__all__ = [
    "LEXIMIN",
    "NO_LIMIT",
    "SHARED_TIME",
    "Certainty",
    "Interval",
    "KeptSession",
    "PairPoints",
    "Pin",
    "Plan",
    "Policy",
    "PolicyError",
    "Problem",
    "ProblemError",
    "Professional",
    "QualityPart",
    "Requirement",
    "Session",
    "SlotGrid",
    "Stage",
    "Standing",
    "Student",
    "TagFit",
    "TierResult",
    "TierStatus",
    "Unmatched",
    "Window",
    "ZoneError",
    "intersect",
    "merge",
    "subtract",
    "wall_interval",
    "zone_info",
]
