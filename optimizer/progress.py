"""What a solve says of itself while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """Where a solve stands. `value` is the tier's value in this round, `bound` what no plan is below.

    `columns`: candidates looked at in full so far.
    """

    phase: str
    tier: str
    round: int
    value: int
    bound: int
    columns: int


Listener = Callable[[Progress], None]
Stop = Callable[[], bool]
"""Asked often; once it says True the solve ends soon, with the best plan it has."""
