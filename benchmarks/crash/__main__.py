"""`python -m benchmarks.crash [--rounds N] [--seed S] [--sample]`: exit code 1 when a promise is broken."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.crash.rounds import Rounds


def main() -> int:
    """Every step once, then random moments up to the number of rounds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crash", description=__doc__)
    parser.add_argument("--rounds", type=int, default=500, help="at least so many kills; every step comes first")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, default=None, help="where the records lie; memory is fastest")
    asked = parser.parse_args()
    with Rounds(asked.seed, asked.folder) as rounds:
        rounds.every_step(lambda line: print(line, file=sys.stderr, flush=True))
        rounds.random_moments(asked.rounds, lambda line: print(line, file=sys.stderr, flush=True))
        print(rounds.report())
        return 1 if rounds.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
