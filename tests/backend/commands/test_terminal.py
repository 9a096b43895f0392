"""What a person reads in the terminal: complete, at most 80 columns, and never obeyed by the terminal."""

from __future__ import annotations

import re
from typing import Any

import click
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from wcwidth import wcswidth

from backend.commands.columns import WIDTH, cells
from backend.commands.terminal import SHOWN_ISSUES, SHOWN_SESSIONS, night_text
from tests.backend.report.document import make_document, make_empty_document

BASE = make_document()
SIGNS = st.one_of(
    st.characters(codec=None), st.sampled_from(list("名前한🧑💻❤☺🇩\u0301\u200d\ufe0f\x1b[31m\x9b\u202e \n\t"))
)


def plain(document: dict[str, Any]) -> str:
    return click.unstyle(night_text(document))


def renamed(text: str) -> dict[str, Any]:
    """A night in which every free text is the given one."""
    document = make_document(students=12, professionals=4, unmatched=6)
    document["run"] |= {"program_name": text, "id": text}
    for session in document["sessions"]:
        session |= {"student_name": text, "professional_name": text}
    for entry in document["unmatched"]:
        entry |= {"name": text, "sentence": text, "stage": text}
    for issue in document["issues"]:
        issue |= {"sheet": text, "column": text, "text": text, "reason": text, "fix": text}
    for entry in document["to_confirm"]:
        entry |= {"name": text, "sheet": text, "text": text, "echo": text, "why": text}
    document["certificate"] |= {"checker": "rejected", "reasons": [text]}
    return document


HOSTILE = [
    "名前" * 60,
    "🧑‍💻" * 50,
    "❤️" * 90,
    "x" * 500,
    "e\u0301" * 200,
    "\x1b[2J\x1b]0;title\x07",
    "a\nb\rc\x9b31m",
    "",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_line_is_wider_than_eighty_columns(text: str) -> None:
    for line in plain(renamed(text)).split("\n"):
        assert max(cells(line), wcswidth(line)) <= WIDTH, line


@settings(max_examples=40)
@given(st.text(SIGNS, max_size=200))
def test_no_text_breaks_the_width_or_reaches_the_terminal_as_a_command(text: str) -> None:
    shown = plain(renamed(text))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)
    assert max(cells(line) for line in shown.split("\n")) <= WIDTH


def test_only_our_own_colours_are_sent() -> None:
    codes = set(re.findall("\x1b[^m]*m", night_text(renamed("\x1b[5mblink\x1b[0m"))))
    assert codes <= {"\x1b[0m", "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[33m"}


@pytest.mark.parametrize("colour", [False, True])
def test_colour_is_for_those_who_want_it(colour: bool) -> None:
    @click.command()
    def show() -> None:
        click.echo(night_text(BASE))

    assert ("\x1b" in CliRunner().invoke(show, color=colour).output) == colour


def test_every_session_stands_under_its_local_day() -> None:
    lines = plain(BASE).split("\n")
    assert f"Plan ({len(BASE['sessions'])} sessions, fit from 1 to 20)" in lines
    start = lines.index("  Tuesday, 24 November")
    first = BASE["sessions"][0]
    assert lines[start + 1].split()[0] == "09:30"
    assert first["student_name"] in lines[start + 1]
    assert first["professional_name"] in lines[start + 1]
    assert sum(bool(re.match(r"    \d\d:\d\d  ", line)) for line in lines) == len(BASE["sessions"])


def test_the_equations_are_printed() -> None:
    assert "student rows       66 = 1 blank + 2 duplicate + 3 superseded + 1 rejected + 1" in plain(BASE)
    assert "students           58 = 42 matched + 13 unmatched + 1 paused + 2 expired" in plain(BASE)


def test_what_could_not_be_read_has_place_reason_and_fix() -> None:
    shown = plain(BASE)
    assert '  students row 12, Time Zone: "Marz"\n      no such time zone -> Use a name such as' in shown
    assert "dana.gmail.com" not in shown
    assert shown.index("Marz") < shown.index("a few")
    assert "1 note without need to act" in shown


def test_long_lists_say_how_many_more_there_are() -> None:
    document = make_document(students=150, professionals=30, unmatched=20)
    document["issues"] = document["issues"][:1] * (SHOWN_ISSUES + 5)
    shown = plain(document)
    assert "  and 5 more; --json lists all" in shown
    assert f"  and {len(document['sessions']) - SHOWN_SESSIONS} more; --json lists all" in shown


def test_the_unmatched_stand_under_their_reason_with_their_wait() -> None:
    shown = " ".join(plain(BASE).split())
    assert "Unmatched (13 students)" in shown
    for entry in BASE["unmatched"]:
        assert entry["sentence"] in shown
        assert f"{entry['name']} ({entry['waiting_days']} day" in shown


def test_the_proof_and_the_changes_come_last() -> None:
    shown = plain(BASE)
    assert "Proven best\n  Under the program's rules no other plan is better." in shown
    assert shown.endswith("\n+ 42 new  ~ 0 moved  - 0 cancelled  = 0 kept  ! 13 unmatched")


def test_a_rejected_plan_says_so() -> None:
    document = make_document()
    document["certificate"] |= {"checker": "rejected", "reasons": ["two sessions at once"]}
    assert "Rejected by the checker\n  Nothing of this plan may be booked. two sessions at once" in plain(document)


def test_a_night_without_answers_is_told_too() -> None:
    shown = plain(make_empty_document())
    assert "Plan (0 sessions, fit from 1 to 20)\n  no sessions" in shown
    assert "Unmatched" not in shown
