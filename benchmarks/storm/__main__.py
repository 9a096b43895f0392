"""`python -m benchmarks.storm`: one night through everything that can go wrong on the wire, against a clean one.

The nightly job reads its sheets with gspread, books in the program's database, and sends with googleapiclient and
discord.py, all on loopback; waiting for a service takes no time. Exit code 1 when the world differs.
"""

from __future__ import annotations

import argparse
import sys

from benchmarks.storm.night import compare


def main() -> int:
    """300 students and 100 professionals unless told otherwise."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.storm", description=__doc__)
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--professionals", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--each", type=int, default=4, help="how often each kind of trouble strikes Google Calendar")
    asked = parser.parse_args()
    size = (asked.students, asked.professionals)
    return 0 if compare(size, asked.seed, asked.each, lambda line: print(line, flush=True)) else 1


if __name__ == "__main__":
    sys.exit(main())
