"""The report shows the night's document: all of it, nothing else, to everybody, and nothing in it can do harm."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from backend.report import render
from backend.report.charts import STRONGEST
from tests.backend.report.document import instant, make_document, make_empty_document
from tests.backend.report.page import Element, read_page

ROOT = Path(__file__).resolve().parents[3]
CSS = (ROOT / "backend" / "report" / "report.css").read_text(encoding="utf-8")


def page_of(document: dict[str, Any]) -> Element:
    return read_page(render(document))


def kept_session(document: dict[str, Any]) -> dict[str, Any]:
    first = document["sessions"][0]
    people = {name: first[name] for name in ("student", "student_name", "professional", "professional_name")}
    return people | {"start": instant(1, 12), "end": instant(1, 12, 30)}


def test_headings_are_in_order_and_start_with_one() -> None:
    levels = [int(one.tag[1]) for one in page_of(make_document()).every("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_tables_have_captions_and_headers_with_a_scope() -> None:
    tables = page_of(make_document()).every("table")
    assert len(tables) >= 6
    for table in tables:
        assert table.every("caption")
        assert table.every("thead")
        assert all(header.attributes.get("scope") for header in table.every("th"))


def test_charts_have_a_title_and_a_description() -> None:
    charts = page_of(make_document()).of_class("chart")
    assert len(charts) >= 3
    for chart in charts:
        title, description = chart.every("title")[0], chart.every("desc")[0]
        assert chart.attributes["role"] == "img"
        assert chart.attributes["aria-labelledby"].split() == [title.attributes["id"], description.attributes["id"]]
        assert title.text
        assert description.text


def test_ids_are_unique_and_every_reference_leads_somewhere() -> None:
    elements = page_of(make_document()).every()
    ids = [one.attributes["id"] for one in elements if "id" in one.attributes]
    assert len(set(ids)) == len(ids)
    asked = [one.attributes["href"].removeprefix("#") for one in elements if "href" in one.attributes]
    asked += [name for one in elements for name in one.attributes.get("aria-labelledby", "").split()]
    assert set(asked) <= set(ids)


def test_nothing_is_loaded_and_nothing_runs() -> None:
    html = render(make_document())
    assert not page_of(make_document()).every("script", "link", "img", "iframe", "object", "form")
    assert not re.search(r"https?:|@import|url\(|\bon\w+=|javascript:", html)


def test_headline_numbers_are_the_documents() -> None:
    document = make_document()
    tiles = [tile.text for tile in page_of(document).of_class("tiles")[0].every("li")]
    students = document["counts"]["students"]["parts"]
    assert tiles[0].startswith(f"{students['matched']} of {students['matched'] + students['unmatched']} ")
    assert tiles[1].startswith(f"{len(document['unmatched'])} ")
    assert tiles[2].startswith(f"{len(document['sessions'])} new sessions")
    busy = sum(load["sessions"] > 0 for load in document["loads"])
    assert tiles[3].startswith(f"{busy} of {len(document['loads'])} ")


def test_every_session_stands_under_its_local_day_and_time() -> None:
    document = make_document()
    document["sessions"] = document["sessions"][:1]
    document["sessions"][0] |= {"start": "2026-12-01T03:30:00Z", "end": "2026-12-01T04:00:00Z"}
    table = page_of(document).of_class("sessions")[0]
    day, meeting = (row.text for row in table.every("tbody")[0].every("tr"))
    assert day == "Monday, 30 November 1 session"
    assert meeting.startswith("22:30 23:00 ")


def test_all_sessions_are_listed_with_names_fit_and_parts() -> None:
    document = make_document()
    rows = [row.text for row in page_of(document).of_class("sessions")[0].every("tr")]
    for session in document["sessions"]:
        row = next(row for row in rows if session["reference"] in row)
        assert session["student_name"] in row
        assert f"with {session['professional_name']}" in row
        assert f" {session['quality']} " in row
        assert all(f"{part['name']} {part['points']}" in row for part in session["parts"])
        assert (session["certainty"] in row) == (session["certainty"] != "certain")


def test_kept_sessions_stand_among_the_others() -> None:
    document = make_document()
    document["kept"] = [kept_session(document)]
    page = page_of(document)
    assert "kept" in [badge.text for badge in page.of_class("badge")]
    assert "+ 1 kept" in page.of_class("tiles")[0].text


def test_the_week_charts_count_all_sessions() -> None:
    document = make_document()
    document["kept"] = [kept_session(document)]
    charts = page_of(document).at("plan").of_class("chart")
    totals = [int(re.findall(r"(\d+) session", chart.every("title")[0].text)[0]) for chart in charts]
    assert sum(totals) == len(document["sessions"]) + 1
    for chart, total in zip(charts, totals, strict=True):
        assert sum(int(number) for number in re.findall(r": (\d+)", chart.every("desc")[0].text)) == total


def test_the_unmatched_are_listed_once_with_stage_sentence_and_wait() -> None:
    document = make_document()
    section = page_of(document).at("unmatched")
    listed = [entry.text for entry in section.every("li")]
    waits = {0: "0 days", 1: "1 day"}
    told = [
        f"{one['name']} {waits.get(one['waiting_days'], str(one['waiting_days']) + ' days')}"
        for one in document["unmatched"]
    ]
    assert sorted(listed) == sorted(told)
    for entry in document["unmatched"]:
        assert entry["stage"].capitalize() in section.text
        assert entry["sentence"] in section.text


def test_who_got_the_places_is_named() -> None:
    document = make_document()
    served = document["sessions"][0]
    document["unmatched"][0]["rivals"] = [document["unmatched"][0]["student"], served["student"]]
    assert f"The places go to {served['student_name']} ." in page_of(document).at("unmatched").text


def test_loads_tiers_and_equations_show_the_documents_numbers() -> None:
    document = make_document()
    page = page_of(document)
    loads = [row.text for row in page.of_class("loads")[0].every("tbody")[0].every("tr")]
    assert sorted(loads) == sorted(
        f"{one['name']} {', '.join(one['industries'])} {one['sessions']} of {one['capacity']}"
        for one in document["loads"]
    )
    for tier in document["certificate"]["tiers"]:
        assert f"{tier['value']:,}".replace("-", "−") in page.at("proof").text
        assert tier["sentence"] in page.at("proof").text
    for count in document["counts"].values():
        told = " + ".join(f"{number} {name}" for name, number in count["parts"].items())
        assert f"= {told}" in page.at("everyone").text
    assert "does not add up" not in page.text


def test_an_equation_that_does_not_add_up_says_so() -> None:
    document = make_document()
    document["counts"]["students"]["total"] += 1
    assert "does not add up" in page_of(document).at("everyone").text


def test_no_limit_is_said_in_words() -> None:
    document = make_document()
    document["loads"][0] |= {"capacity": 1_000_000, "kept": 2}
    text = page_of(document).of_class("loads")[0].text
    assert f"{document['loads'][0]['sessions'] + 2} no limit 2 kept" in text


def test_heat_maps_show_every_number_and_mark_hours_that_nobody_offers() -> None:
    document = make_document()
    demand, supply = page_of(document).at("hours").of_class("chart")
    for chart, name in ((demand, "demand"), (supply, "supply")):
        shown = [text.text for text in chart.every("text") if "." in text.text]
        values = [value for row in zip(*document["heat"][name], strict=True) for value in row if value]
        assert shown == [f"{value:.1f}" for value in values]
    assert "var(--warn)" in render(document)
    document["heat"]["supply"] = [[1.0] * 15 for _ in range(7)]
    assert "outlined" not in page_of(document).at("hours").text


def test_everybody_outside_the_match_is_named_with_the_outcome() -> None:
    document = make_document()
    text = page_of(document).at("everyone").text
    for entry in document["others"]:
        assert f"{entry['name']} {entry['kind']} {entry['outcome']}" in text


def test_issues_name_place_text_reason_and_fix_but_no_address() -> None:
    document = make_document()
    text = page_of(document).at("issues").text
    for issue in document["issues"]:
        assert f"{issue['sheet']} row {issue['row']}, {issue['column']}" in text
        assert f"{issue['reason']} {issue['fix']}" in text
        assert issue["column"] == "Email Address" or issue["text"] in text
    assert "dana.gmail.com" not in render(document)


def test_readings_to_confirm_mark_what_was_not_understood() -> None:
    document = make_document()
    card = page_of(document).of_class("cards")[0].every("li")[0]
    assert [mark.text for mark in card.every("mark")] == ["not during my lab thing"]
    assert document["to_confirm"][0]["echo"] in card.text
    assert document["to_confirm"][0]["assumptions"][0]["sentence"] in card.text


def test_an_unproven_and_a_rejected_plan_do_not_look_proven() -> None:
    document = make_document()
    document["certificate"]["proven"] = False
    document["certificate"]["tiers"][3] |= {"status": "solver-claimed", "gap": 5, "bound": 71_199}
    verdict = page_of(document).of_class("verdict")[0]
    assert "Proven: 3 rules of 7" in verdict.text
    assert "care" in verdict.attributes["class"]
    document["certificate"] |= {"checker": "rejected", "reasons": ["s-004 meets two people at once."]}
    verdict = page_of(document).of_class("verdict")[0]
    assert "Rejected by the checker Nothing of this plan may be booked. s-004 meets" in verdict.text
    assert "bad" in verdict.attributes["class"]


def test_a_night_without_answers_has_a_report() -> None:
    page = page_of(make_empty_document())
    assert "No sessions tonight." in page.text
    assert "Every student who could be matched has a session." in page.text


HOSTILE = "</title></style><script>alert(1)</script>{{ 7*7 }}{% raw %}\"'><img src=x onerror=alert(1)>&amp;$x^2$"


def poisoned(value: Any, poison: str, keep: tuple[str, ...]) -> Any:
    """The document with every free text replaced."""
    if isinstance(value, dict):
        return {name: part if name in keep else poisoned(part, poison, keep) for name, part in value.items()}
    if isinstance(value, list):
        return [poisoned(part, poison, keep) for part in value]
    return poison if isinstance(value, str) else value


STRUCTURE = ("format", "night", "as_of", "zone", "horizon_first", "start", "end", "certainty", "severity", "days")
STRUCTURE += ("status", "checker", "student", "professional", "person", "rivals", "hosts")


def test_hostile_text_stays_text() -> None:
    page = page_of(poisoned(make_document(), HOSTILE, STRUCTURE))
    assert not page.every("script", "img")
    assert " ".join(HOSTILE.split()) in page.of_class("sessions")[0].text
    assert page.every("title")[0].text.startswith(HOSTILE[:20])


@pytest.mark.parametrize("text", ["\x1b[31mred\x07", "\u202egnp.exe", "half \ud800 pair", "nul\x00", "\x9b2J"])
def test_control_characters_are_blotted_out(text: str) -> None:
    html = render(poisoned(make_document(), text, STRUCTURE))
    assert html.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", html)


@pytest.mark.parametrize(
    "text", ["ana@example.org", "call (ana@example.org), Mon 2-4", '"a b"@example.org', "ana＠example.org"]
)
def test_no_address_reaches_the_page(text: str) -> None:
    html = render(poisoned(make_document(), text, STRUCTURE))
    assert "example.org" not in html
    assert "•••" in html


def test_the_same_bytes_under_every_hash_seed() -> None:
    program = (
        "import sys; from backend.report import render; from tests.backend.report.document import make_document;"
        "sys.stdout.buffer.write(render(make_document()).encode())"
    )
    pages = [
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert pages[0] == pages[1] == render(make_document()).encode()


def test_the_document_is_left_as_it_was() -> None:
    document = make_document()
    render(document)
    assert document == make_document()


def test_a_large_night_stays_a_small_file() -> None:
    assert len(render(make_document(students=300, professionals=100, unmatched=60)).encode()) < 2_000_000


def luminance(colour: tuple[float, ...]) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_stands_out_from_what_it_stands_on(theme: int) -> None:
    found = re.findall(r"--([a-z-]+): #([0-9a-f]{6})", re.findall(r":root \{.*?\}", CSS, re.DOTALL)[theme])
    colour = {name: tuple(int(code[k : k + 2], 16) / 255 for k in (0, 2, 4)) for name, code in found}
    pairs = [
        (text, ground) for text in ("ink", "muted", "accent", "good", "warn", "bad") for ground in ("page", "card")
    ]
    pairs += [
        ("good", "good-soft"),
        ("warn", "warn-soft"),
        ("bad", "bad-soft"),
        ("accent", "soft"),
        ("on-accent", "accent"),
    ]
    pairs += [("ink", "good-soft"), ("ink", "warn-soft"), ("ink", "bad-soft")]
    assert [pair for pair in pairs if contrast(colour[pair[0]], colour[pair[1]]) < 4.5] == []
    fullest = tuple(
        STRONGEST * heat + (1 - STRONGEST) * page for heat, page in zip(colour["heat"], colour["page"], strict=True)
    )
    assert contrast(colour["ink"], fullest) >= 4.5
