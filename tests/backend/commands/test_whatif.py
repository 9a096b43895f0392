"""The grammar of `whatif`: each change, and the place of what is not understood."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.commands import main
from backend.nightly.changing import changes_from
from backend.nightly.exits import Exit, Stop
from backend.nightly.night import Night
from optimizer.explain.alterations import AddTime, Cap, Forbid, Out, PinTogether, TakeTime
from tests.backend.nightly.nights import make_night

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = [f"--{kind}={ROOT / 'sample_data' / kind}.csv" for kind in ("students", "professionals")]
SAMPLE.append("--as-of=2026-11-22T22:00")
ZONE = "America/New_York"


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "matching.toml").write_text((ROOT / "matching.toml").read_text())


@pytest.fixture(scope="module")
def night() -> Night:
    return make_night()


def names(night: Night) -> tuple[str, str]:
    student = next(one for one in night.students.values() if one.id in night.problem.students)
    professional = next(one for one in night.professionals.values() if one.id in night.problem.professionals)
    return student.name, professional.name


def test_each_change_is_read(night: Night):
    student, host = names(night)
    text = (
        f"{host} +Tue 18-19; {student} - Wed 9-10 ;{host} CAP 3;{host} cap 1 a week; {host} cap 2 per day;"
        f"{student} out;{student} with {host}; {host} not with {student}"
    )
    changes, typed = changes_from(night, text, ZONE)
    kinds = [AddTime, TakeTime, Cap, Cap, Cap, Out, PinTogether, Forbid]
    assert [type(one) for one in changes] == kinds
    assert [one.limit for one in changes if isinstance(one, Cap)] == ["horizon", "week", "day"]
    assert len(typed) == len(kinds)
    more = changes[0]
    assert isinstance(more, AddTime)
    assert all((span.end - span.start).total_seconds() == 3600 for span in more.windows)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("{host} +blub 3", "'blub 3': this is not understood as a time"),
        ("{host} cap", "not understood; say one of"),
        ("{student} cap 3", "only professionals have a cap"),
        ("{student} with {student}", "one of the two has to be a student"),
        ("Nobody Atall out", "'Nobody Atall': no person of tonight"),
        ("{host} +Dec 30 9am-10am", "no time of tonight's horizon"),
        (" ; ", "no change is named"),
    ],
)
def test_what_is_not_understood_is_named_with_its_place(night: Night, change: str, said: str):
    student, host = names(night)
    with pytest.raises(Stop) as refused:
        changes_from(night, change.format(student=student, host=host), ZONE)
    assert refused.value.code is Exit.USAGE
    assert said in refused.value.message


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_in_words(night: Night, text: str):
    refused = ""
    try:
        changes, typed = changes_from(night, text, ZONE)
    except Stop as stop:
        changes, typed, refused = (), (), stop.message
    assert len(changes) == len(typed)
    assert bool(changes) != bool(refused)


def test_the_difference_adds_up_and_nothing_is_stored(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    before = sorted(tmp_path.rglob("*"))
    assert main(["whatif", "Tom Becker out", *SAMPLE, "--json"]) == Exit.DONE
    told = json.loads(capsys.readouterr().out)["data"]
    lost = len(told["loses"]) + len(told["gone"]) - len(told["gains"])
    assert told["matched_before"] - told["matched_after"] == lost > 0
    assert told["same"] + len(told["moves"]) + len(told["gains"]) == told["matched_after"]
    assert sorted(tmp_path.rglob("*")) == before


def test_a_change_to_somebody_outside_tonights_question_is_refused_by_name(capsys: pytest.CaptureFixture[str]):
    assert main(["whatif", "Giulia Rossi out", *SAMPLE]) == Exit.USAGE
    assert "Giulia Rossi is not part of tonight's question" in capsys.readouterr().err


def test_pins_that_contradict_each_other_are_named(capsys: pytest.CaptureFixture[str]):
    assert main(["whatif", "Umar Farouk with Raj Malhotra; Umar Farouk not with Raj Malhotra", *SAMPLE]) == Exit.USAGE
    said = capsys.readouterr().err
    assert "pin of Umar Farouk to Raj Malhotra" in said


def test_advice_and_fairness_hold_data(capsys: pytest.CaptureFixture[str]):
    assert main(["advise", *SAMPLE, "--json"]) == Exit.DONE
    advice = json.loads(capsys.readouterr().out)["data"]
    assert advice["package"]["adds"] == len(advice["package"]["asks"]) == 3
    assert main(["fairness", *SAMPLE, "--json"]) == Exit.DONE
    points = json.loads(capsys.readouterr().out)["data"]
    assert [point["chosen"] for point in points] == [True] + [False] * (len(points) - 1)
    assert len(points) > 8
