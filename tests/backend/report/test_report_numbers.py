"""Every number of a real night's report is the plan's, counted anew from the plan itself."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import cache

from backend.nightly.advising import advice_of
from backend.nightly.document import document_of
from backend.nightly.night import Night, think
from backend.nightly.record import BookedSession, RecordState, RunEntry, Sheets
from backend.report import render
from backend.report.figures import figures_of
from backend.settings import from_mapping
from ingest.sheet import Form
from optimizer.domain import zone_info
from tests.backend.nightly.nights import make_night, make_settings, make_sheets
from tests.backend.report.page import Element, read_page
from tests.sheets import AS_OF, professional_rows, sheet_of, student_rows

SETTINGS = from_mapping({"program": {"key": "demo"}, "sources": {"date_order": "month-first"}})
ZONE = zone_info(SETTINGS.program.zone)


@cache
def night_and_page() -> tuple[Night, Element]:
    """A dirty night on which sessions of an earlier run stand, one of them moved, and one was cancelled."""
    sheets = Sheets(sheet_of(Form.STUDENTS, student_rows(120)), sheet_of(Form.PROFESSIONALS, professional_rows(24)))
    eve = AS_OF - timedelta(days=1)
    first = think(SETTINGS, sheets, RecordState(), eve, lambda _: None, approved=True)
    told = [BookedSession(one.session_key, first.run, one.session) for one in first.bookings][::2]
    told = [one for one in told if one.session.start > AS_OF]
    later = AS_OF - timedelta(hours=3)
    told[0] = replace(told[0], moved_from=told[0].session.start - timedelta(days=1), moved_at=later)
    told[1] = replace(told[1], state="cancelled", cancelled_at=later)
    told[2] = replace(told[2], moved_from=told[2].session.start, moved_at=eve - timedelta(days=2))
    run = RunEntry(first.run, "demo", first.key, eve, first.inputs_hash, len(told), 0)
    state = RecordState(runs=(run,), sessions=tuple(told), people=first.state.people)
    night = think(SETTINGS, sheets, state, AS_OF, lambda _: None, approved=True)
    return night, read_page(render(document_of(night), advice_of(night)))


def numbers(text: str) -> list[int]:
    return [int(one.replace(",", "")) for one in re.findall(r"\d[\d,]*", text)]


def test_headline_numbers() -> None:
    night, page = night_and_page()
    tiles = [tile.every("strong")[0].text for tile in page.of_class("tiles")[0].every("li")]
    served = {one.student for one in night.plan.sessions}
    busy = {one.professional for one in night.plan.sessions} | {
        name for name, load in zip(night.problem.professionals, night.problem.kept_load, strict=True) if load
    }
    assert [numbers(tile)[0] for tile in tiles] == [
        len(served), len(night.unmatched), len(night.plan.sessions), len(busy),
    ]  # fmt: skip
    assert len(night.plan.sessions) > 20
    assert len(night.unmatched) > 10


def test_every_session_stands_once_at_its_time_with_its_level() -> None:
    night, page = night_and_page()
    table = page.of_class("sessions")[0]
    shown = Counter(
        (row.every("th")[0].every("bdi")[0].text, row.every("td")[0].text.split()[0], row.of_class("level")[0].text)
        for row in table.every("tr")
        if row.of_class("level")
    )
    assert shown == Counter(
        (night.names[one.student], f"{one.start.astimezone(ZONE):%H:%M}", str(one.quality))
        for one in night.plan.sessions
    )
    kept = [booked for booked in night.state.active() if booked.interval.end > night.as_of]
    assert len([row for row in table.every("tr") if "booked" in row.text and row.of_class("badge")]) == len(kept)


def test_week_charts_loads_and_their_spread() -> None:
    night, page = night_and_page()
    kept = [booked.session for booked in night.state.active() if booked.interval.end > night.as_of]
    days = Counter(one.start.astimezone(ZONE).date().day for one in (*night.plan.sessions, *kept))
    told: Counter[int] = Counter()
    for chart in page.at("plan").of_class("chart"):
        told.update({int(day): int(n) for day, n in re.findall(r"(\d+) \w+: (\d+)", chart.every("desc")[0].text)})
    assert told == days
    new = Counter(one.professional for one in night.plan.sessions)
    rows = page.of_class("loads")[0].every("tbody")[0].every("tr")
    shown = Counter((row.every("bdi")[0].text, numbers(row.every("td")[1].text)[0]) for row in rows)
    assert shown == Counter(
        (night.names[name], new[name] + int(load))
        for name, load in zip(night.problem.professionals, night.problem.kept_load, strict=True)
    )
    spread = Counter(min(new[name], 8) for name in night.problem.professionals)
    found = re.findall(r"(\d+)(?: professionals?)? with (\d+)", page.of_class("spread")[0].text)
    assert {int(having): int(many) for many, having in found} == spread


def test_the_heat_maps_are_means_over_the_horizon() -> None:
    night, page = night_and_page()
    grid = night.problem.grid
    local = [start.astimezone(ZONE) for start in grid.starts]
    tens = [k for k, at in enumerate(local) if (at.weekday(), at.hour) == (0, 14)]
    charts = page.at("hours").of_class("chart")
    for chart, free in zip(charts, (night.problem.student_free, night.problem.professional_free), strict=True):
        mean = sum(int((free[:, k] > 0).sum()) for k in tens) / len(tens)
        assert f"{mean:.1f}" in [text.text for text in chart.every("text")]


def test_the_unmatched_by_stage_and_the_tiers() -> None:
    night, page = night_and_page()
    section = page.at("unmatched")
    stages = Counter(one.stage.value for one in night.unmatched)
    heads = [row.text for row in section.of_class("day")]
    assert {head.rsplit(" ", 2)[0].lower(): numbers(head)[-1] for head in heads} == {
        stage.lower(): number for stage, number in stages.items()
    }
    waits = Counter(numbers(item.of_class("muted")[0].text)[0] for item in section.every("table")[0].every("li"))
    assert waits == Counter(one.waiting_days for one in night.unmatched)
    rows = page.of_class("tiers")[0].every("tbody")[0].every("tr")
    shown = [row.every("td")[1].text.split()[0].replace("−", "-").replace(",", "") for row in rows]
    assert shown == [str(tier.value) for tier in night.plan.tiers]


def test_what_changed_since_the_last_night() -> None:
    night, page = night_and_page()
    told = dict(
        zip(
            [one.text for one in page.of_class("diff")[0].every("dt")],
            [numbers(one.text)[0] for one in page.of_class("diff")[0].every("dd")],
            strict=True,
        )
    )
    coming = sum(booked.interval.end > night.as_of for booked in night.state.active())
    expected = {"new": len(night.plan.sessions), "moved": 1, "cancelled": 1, "kept": coming - 1}
    assert told == {**expected, "unmatched": len(night.unmatched)}
    rows = page.of_class("changes")[0].every("tbody")[0].every("tr")
    assert sorted(row.every("td")[0].text for row in rows) == ["cancelled", "moved"]


def test_advice_is_the_optimizers_and_names_who_it_is_for() -> None:
    night, page = night_and_page()
    told = advice_of(night)
    text = page.at("unmatched").text
    assert all(" ".join(sentence.split()) in text for sentence in (*told["asks"], *told["students"].values()))
    assert "--json" not in text
    assert set(told["students"]) <= {one.student for one in night.unmatched}


def test_report_overview_and_image_count_alike() -> None:
    night, _ = night_and_page()
    told = figures_of(document_of(night))
    new = Counter(one.professional for one in night.plan.sessions)
    assert told.sessions == sum(number * many for number, many in enumerate(told.spread)) == len(night.plan.sessions)
    assert told.professionals == len(night.problem.professionals)
    assert told.unmatched == len(night.unmatched)
    assert told.spread[0] == len(night.problem.professionals) - len(new)
    assert (
        told.served
        == len(new_students := {one.student for one in night.plan.sessions})
        + (night.conservation.students["already booked"])
    )
    assert new_students


def test_a_night_that_is_no_flow_says_that_advice_is_not_settled() -> None:
    night = make_night(make_settings(matching={"grid_minutes": 15}), make_sheets([{}] * 1))
    assert "Not settled" in advice_of(night)["asks"][0]
