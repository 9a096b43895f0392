"""How sure each tier is, given values, bounds and whether the search for something better came to its end."""

from __future__ import annotations

from collections.abc import Sequence

from optimizer.domain.plan import TierStatus


def statuses(
    values: Sequence[int], bounds: Sequence[int], exhausted: Sequence[bool], *, is_flow: bool
) -> list[TierStatus]:
    """After the first tier that is not certain the others are conditional on its value."""
    found: list[TierStatus] = []
    for value, bound, ended in zip(values, bounds, exhausted, strict=True):
        if found and not found[-1].certain:
            found.append(TierStatus.CONDITIONAL)
        elif value == bound:
            found.append(TierStatus.PROVEN if is_flow else TierStatus.WITNESSED)
        else:
            found.append(TierStatus.SOLVER_CLAIMED if ended else TierStatus.OPEN)
    return found
