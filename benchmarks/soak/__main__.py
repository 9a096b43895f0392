"""`python -m benchmarks.soak`: sixty nights in two stretches, across both changes of clocks, rules checked each night.

Prints JSON: what happened, how often, and every rule that was broken (exit code 1 if any).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from pathlib import Path

from backend.nightly.logs import configure
from benchmarks.soak.nights import simulate


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--nights", type=int, default=60)
    parser.add_argument("--students", type=int, default=40)
    parser.add_argument("--professionals", type=int, default=14)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    configure()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        told = simulate(
            Path(folder), asked.nights, random.Random(asked.seed), (asked.students, asked.professionals), _say
        )
    print(json.dumps({**told, "seconds": round(time.perf_counter() - start)}, indent=2))
    return 1 if told["broken"] else 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
