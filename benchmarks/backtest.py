"""How long a backtest takes: `python -m benchmarks.backtest --students 300 --professionals 100 --nights 30`.

Makes a record of so many nights in a folder that is thrown away: answers come in over the nights, and what is booked
stands.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from backend.commands import main as command
from tests.sheets import PROFESSIONAL_TITLES, STUDENT_TITLES, csv_bytes, professional_rows, student_rows

FIRST = datetime(2026, 11, 2, 22)  # noqa: DTZ001 - the program's clock
SETTINGS = """
[program]
key = "bench"
[sources]
date_order = "month-first"
[policy]
alpha = {alpha}
volunteers_first = {volunteers}
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints seconds for the nights and for the two backtests."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.backtest", description=__doc__)
    for name, default in (("students", 300), ("professionals", 100), ("nights", 30)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("matching.toml").write_text(SETTINGS.format(alpha=1, volunteers="true"))
        Path("other.toml").write_text(SETTINGS.format(alpha='"leximin"', volunteers="false"))
        begun = time.perf_counter()
        _nights(asked.students, asked.professionals, asked.nights)
        print(f"{asked.nights} nights run in {time.perf_counter() - begun:.1f} s", flush=True)
        for told in (("--nights", str(asked.nights)), ("--settings", "other.toml", "--against", "matching.toml")):
            begun, busy = time.perf_counter(), time.process_time()
            command(("backtest", *told))
            took, worked = time.perf_counter() - begun, time.process_time() - busy
            print(f"backtest {' '.join(told)}: {took:.1f} s, {worked:.1f} s of them computing\n", flush=True)


def _nights(students: int, professionals: int, nights: int) -> None:
    asking = sorted(student_rows(students), key=lambda row: _sent(row[0]))
    Path("p.csv").write_bytes(csv_bytes(PROFESSIONAL_TITLES, professional_rows(professionals)))
    for number in range(nights):
        as_of = FIRST + timedelta(days=number)
        Path("s.csv").write_bytes(csv_bytes(STUDENT_TITLES, [row for row in asking if _sent(row[0]) < as_of]))
        code = command(
            (
                "run",
                "--students",
                "s.csv",
                "--professionals",
                "p.csv",
                "--as-of",
                f"{as_of:%Y-%m-%dT%H:%M}",
                "--approve",
            )
        )
        assert not code, code


def _sent(stamp: str) -> datetime:
    return datetime.strptime(stamp, "%m/%d/%Y %H:%M:%S") if stamp else datetime(1, 1, 1)  # noqa: DTZ001, DTZ007


if __name__ == "__main__":
    main()
