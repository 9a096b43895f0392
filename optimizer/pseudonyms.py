"""A night that can be shown to others: the same question under other names."""

from __future__ import annotations

from dataclasses import replace

from optimizer.domain.pairs import SHARED_TIME, Requirement
from optimizer.domain.policy import Policy
from optimizer.domain.problem import Problem


def pseudonymised(problem: Problem, policy: Policy) -> tuple[Problem, Policy]:
    """People are called s1, s2, ... and p1, p2, ... in their order, rules and parts of fit by number.

    Windows are left out; they only serve to name near misses. Everything else stays: who is free when, limits, waits,
    tags as numbers, dates and the zone. So the plan is as good in every tier, but the lot may fall on other people; and
    somebody who knows when a person was free that week may find their row.
    """
    students = {name: f"s{number}" for number, name in enumerate(problem.students, start=1)}
    professionals = {name: f"p{number}" for number, name in enumerate(problem.professionals, start=1)}
    named = {SHARED_TIME: SHARED_TIME}
    named |= {part.name: f"part {number}" for number, part in enumerate(problem.parts, start=1)}
    weights = {named[name]: weight for name, weight in policy.weights.items() if name in named}
    shown = replace(
        problem,
        students=tuple(students.values()),
        professionals=tuple(professionals.values()),
        requirements=tuple(
            Requirement(f"rule {number}", rule.student_tags, rule.professional_tags)
            for number, rule in enumerate(problem.requirements, start=1)
        ),
        parts=tuple(replace(part, name=named[part.name]) for part in problem.parts),
        kept=tuple(
            replace(
                one,
                professional=professionals[one.professional],
                student=None if one.student is None else students.get(one.student),
            )
            for one in problem.kept
        ),
        pins=tuple(
            replace(one, student=students[one.student], professional=professionals[one.professional])
            for one in problem.pins
        ),
        standing=tuple(
            replace(one, student=students[one.student], professional=professionals[one.professional])
            for one in problem.standing
        ),
        student_windows=None,
        professional_windows=None,
    )
    return shown, replace(policy, quality_weights=weights)
