"""Several weekly nights of the made-up program in a row, each with what the ones before left: fairness needs time."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from backend.analysis.made_up import SETTINGS, MadeUp
from backend.nightly.act import book
from backend.nightly.logs import configure
from backend.nightly.night import Night, think
from backend.nightly.plain_record import PlainRecord
from backend.settings import PolicySettings
from optimizer.explain.frontier import gini, jain


@dataclass(frozen=True, eq=False)
class Weeks:
    """Nights in their order, under one policy."""

    nights: tuple[Night, ...]

    def loads(self) -> pd.DataFrame:
        """One row a professional: nights with time to offer, reviews they could take on them, sessions they got."""
        offered = [
            (one.names[name], int(places))
            for one in self.nights
            for name, places in zip(one.problem.professionals, one.problem.capacity_week, strict=True)
        ]
        table = pd.DataFrame(offered, columns=["professional", "could take"])
        grouped = table.groupby("professional")["could take"].agg(["size", "sum"])
        grouped.columns = pd.Index(["nights", "could take"])
        got = pd.Series([one.names[each.professional] for one in self.nights for each in one.plan.sessions], dtype=str)
        grouped["sessions"] = got.value_counts().reindex(grouped.index, fill_value=0)
        grouped["share"] = grouped["sessions"] / grouped["could take"]
        return grouped.sort_values(["share", "sessions"], ascending=False)

    def waits(self) -> pd.DataFrame:
        """One row a night: sessions, students left without, and the days they and the matched had waited."""
        rows = []
        for one in self.nights:
            matched = [one.waited[each.student] for each in one.plan.sessions]
            left = [each.waiting_days for each in one.plan.unmatched]
            rows.append((one.key, len(matched), len(one.unmatched), _mean(matched), _mean(left), max(left, default=0)))
        names = ["night", "sessions", "unmatched", "matched had waited", "left out have waited", "longest"]
        return pd.DataFrame(rows, columns=names).set_index("night")

    def summary(self) -> dict[str, float]:
        """The whole in a few figures. Jain's index and Gini's coefficient are over `share` of `loads()`."""
        loads = self.loads()
        fits = [each.quality for one in self.nights for each in one.plan.sessions]
        shares = loads["share"].to_numpy()
        return {
            "sessions": len(fits),
            "mean fit": round(_mean(fits), 2),
            "worst fit": min(fits, default=0),
            "busiest": int(loads["sessions"].max()),
            "with nobody": int((loads["sessions"] == 0).sum()),
            "load, Jain": jain(shares),
            "load, Gini": gini(shares),
            "proven": all(one.plan.proven for one in self.nights),
        }


def sample_weeks(count: int = 10, first: int = 120, *, remember: bool = True, **policy: Any) -> Weeks:
    """So many weekly nights of the made-up program from week `first` on, each thought, verified and booked in memory.

    `policy`: settings of the policy ("alpha", "load_weight", ...). `remember`: whether loads of earlier nights count;
    sessions given stand and are not given twice either way.
    """
    configure()
    program = MadeUp()
    settings = SETTINGS.model_copy(update={"policy": PolicySettings.model_validate(policy)})
    nights = []
    with tempfile.TemporaryDirectory() as folder:
        for week in range(first, first + count):
            now = program.night(week)
            record = PlainRecord(Path(folder), lambda now=now: now)  # type: ignore[misc]
            state = record.state()
            known = state if remember else replace(state, runs=())
            night = think(settings, program.sheets(week), known, now, lambda _: None, approved=True)
            book(night, record, approved=True)
            nights.append(night)
    return Weeks(tuple(nights))


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0
