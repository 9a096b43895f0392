"""Advice, what-if and re-plans against solving again; `python -m benchmarks.explain_advice_check` runs thousands."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.explain_advice_check import KINDS, cases
from optimizer.flow import engine

NIGHTS_EACH = 4


@pytest.mark.parametrize("block", range(6))
def test_no_advice_is_wrong(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Counter[str]()
    for name, few in (("DENSE", 0), ("START_PER_SLOT", 1), ("START_PER_STUDENT", 0), ("MORE_PER_SLOT", 1)):
        if block % 2:  # the proof comes from pricing columns, not from the whole network
            monkeypatch.setattr(engine, name, few)
    for seed, kind, right in cases(range(20_000 + block * NIGHTS_EACH, 20_000 + (block + 1) * NIGHTS_EACH)):
        assert right, (seed, kind)
        seen[kind.split(":")[0]] += 1
    assert len(seen) >= len(KINDS)
