"""All kinds of answers against solving the changed night; `python -m benchmarks.explain_check` runs thousands."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.explain_check import cases
from optimizer.flow import engine

NIGHTS_EACH = 20


@pytest.mark.parametrize("block", range(8))
def test_no_answer_is_wrong(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Counter[str]()
    for name, few in (("DENSE", 0), ("START_PER_SLOT", 1), ("START_PER_STUDENT", 0), ("MORE_PER_SLOT", 1)):
        if block % 2:  # the proof comes from pricing columns, not from the whole network
            monkeypatch.setattr(engine, name, few)
    for seed, kind, right in cases(range(10_000 + block * NIGHTS_EACH, 10_000 + (block + 1) * NIGHTS_EACH)):
        assert right, (seed, kind)
        seen[kind.split(":")[0]] += 1
    assert min(seen["suggest"], seen["match"], seen["left out"]) > 10
