"""All kinds of answers against solving the changed night; `python -m benchmarks.explain_check` runs thousands."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.explain_check import cases

NIGHTS_EACH = 20


@pytest.mark.parametrize("block", range(8))
def test_no_answer_is_wrong(block: int) -> None:
    seen = Counter[str]()
    for seed, kind, right in cases(range(10_000 + block * NIGHTS_EACH, 10_000 + (block + 1) * NIGHTS_EACH)):
        assert right, (seed, kind)
        seen[kind.split(":")[0]] += 1
    assert min(seen["suggest"], seen["match"], seen["left out"]) > 10
