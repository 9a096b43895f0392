"""Staff's decisions from the command line, on the record."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from backend.commands import main
from backend.commands.options import now, settings_from
from backend.nightly.exits import Exit
from backend.record.opening import open_record, opened
from tests.backend.nightly.nights import PROFESSIONAL, STUDENT

TODAY = datetime.now(UTC)


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "matching.toml").write_text('[program]\nkey = "demo"\nzone = "UTC"\n')


def day(ahead: int) -> str:
    return (TODAY + timedelta(days=ahead)).strftime("%Y-%m-%d")


def write(name: str, defaults: dict[str, str], rows: Sequence[dict[str, str]]) -> str:
    with open(name, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(defaults))
        writer.writeheader()
        writer.writerows({**defaults, **row} for row in rows)
    return name


def run_night(students: Sequence[dict[str, str]], professionals: Sequence[dict[str, str]], *more: str) -> None:
    asked = {**STUDENT, "Timestamp": f"{day(-2)} 09:00:00", "Time Zone": "UTC", "Discord Username": ""}
    offered = {**PROFESSIONAL, "Timestamp": f"{day(-2)} 09:00:00", "Your Time Zone": "UTC"}
    offered |= {"Availability Start Date": day(0), "Availability End Date": day(20)}
    offered |= {"Preferred Days of the Week": "", "Preferred Time Slots (Select all that work for you)": ""}
    sheets = ["--students", write("s.csv", asked, students), "--professionals", write("p.csv", offered, professionals)]
    assert main(("run", *sheets, *more)) == Exit.DONE


def times(*ahead: int) -> str:
    return ", ".join(f"{day(one)} 10:00-10:30" for one in ahead)


def ana(*ahead: int) -> dict[str, str]:
    return {"Availability": times(*ahead)}


def bob(*ahead: int) -> dict[str, str]:
    return {"Email Address": "bob@example.org", "Full Name": "Bob Lee", "Availability": times(*ahead)}


def john(*ahead: int) -> dict[str, str]:
    return {"Specific Available Times": times(*ahead)}


def eve(*ahead: int) -> dict[str, str]:
    return {"Email Address": "eve@example.com", "Full Name": "Eve Ray", "Specific Available Times": times(*ahead)}


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: Exit = Exit.DONE) -> Any:
    capsys.readouterr()
    assert main((*arguments, "--json")) == code
    return json.loads(capsys.readouterr().out)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str, code: Exit = Exit.USAGE) -> str:
    capsys.readouterr()
    assert main(arguments) == code
    return capsys.readouterr().err


def standing() -> set[tuple[str, str, str]]:
    """Who meets whom on which day, from now on."""
    state = open_record(settings_from(None), now).state()
    people = state.people
    return {
        (
            people.students[one.session.student].name.split()[0],
            people.professionals[one.session.professional].name.split()[0],
            one.session.start.strftime("%Y-%m-%d"),
        )
        for one in state.active()
    }


def actions() -> list[str]:
    with opened(settings_from(None)):
        from backend.record.models import AuditEntry

        return list(AuditEntry.objects.filter(channel="cli", actor_kind="owner").values_list("action", flat=True))


def test_a_pin_and_a_forbidden_pair_decide_the_next_night_and_can_be_taken_back(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run_night([ana(-9), bob(3)], [john(3, 4), eve(3, 4)])
    assert len(standing()) == 1
    met = next(iter(standing()))[1]
    other, name = ("Eve Ray", "Eve") if met == "John" else ("John Doe", "John")
    told(capsys, "forbid", "Ana Gomez", "John Doe")
    told(capsys, "pin", "ana@example.org", other)
    assert "pinned already" in refused(capsys, "pin", "Ana Gomez", other, code=Exit.STALE_PLAN)
    told(capsys, "pin", "Ana Gomez", other, "--off")
    told(capsys, "forbid", "Ana Gomez", "John Doe", "--off")
    assert "are not pinned" in refused(capsys, "pin", "Ana Gomez", other, "--off")
    told(capsys, "pin", "Ana Gomez", other, "--at", f"{day(4)}T10:00")
    run_night([ana(3, 4), bob(3)], [john(3, 4), eve(3, 4)], "--again")
    assert ("Ana", name, day(4)) in standing()
    assert set(actions()) == {"pin", "unpin", "forbid", "allow"}


def test_who_is_paused_is_left_out_until_it_is_taken_back(capsys: pytest.CaptureFixture[str]) -> None:
    run_night([ana(-9)], [john(3)])
    told(capsys, "pause", "John Doe", "--until", day(10))
    run_night([ana(3)], [john(3)], "--again")
    assert standing() == set()
    told(capsys, "pause", "John Doe", "--off")
    run_night([ana(3)], [john(3)], "--again")
    assert standing() == {("Ana", "John", day(3))}
    assert "has passed" in refused(capsys, "pause", "John Doe", "--until", day(-10))


def test_a_session_is_booked_moved_and_cancelled_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    run_night([ana(-9)], [john(3)])
    booked = told(capsys, "schedule", "Ana", "John", "--at", f"{day(5)}T10:00")
    assert standing() == {("Ana", "John", day(5))}
    clash = refused(capsys, "schedule", "Ana", "John", "--at", f"{day(5)}T10:15", code=Exit.STALE_PLAN)
    assert "in another session" in clash
    told(capsys, "reschedule", booked["reference"], "--at", f"{day(6)}T10:00")
    assert standing() == {("Ana", "John", day(6))}
    assert "is booked" not in refused(capsys, "reschedule", "Ana", "--at", "yesterday")
    gone = told(capsys, "cancel", "Ana")
    assert (gone["state"], standing()) == ("cancelled", set())
    assert "0 sessions to come" in refused(capsys, "cancel", "Ana")
    assert set(actions()) >= {"book", "reschedule", "cancel"}


def test_limits_hold_unless_overridden(capsys: pytest.CaptureFixture[str]) -> None:
    Path("matching.toml").write_text('[program]\nkey = "demo"\nzone = "UTC"\n[matching]\nlimit_per_day = 1\n')
    run_night([ana(-9), bob(-9)], [john(3)])
    told(capsys, "schedule", "Ana", "John", "--at", f"{day(5)}T10:00")
    full = refused(capsys, "schedule", "Bob", "John", "--at", f"{day(5)}T11:00", code=Exit.STALE_PLAN)
    assert "1 of 1 reviews in that day" in full
    told(capsys, "schedule", "Bob", "John", "--at", f"{day(5)}T11:00", "--override")
    assert len(standing()) == 2


def test_the_menu_of_a_cancellation_shows_what_moving_others_would_give_and_does_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("matching.toml").write_text('[program]\nkey = "demo"\nzone = "UTC"\n[matching]\nlimit_per_day = 1\n')
    run_night([ana(3, 4), bob(4, 5)], [john(3, 4, 5)])
    assert {one[0] for one in standing()} == {"Ana", "Bob"}
    before = {one[0]: one[2] for one in standing()}
    menu = told(capsys, "cancel", "Ana", "--by", "student", "--menu")
    assert [(one["moved"], one["sessions"]) for one in menu["options"]] == [(0, 1), (1, 2)]
    assert main(("cancel", "Ana", "--by", "student", "--menu")) == Exit.DONE
    shown = capsys.readouterr().out
    assert "1 person moved, 2 sessions in all" in shown
    assert f"moved: Bob Lee with John Doe, {(TODAY + timedelta(days=5)):%a %d %b} 10:00" in " ".join(shown.split())
    assert {one[0] for one in standing()} == {"Ana", "Bob"}
    text = refused(capsys, "cancel", "Ana", "--by", "student", "--choose", "9")
    assert "no option 9" in text
    told(capsys, "cancel", "Ana", "--by", "student", "--choose", str(len(menu["options"])))
    after = {one[0]: one[2] for one in standing()}
    assert set(after) == {"Ana", "Bob"}
    assert after["Ana"] != before["Ana"]


def test_the_menu_gives_nobody_what_stands_of_somebody_with_two_sessions(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("matching.toml").write_text('[program]\nkey = "demo"\nzone = "UTC"\n[matching]\nlimit_per_day = 1\n')
    run_night([ana(3, 4), bob(4, 5)], [john(3, 4)])
    assert standing() == {("Ana", "John", day(3)), ("Bob", "John", day(4))}
    told(capsys, "schedule", "Bob", "John", "--at", f"{day(9)}T10:00", "--override")
    nothing = told(capsys, "cancel", "Ana", "--by", "student", "--menu")
    assert [one["sessions"] for one in nothing["options"]] == [0]


def test_a_session_that_no_night_made_has_no_menu(capsys: pytest.CaptureFixture[str]) -> None:
    run_night([ana(-9)], [john(3)])
    told(capsys, "schedule", "Ana", "John", "--at", f"{day(5)}T10:00")
    assert "matches anew" in told(capsys, "cancel", "Ana", "--menu")["why"]


def test_a_person_is_erased_only_on_purpose_and_only_by_key(capsys: pytest.CaptureFixture[str]) -> None:
    run_night([ana(3)], [john(3)])
    assert "add --yes" in refused(capsys, "erase", "ana@example.org")
    assert "names are not enough" in refused(capsys, "erase", "Ana Gomez", "--yes")
    told(capsys, "erase", "ana@example.org", "--yes")
    assert standing() == set()
    with opened(settings_from(None)):
        from backend.record.models import Person

        assert not Person.objects.filter(email="ana@example.org").exists()


@pytest.mark.parametrize(
    "arguments", [("pin", "Nobody", "John"), ("pin", "Ana", "Ana"), ("schedule", "Ana", "John", "--at", "soon")]
)
def test_a_wrong_call_says_so(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    run_night([ana(-9)], [john(3)])
    shown = refused(capsys, *arguments)
    assert "Traceback" not in shown
    assert shown.startswith("run_matching: ")
