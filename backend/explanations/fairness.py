"""The price of fairness as a table: the program's policy and its neighbours, each solved in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optimizer.domain.policy import LEXIMIN, Policy
from optimizer.explain.frontier import Point

HEAD = ("policy", "matched", "hours", "worst", "mean", "nobody", "waiting", "load")
NOTES = (
    "hours: time in common over all sessions. worst, mean: levels of fit. nobody: professionals without a session. "
    "waiting (days waited by students without a session) and load (reviews over what each could take): Jain's index / "
    "Gini's coefficient; 1 / 0 is perfectly even.",
    "One knob is turned at a time; * marks the program's own policy. Every line is a full solve.",
)


def fairness_table(points: Sequence[Point]) -> tuple[str, ...]:
    """Lines of at most 80 columns, the program's own policy first."""
    own = next(point.policy for point in points if point.chosen)
    rows = [HEAD, *(_row(point, own) for point in points)]
    return tuple(_line(row) for row in rows)


def fairness_notes(points: Sequence[Point]) -> tuple[str, ...]:
    """What the columns mean, and whether every line is proven."""
    unproven = sum(not point.solution.plan.proven for point in points)
    sure = "All are proven best." if not unproven else f"{unproven} of {len(points)} are not proven best in every rule."
    return (*NOTES, sure)


def _row(point: Point, own: Policy) -> tuple[str, ...]:
    told = point.measures
    name = "* the program's" if point.chosen else "  " + ", ".join(turned(point.policy, own))
    return (
        name,
        f"{told.matched:,}",
        f"{told.shared_minutes / 60:,.0f}",
        f"{told.worst_level}",
        f"{told.mean_level:.1f}",
        f"{told.professionals_with_nobody}",
        f"{told.waiting_jain:.2f}/{told.waiting_gini:.2f}",
        f"{told.load_jain:.2f}/{told.load_gini:.2f}",
    )


def turned(policy: Policy, own: Policy) -> Iterator[str]:
    """In what a policy differs from the program's own."""
    if policy.alpha != own.alpha:
        yield "leximin" if policy.alpha == LEXIMIN else f"alpha {policy.alpha:g}"
    if policy.volunteers_first != own.volunteers_first:
        yield "volunteers first" if policy.volunteers_first else "volunteers after fit"
    if policy.load_weight != own.load_weight:
        yield f"load weight {policy.load_weight}"


def _line(row: tuple[str, ...]) -> str:
    return f"{row[0]:<22} {row[1]:>7} {row[2]:>6} {row[3]:>5} {row[4]:>5} {row[5]:>6} {row[6]:>9} {row[7]:>9}"
