"""The bound that goes with a part of a night that is no flow: multipliers of the rows of its relaxation, tier by tier.

Rows say, for a part with its own numbering of students and professionals:

    STUDENT (i, 0)       sessions and missing sessions of a student are as many as they ask for
    ORDER (i, n)         the n-th session is missing only if the (n + 1)-th is
    PAIR (i, j)          a student meets a professional at most once
    OWN_CELL (i, t)      a student has at most one session at a time
    HOST_CELL (j, t)     a professional has at most one session, or buffer after one, at a time
    DAY (j, ordinal), WEEK (j, ordinal)   capacities
    LOAD (j, 0)          sessions of a professional are as many as load units in use
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
SCALE_BITS = 16
"""Multipliers are whole numbers of 2^-16."""


class Kind(IntEnum):
    """What a row says; see above."""

    STUDENT = 0
    ORDER = 1
    PAIR = 2
    OWN_CELL = 3
    HOST_CELL = 4
    DAY = 5
    WEEK = 6
    LOAD = 7


@dataclass(frozen=True, eq=False)
class Multipliers:
    """`rows` (N x 4): tier, kind and the two numbers of a row; `of_rows` (N) its multiplier, never 0.

    `levels` (M x 2): tier, and an earlier tier whose value is a row of this one; `of_levels` (M) its multiplier.
    """

    rows: Ints
    of_rows: Ints
    levels: Ints
    of_levels: Ints
