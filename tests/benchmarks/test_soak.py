"""A short soak: four nights of a small program, two near each change of clocks; `python -m benchmarks.soak` does 60."""

from __future__ import annotations

import random
from pathlib import Path

from benchmarks.soak.nights import simulate


def test_nights_full_of_changes_and_faults_break_no_rule(tmp_path: Path) -> None:
    told = simulate(tmp_path, 4, random.Random(7), (8, 4), lambda _: None)
    assert told["broken"] == []
    assert told["seen"]["sessions"] > 0
    assert told["seen"]["sent"] > told["seen"]["sessions"]
