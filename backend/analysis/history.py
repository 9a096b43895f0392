"""A program over the months and years as pandas tables, by month or field; nobody is named in any of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from backend.analysis.facts import Facts
from backend.analysis.facts_file import facts_from_text, facts_to_text
from backend.analysis.groups import SMALLEST, By, Group, grouped, whole
from backend.analysis.table import COLUMNS, row
from backend.settings import Settings


@dataclass(frozen=True)
class History:
    """What a program did so far."""

    facts: Facts

    def by(self, by: By, smallest: int = SMALLEST) -> pd.DataFrame:
        """One row a month ("2026-11") or field, one column a measure; what each means: `meanings()`.

        NaN where there is nothing to measure, or fewer than `smallest` people to measure it on.
        """
        return frame(grouped(self.facts, by, smallest), by, smallest)

    def total(self, smallest: int = SMALLEST) -> pd.DataFrame:
        """The whole as one row."""
        return frame((whole(self.facts, smallest),), "", smallest)

    @cached_property
    def sessions(self) -> pd.DataFrame:
        """One row a session; `start` and `asked` in the program's zone, `days` from one to the other.

        `stars`: the mean of what the two gave.
        """
        rows = [
            (
                one.student,
                one.professional,
                one.starts_at,
                one.asked_at,
                "completed (assumed)" if one.assumed else one.state,
                sum(one.stars) / len(one.stars) if one.stars else None,
                one.fields,
            )
            for one in self.facts.meetings
        ]
        table = self._table(rows, ("student", "professional", "start", "asked", "state", "stars", "fields"))
        table["days"] = (table["start"] - table["asked"]).dt.total_seconds() / 86_400
        return table.astype({"stars": "float64"})

    @cached_property
    def requests(self) -> pd.DataFrame:
        """One row a request: who, since when, its state, the fields it aims at."""
        rows = [(one.student, one.asked_at, one.state, one.fields) for one in self.facts.wishes]
        return self._table(rows, ("student", "asked", "state", "fields"))

    @cached_property
    def nights(self) -> pd.DataFrame:
        """One row a night that booked: sessions, unmatched, and how many students each stage left without one."""
        stages = sorted({name for one in self.facts.nights for name, _ in one.stages})
        rows = [
            (one.night, one.as_of, one.sessions, one.unmatched, *(dict(one.stages).get(name, 0) for name in stages))
            for one in self.facts.nights
        ]
        return self._table(rows, ("night", "as_of", "sessions", "unmatched", *stages))

    def write(self, path: Path) -> None:
        """Into a text file that names nobody (`read_history`)."""
        path.write_text(facts_to_text(self.facts), encoding="utf-8")

    def _table(self, rows: Sequence[tuple[object, ...]], names: tuple[str, ...]) -> pd.DataFrame:
        table = pd.DataFrame(rows, columns=list(names))
        for name in table.columns.intersection(["start", "asked", "as_of"]):
            table[name] = pd.to_datetime(table[name], utc=True).dt.tz_convert(self.facts.zone)
        return table


def read_history(path: Path) -> History:
    """As `History.write` left it. Raises `HistoryFileError`."""
    return History(facts_from_text(path.read_text(encoding="utf-8")))


def sample_history() -> History:
    """Almost three years of a made-up program (`python -m benchmarks.sample_history` made them)."""
    return read_history(Path(__file__).resolve().parents[2] / "sample_data" / "history.jsonl")


def record_history(settings: Settings) -> History:
    """Out of the program's record; also inside Jupyter. An empty record has an empty history. Raises `Stop`."""
    from backend.record.opening import facts_in_record

    return History(facts_in_record(settings))


def meanings() -> pd.DataFrame:
    """What the columns of `History.by` say."""
    return pd.DataFrame([(one.name, one.meaning) for one in COLUMNS], columns=["column", "meaning"])


def frame(groups: Iterable[Group], by: str, smallest: int) -> pd.DataFrame:
    """The groups as the rows of a table whose index is called `by`."""
    found = list(groups)
    index = pd.Index([one.name for one in found], name=by or None, dtype="str")
    names = [one.name for one in COLUMNS]
    return pd.DataFrame([row(one, smallest) for one in found], index=index, columns=names).astype("float64")
