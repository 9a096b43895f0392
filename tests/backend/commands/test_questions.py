"""`suggest` and `explain` as a user meets them, and the worked examples of the document."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from backend.commands import main
from backend.commands.columns import cells
from backend.nightly.exits import Exit

ROOT = Path(__file__).resolve().parents[3]
SHEETS = ("--students", "sample_data/students.csv", "--professionals", "sample_data/professionals.csv")
SAMPLE = (*SHEETS, "--as-of", "2026-11-22T22:00")
EXAMPLE = re.compile(r"```console\n\$ python run_matching\.py (.*?)\n(.*?)```", re.DOTALL)
EXAMPLES = EXAMPLE.findall((ROOT / "docs" / "explanations.md").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the project's settings and sample data, and no earlier nights."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "matching.toml").write_text((ROOT / "matching.toml").read_text())
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")


def ask(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main([*arguments, *SAMPLE])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@pytest.mark.parametrize(("command", "printed"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_the_worked_examples_are_what_the_commands_print(command, printed, capsys) -> None:
    code, out, _ = ask(capsys, *shlex.split(command.replace("$SAMPLE", "")))
    assert (code, out) == (Exit.DONE, printed)
    assert max(cells(line) for line in out.splitlines()) <= 80


def test_the_document_shows_each_kind() -> None:
    assert {command.split()[0] for command, _ in EXAMPLES} == {"suggest", "explain", "whatif", "advise", "fairness"}


def test_answers_change_nothing(capsys, tmp_path: Path) -> None:
    before = sorted(path for path in tmp_path.rglob("*"))
    for command in ("suggest", "explain"):
        assert ask(capsys, command, "Ulla Berg")[0] == Exit.DONE
    assert sorted(path for path in tmp_path.rglob("*")) == before


def test_json_holds_data_sentences_and_names(capsys) -> None:
    code, out, _ = ask(capsys, "suggest", "umar  FAROUK", "--most", "2", "--json")
    document = json.loads(out)
    assert (code, document["format"], len(document["data"])) == (Exit.DONE, "matching-answer/1", 2)
    assert document["entries"][0]["title"] == "Raj Malhotra"
    assert set(document["names"].values()) >= {"Raj Malhotra"}
    assert document["data"][0]["windows"][0] == {"start": "2026-12-01T20:00:00Z", "end": "2026-12-01T21:00:00Z"}
    assert "@" not in out


def test_a_person_is_found_by_id_address_and_part_of_the_name(capsys) -> None:
    by_name = ask(capsys, "explain", "Ulla", "--json")[1]
    sheet = (ROOT / "sample_data" / "students.csv").read_text(encoding="utf-8")
    address = next(part for part in sheet.split(",") if "@" in part and "ulla" in part.lower())
    assert ask(capsys, "explain", address.upper(), "--json")[1] == by_name
    person = json.loads(by_name)["data"]["student"]
    assert ask(capsys, "explain", person, "--json")[1] == by_name


def test_several_people_are_listed_and_an_unknown_name_gets_the_nearest(capsys) -> None:
    code, _, said = ask(capsys, "explain", "John")
    assert code == Exit.USAGE
    assert "John Doe (" in said
    assert "John Doerr (" in said
    code, _, said = ask(capsys, "suggest", "Ula Berk")
    assert (code, "did you mean Ulla Berg?" in said) == (Exit.USAGE, True)
    code, _, said = ask(capsys, "suggest", "stranger@example.org")
    assert (code, "stranger" in said) == (Exit.USAGE, False)


def test_a_professional_gets_no_suggestions(capsys) -> None:
    assert ask(capsys, "suggest", "Tom Becker")[0] == Exit.USAGE


def test_an_unknown_zone_is_a_usage_error(capsys) -> None:
    assert ask(capsys, "explain", "Ulla Berg", "--zone", "Mars/Olympus")[0] == Exit.USAGE


@pytest.mark.parametrize("audience", ["student", "professional"])
def test_other_students_are_named_to_staff_alone(audience, capsys) -> None:
    names = {"Paul Stein", "Rita Vance", "Seth Moore", "Tess King"}
    for command in ("explain", "suggest"):
        assert any(name in ask(capsys, command, "Ulla Berg")[1] for name in names)
        for extra in ((), ("--json",)):
            out = ask(capsys, command, "Ulla Berg", "--audience", audience, *extra)[1]
            assert not [name for name in names if name in out]


def test_students_do_not_hear_whom_a_professional_meets(capsys) -> None:
    for extra in ((), ("--json",)):
        assert "Paul Stein" in ask(capsys, "explain", "Tom Becker", "--audience", "professional", *extra)[1]
        out = ask(capsys, "explain", "Tom Becker", "--audience", "student", *extra)[1]
        assert "Paul Stein" not in out
        assert "Tom Becker" in out
