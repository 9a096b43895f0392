"""The public tables of a night and of several weeks."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pandas as pd
import pytest

from backend.analysis import History, NightView, own_night, own_settings, sample_history, sample_night, say, supply
from backend.analysis.made_up import SETTINGS, MadeUp
from backend.analysis.weeks import sample_weeks
from backend.nightly.night import think
from backend.nightly.record import RecordState
from backend.settings import SettingsError

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def night() -> NightView:
    return sample_night()


def test_the_tables_of_a_night_say_what_its_document_says(night: NightView) -> None:
    plan = night.night.plan
    counts = night.counts()
    assert (counts.drop(columns="total").sum(axis=1) == counts["total"]).all()
    assert len(night.sessions()) == len(plan.sessions)
    assert sorted(night.sessions()["fit"]) == sorted(one.quality for one in plan.sessions)
    assert len(night.unmatched()) == len(night.night.unmatched)
    for side in ("students", "professionals"):
        assert night.people(side)["sessions"].sum() == len(plan.sessions)
    assert (night.tiers()["value"] == night.tiers()["bound"]).all()
    assert set(night.readings()["confirm"] != "") == {True, False}
    assert night.heat("demand").shape == night.heat("supply").shape


def test_hours_options_and_losses_add_up(night: NightView) -> None:
    assert supply.hours(night, "sessions").to_numpy().sum() == len(night.night.plan.sessions)
    assert list(supply.hours(night, "open").columns) == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    options = supply.options(night)
    assert (options["without a session"] <= options["students"]).all()
    assert supply.losses(night)["sessions"].sum() == len(night.night.plan.sessions)
    with pytest.raises(ValueError, match="is none of left_out"):
        supply.hours(night, "moon")


def test_an_ask_adds_what_solving_again_gives(night: NightView) -> None:
    (best,) = supply.packages(night, 1, newcomers=False).itertuples()
    assert best.adds == supply.asks(night)["adds"].max() == 1
    busiest = supply.losses(night).iloc[0]
    told = night.whatif(f"{busiest['professional']} out").iloc[0]
    assert told["sessions"] <= len(night.night.plan.sessions)
    assert told["change"] == told["sessions"] - len(night.night.plan.sessions)


def test_a_changed_setting_is_the_night_solved_anew(night: NightView) -> None:
    assert night.changed().night.plan.sessions == night.night.plan.sessions
    assert len(night.changed(matching={"horizon_days": 3}).night.plan.sessions) < len(night.night.plan.sessions)
    with pytest.raises(SettingsError, match="hours"):
        night.changed(matching={"notice_hour": 3})


def test_own_night_finds_what_the_settings_name_and_works_beside_an_event_loop(tmp_path: Path) -> None:
    for name in ("students.csv", "professionals.csv"):
        (tmp_path / name).write_bytes((ROOT / "sample_data" / name).read_bytes())
    (tmp_path / "own.toml").write_text(
        '[program]\nkey = "demo"\n[sources]\nstudents = "students.csv"\nprofessionals = "professionals.csv"\n'
    )
    settings = own_settings(tmp_path / "own.toml")
    assert settings.state_dir == str(tmp_path / "var")
    assert settings.sources.students == str(tmp_path / "students.csv")

    async def cell() -> NightView:
        return own_night(tmp_path / "own.toml", as_of="2026-11-22T22:00")

    assert asyncio.run(cell()).night.plan.sessions == sample_night().night.plan.sessions
    assert not (tmp_path / "var").exists()


def test_weeks_remember_who_was_matched_and_who_did_how_much() -> None:
    weeks = sample_weeks(3)
    given = [(one.student, one.professional) for night in weeks.nights for one in night.plan.sessions]
    assert len({student for student, _ in given}) == len(given) == weeks.summary()["sessions"]
    assert weeks.loads()["sessions"].sum() == weeks.waits()["sessions"].sum() == len(given)
    assert len(weeks.nights[2].state.runs) == 2
    forgetful = sample_weeks(3, remember=False)
    assert not forgetful.nights[2].problem.debt.any()
    assert len(forgetful.nights[2].state.sessions) == len(weeks.nights[2].state.sessions)


def test_the_made_up_program_is_the_same_each_time_and_read_without_an_issue() -> None:
    sheets = MadeUp().sheets(40, again=["student38001@example.org"])
    assert sheets == MadeUp().sheets(40, again=["student38001@example.org"])
    assert sheets != MadeUp(seed=1).sheets(40)
    night = think(SETTINGS, sheets, RecordState(), MadeUp().night(40), lambda _: None)
    assert night.assembly.issues == ()
    assert night.plan.sessions


def test_the_sample_history_is_long_and_names_nobody() -> None:
    history = sample_history()
    assert isinstance(history, History)
    months = history.by("month")
    assert len(months) >= 30
    assert history.total()["cancelled"].iloc[0] > 0
    assert pd.to_numeric(months["matched_share"]).between(0, 1).all()
    text = (ROOT / "sample_data" / "history.jsonl").read_text()
    assert "@" not in text
    assert "tudent " not in text


def test_a_name_in_a_sentence_cannot_act_on_the_page() -> None:
    said = say("**<script>alert(1)</script>** asked *twice*")
    assert said._repr_html_() == ("<p><strong>&lt;script&gt;alert(1)&lt;/script&gt;</strong> asked <em>twice</em></p>")
    assert repr(said) == "<script>alert(1)</script> asked twice"
