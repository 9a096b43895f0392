"""One night for people who analyse it: the plan, its proof and everything around it as pandas tables.

Names are in these tables, so they are for staff. Nothing here books, sends or stores anything.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from backend.explanations.fairness import turned
from backend.nightly.asking import Desk
from backend.nightly.document import Document, document_of
from backend.nightly.logs import configure
from backend.nightly.moment import as_of_from
from backend.nightly.night import Night, think
from backend.nightly.pull import pull
from backend.nightly.record import RecordState, Sheets
from backend.settings import Program, Settings, from_mapping, load
from ingest.sheet import Form
from optimizer.explain.frontier import frontier

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "sample_data"
SAMPLE_MOMENT = "2026-11-22T22:00"
SAMPLE_SETTINGS = Settings(program=Program(key="demo", name="Resume Review Program"))
SETTINGS_FILE = "MATCHING_SETTINGS"
"""Names the settings file for `own_night` and `own_settings`; `run_matching.py notebook` sets it."""


@dataclass(frozen=True, eq=False)
class NightView:
    """A night, thought through and verified. `night` has the objects themselves, this their tables."""

    night: Night

    @cached_property
    def document(self) -> Document:
        """The night as plain data, as `--json` prints it."""
        return document_of(self.night)

    @cached_property
    def desk(self) -> Desk:
        """Where single questions are answered in sentences: `desk.explain(id)`, `desk.whatif("...")`."""
        return Desk(self.night, self.night.settings.program.zone)

    @property
    def zone(self) -> str:
        return self.night.settings.program.zone

    @property
    def summary(self) -> str:
        """Sessions, unmatched, and whether it is proven."""
        proven = self.document["certificate"]["proven"]
        left = len(self.night.unmatched)
        return f"{len(self.night.plan.sessions)} sessions, {left} students unmatched, proven best: {proven}"

    def counts(self) -> pd.DataFrame:
        """What became of every row and person: one row a kind, one column a fate, and the total."""
        told = self.document["counts"]
        table = pd.DataFrame({name: one["parts"] for name, one in told.items()}).T.fillna(0).astype(int)
        table.insert(0, "total", [one["total"] for one in told.values()])
        return table.rename(index=lambda name: name.replace("_", " "))

    def issues(self) -> pd.DataFrame:
        """What could not be read as it stands, and the way to put it right."""
        columns = ["sheet", "row", "column", "reason", "fix", "severity"]
        return pd.DataFrame(self.document["issues"], columns=columns)

    def readings(self) -> pd.DataFrame:
        """How each availability text was read; `confirm` says why a person should be asked back, "" when clear."""
        rows = [
            (one.form.value, self.night.names.get(one.person, one.person), one.reading.status, one.reading.text,
             one.reading.echo, one.confirm)
            for one in self.night.assembly.readings
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=["sheet", "name", "status", "text", "read as", "confirm"])

    def people(self, side: Form | str) -> pd.DataFrame:
        """Tonight's students or professionals: hours free and bookable in the horizon, sessions given.

        Students with the days waited, professionals with the reviews they could take.
        """
        problem, students = self.night.problem, Form(side) is Form.STUDENTS
        ids = problem.students if students else problem.professionals
        free = (problem.student_open if students else problem.professional_open) > 0
        got = pd.Series([one.student if students else one.professional for one in self.night.plan.sessions], dtype=str)
        table = pd.DataFrame({
            "name": [self.night.names[one] for one in ids],
            "hours": free.sum(axis=1) * problem.grid.cell_minutes / 60,
            "days": [len(np.unique(_days(self.night)[row])) for row in free],
            "sessions": [int((got == one).sum()) for one in ids],
        }, index=pd.Index(ids, name="id"))  # fmt: skip
        if students:
            return table.assign(waiting=problem.waiting_days)
        return table.assign(capacity=problem.capacity_horizon, kept=problem.kept_load)

    def sessions(self) -> pd.DataFrame:
        """The plan, by start on the program's clock: who, `fit` (a level, 1 up) and its parts, time in common."""
        told = self.document["sessions"]
        table = pd.DataFrame({
            "start": pd.to_datetime(pd.Series([one["start"] for one in told], dtype=str), utc=True),
            "student": [one["student_name"] for one in told],
            "professional": [one["professional_name"] for one in told],
            "fit": [one["quality"] for one in told],
            "hours in common": [one["shared_minutes"] / 60 for one in told],
            "certainty": [one["certainty"] for one in told],
        })  # fmt: skip
        table["start"] = table["start"].dt.tz_convert(self.zone)
        parts = pd.DataFrame([{part["name"]: part["points"] for part in one["parts"]} for one in told])
        return table.join(parts).sort_values(["start", "student"], ignore_index=True)

    def unmatched(self) -> pd.DataFrame:
        """Who has no session, at which stage the last chance was lost, and the sentence that says why."""
        told = ["name", "stage", "waiting_days", "sentence", "rivals", "hosts", "places"]
        return pd.DataFrame(self.document["unmatched"], columns=told)

    def tiers(self) -> pd.DataFrame:
        """The rules in their order: value, proven bound, and what each settled. Values are costs."""
        columns = ["name", "value", "bound", "status", "left_choice", "sentence"]
        return pd.DataFrame(self.document["certificate"]["tiers"], columns=columns)

    def heat(self, side: str) -> pd.DataFrame:
        """People free in an hour of the week, on average over the horizon: hours x weekdays; "demand" or "supply"."""
        told = self.document["heat"]
        return pd.DataFrame(told[side], index=told["days"], columns=told["hours"]).T

    def fairness(self) -> pd.DataFrame:
        """Tonight under the program's policy (the first row) and its neighbours, each solved in full."""
        points = frontier(self.night.problem, self.night.policy)
        names = [", ".join(turned(one.policy, self.night.policy)) or "the program's" for one in points]
        rows = [{**asdict(one.measures), "proven": one.solution.plan.proven} for one in points]
        return pd.DataFrame(rows, index=pd.Index(names, name="policy"))

    def whatif(self, *changes: str) -> pd.DataFrame:
        """Tonight with each of the changes, each solved in full: "Ana Lima out", "John Doe +Tue 18-19", ...

        Several in one text, with semicolons, are made together. Raises `Stop` for a change that is not understood.
        """
        rows = []
        for text in changes:
            told = self.desk.whatif(text).data
            rows.append(
                (
                    told.matched_after,
                    told.matched_after - told.matched_before,
                    ", ".join(sorted(self.name(one.student) for one in told.gains)),
                    ", ".join(sorted(self.name(one.student) for one in told.loses)),
                    len(told.moves),
                )
            )
        names = ["sessions", "change", "gain one", "lose theirs", "moved"]
        return pd.DataFrame(rows, index=pd.Index(changes, name="what if"), columns=names)

    def name(self, person: str) -> str:
        """The name behind an id."""
        return self.night.names.get(person, person)

    def changed(self, **sections: Mapping[str, Any]) -> NightView:
        """The same night under other settings: `changed(matching={"notice_hours": 48})`. Raises `Stop`."""
        own = self.night.settings
        given = {name: {**own.model_dump()[name], **section} for name, section in sections.items()}
        settings = from_mapping({**own.model_dump(), **given})
        return view(settings, self.night.sheets, self.night.state, self.night.as_of)


def view(settings: Settings, sheets: Sheets, state: RecordState, as_of: datetime) -> NightView:
    """A night from its parts, solved and verified. Raises `Stop`."""
    return NightView(think(settings, sheets, state, as_of, lambda _: None, approved=True))


def sample_night() -> NightView:
    """The made-up night of sample_data/, on Sunday 22 November 2026 at 22:00 in New York, without earlier nights."""
    configure()
    sheets = pull(SAMPLE_SETTINGS, str(SAMPLES / "students.csv"), str(SAMPLES / "professionals.csv"))
    moment = as_of_from(SAMPLE_MOMENT, SAMPLE_SETTINGS.program.zone, datetime.now(UTC))
    return view(SAMPLE_SETTINGS, sheets, RecordState(), moment)


def own_night(
    settings_file: str | Path | None = None,
    *,
    as_of: str | None = None,
    students: str | None = None,
    professionals: str | None = None,
) -> NightView:
    """Your program's night as `run --dry-run` would think it, with what the record knows; also inside Jupyter.

    `settings_file`, `students`, `professionals`: where no file is named, those of `own_settings`. `as_of`: as for the
    commands, default the next full hour. Raises `Stop`.
    """
    from backend.record.opening import beside_the_loop, open_to_look

    configure()
    settings = own_settings(settings_file)
    sheets = pull(settings, students, professionals)
    moment = as_of_from(as_of, settings.program.zone, datetime.now(UTC))

    def read() -> tuple[Sheets, RecordState]:
        tonight = open_to_look(settings, lambda: datetime.now(UTC)).read(sheets, moment)
        return tonight.sheets, tonight.state

    return view(settings, *beside_the_loop(read), moment)


def own_settings(settings_file: str | Path | None = None) -> Settings:
    """The settings of a file; by default that of `run_matching.py notebook`, else matching.toml of the project.

    Places in it count from the file's own folder, wherever the notebook lies. Raises `SettingsError`.
    """
    path = Path(settings_file or os.environ.get(SETTINGS_FILE) or ROOT / "matching.toml").resolve()
    settings, folder = load(path), path.parent
    sources = settings.sources
    at = {
        name: place if not place or place.startswith("google:") else str(folder / place)
        for name, place in (("students", sources.students), ("professionals", sources.professionals))
    }
    places = {name: str(folder / getattr(settings, name)) for name in ("state_dir", "out_dir")}
    return settings.model_copy(update={**places, "sources": sources.model_copy(update=at)})


def _days(night: Night) -> np.ndarray[Any, Any]:
    grid = night.problem.grid
    return np.array([grid.day_of(start) for start in grid.starts])
