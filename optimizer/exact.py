"""Sums and products of 64 bit numbers that may not fit into 64 bits themselves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def largest(numbers: Ints) -> int:
    """The largest size, also of the least number, whose size has no 64 bits."""
    return max(int(numbers.max(initial=0)), -int(numbers.min(initial=0)))


def product(left: Ints, right: Ints) -> int:
    """The sum of products: a capacity that nobody set is large, and so may be its product with a price."""
    some = np.nonzero(left)
    return sum(one * other for one, other in zip(left[some].tolist(), right[some].tolist(), strict=True))


def total(numbers: Ints) -> int:
    """The sum."""
    return (int((numbers >> 24).sum()) << 24) + int((numbers & 0xFFFFFF).sum())
