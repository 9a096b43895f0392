"""`outbox`, `run --hold` and `release`: staff look first, and decide about what could not be sent."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backend.commands import main
from backend.commands.options import settings_from
from backend.nightly.exits import Exit
from backend.record.opening import opened
from tests.backend.commands.test_overrides import ana, bob, eve, john, refused, run_night, told
from tests.standins.loopback import Answer, Loopback
from tests.standins.smtp_server import SmtpServer

PEOPLE = ([ana(2), bob(3)], [john(2), eve(3)])
AGAIN = ("run", "--students", "s.csv", "--professionals", "p.csv")
PROGRAM = '[program]\nkey = "demo"\nzone = "UTC"\n'


@pytest.fixture(scope="module")
def booked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return night_in(tmp_path_factory.mktemp("booked"))


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return night_in(tmp_path_factory.mktemp("held"), "--hold")


def night_in(folder: Path, *options: str) -> Path:
    """A folder in which one night was run, with nothing sent yet; tests work on copies."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        Path("matching.toml").write_text(PROGRAM)
        run_night(*PEOPLE, *options)
    return folder


@pytest.fixture
def at_booked(booked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shutil.copytree(booked, tmp_path / "copy"))


@pytest.fixture
def at_held(held: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shutil.copytree(held, tmp_path / "copy"))


@pytest.fixture
def mailbox() -> Iterator[SmtpServer]:
    with taking_mail() as server:
        yield server


@contextmanager
def taking_mail() -> Iterator[SmtpServer]:
    """A mail server, with the settings that send through it."""
    with SmtpServer() as server:
        Path("matching.toml").write_text(
            f"{PROGRAM}[publish]\nenabled = true\npatience_seconds = 0\n"
            f'[mail]\nhost = "127.0.0.1"\nport = {server.port}\ntls = "none"\nsender = "staff@example.org"\n'
        )
        yield server


def states(capsys: pytest.CaptureFixture[str]) -> dict[str, int]:
    counts = told(capsys, "outbox", "list")["counts"]
    return {state: number for state, number in counts.items() if number}


def set_state(state: str, problem: str = "", attempts: int = 1, *, place: int = 0, **fields: datetime) -> int:
    """An item's number, after it went wrong. `place`: counted from the first."""
    with opened(settings_from(None)):
        from backend.record.models import OutboxItem

        number = int(OutboxItem.objects.order_by("pk")[place].pk)
        OutboxItem.objects.filter(pk=number).update(state=state, problem=problem, attempts=attempts, **fields)
        return number


def audit(action: str) -> list[tuple[str, str, dict[str, object]]]:
    with opened(settings_from(None)):
        from backend.record.models import AuditEntry

        rows = AuditEntry.objects.filter(action=action)
        return [(row.actor_kind, row.channel, {"before": row.before, "after": row.after}) for row in rows]


def test_the_list_shows_state_age_attempts_and_reason_in_80_columns_and_nobody(
    at_booked: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    number = set_state("dead", "Google Calendar answered 400: " + "long " * 30)
    capsys.readouterr()
    assert main(("outbox", "list")) == Exit.DONE
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    assert re.search(rf"{number}  calendar   dead     \S+\s+\d+ min +1\n +Google Calendar answered 400", text)
    document = told(capsys, "outbox", "list")
    assert [one["state"] for one in document["items"]] == ["dead", "pending", "pending", "pending"]
    everything = text + json.dumps(document)
    assert not [word for word in ("Ana", "Bob", "John", "Eve", "example") if word in everything]


def test_a_dead_item_is_retried_and_counted_anew(at_booked: None, capsys: pytest.CaptureFixture[str]) -> None:
    number = set_state("dead", "no", attempts=3)
    (item,) = told(capsys, "outbox", "retry", str(number))["items"]
    assert (item["state"], item["attempts"], item["problem"]) == ("pending", 0, "")
    who, door, facts = audit("retry")[0]
    assert (who, door) == ("owner", "cli")
    assert facts == {"before": {"state": "dead", "attempts": 3}, "after": {"state": "pending", "attempts": 0}}


def test_a_dropped_item_keeps_its_reason_and_is_no_longer_counted_as_given_up(
    at_booked: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    number = set_state("unknown")
    (item,) = told(capsys, "outbox", "drop", str(number), "--because", "told")["items"]
    assert (item["state"], item["problem"]) == ("dropped", "dropped by staff: told by other means")
    assert audit("drop")[0][2]["after"] == {"state": "dead", "because": "told"}
    from backend.commands.options import now
    from backend.record.opening import open_record

    assert open_record(settings_from(None), now).given_up() == 0


def test_all_numbers_are_changed_or_none(at_booked: None, capsys: pytest.CaptureFixture[str]) -> None:
    number = set_state("dead", "no")
    assert "no such item: 999" in refused(capsys, "outbox", "retry", str(number), "999")
    sent = set_state("sent")
    message = refused(capsys, "outbox", "drop", str(sent + 1), str(sent), "--because", "told", code=Exit.STALE_PLAN)
    assert f"item {sent}: it was sent already; nothing was changed" in message
    assert states(capsys) == {"pending": 3, "sent": 1}
    assert "say which" in refused(capsys, "outbox", "retry")


def test_everything_given_up_means_what_nobody_decided_about(
    at_booked: None, capsys: pytest.CaptureFixture[str], mailbox: SmtpServer
) -> None:
    given_up = set_state("dead", "mail server answered 550")
    set_state("dead", "outdated: the session was cancelled meanwhile", place=1)
    mistake = set_state("pending", place=2)
    assert main(("outbox", "drop", str(mistake), "--because", "mistake")) == Exit.DONE
    capsys.readouterr()
    dropped = told(capsys, "outbox", "drop", "--dead", "--because", "told")["items"]
    assert [one["number"] for one in dropped] == [given_up]
    assert told(capsys, "outbox", "retry", "--dead")["items"] == []
    reasons = {one["number"]: one["problem"] for one in told(capsys, "outbox", "list", "--state", "dropped")["items"]}
    assert reasons == {
        given_up: "dropped by staff: told by other means",
        mistake: "dropped by staff: should never be sent",
    }
    assert main(AGAIN) == Exit.DONE
    assert (len(mailbox.taken), states(capsys)) == (1, {"sent": 1, "dropped": 2, "outdated": 1})


def test_a_list_asks_about_what_was_given_up_and_not_about_what_is_decided(
    at_booked: None, capsys: pytest.CaptureFixture[str]
) -> None:
    set_state("dead", "outdated: the session was cancelled meanwhile")
    set_state("dead", "dropped by staff: no longer true", place=1)
    capsys.readouterr()
    assert main(("outbox", "list")) == Exit.DONE
    text = capsys.readouterr().out
    assert "outdated:" not in text
    assert "outbox retry" not in text
    assert "0 held, 2 pending, 0 unknown, 0 dead, 1 dropped, 1 outdated, 0 sent" in text
    assert main(("outbox", "list", "--all")) == Exit.DONE
    text = capsys.readouterr().out
    assert re.search(r"outdated .*\n +outdated: the session was cancelled", text)
    assert "outbox retry" not in text


def test_what_rests_says_until_when_and_is_due_at_once_on_request(
    at_booked: None, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("matching.toml").write_text(PROGRAM.replace("UTC", "America/New_York"))
    later = datetime(2099, 1, 2, 15, 30, tzinfo=UTC)
    resting = set_state("pending", "Google Calendar answered 429", not_before=later)
    busy = set_state("unknown", place=1, not_before=later, claimed_until=later + timedelta(minutes=5))
    dead = set_state("dead", "mail server answered 550", place=2, not_before=later)
    capsys.readouterr()
    assert main(("outbox", "list")) == Exit.DONE
    text = capsys.readouterr().out
    assert re.search(r"answered 429\n +next try 2099-01-02 10:30:00 EST\n", text)
    assert re.search(rf"{busy}  calendar   unknown .*\n +next try 2099-01-02 10:35:00 EST\n", text)
    assert text.count("next try") == 2
    assert max(map(len, text.splitlines())) <= 80
    (item,) = told(capsys, "outbox", "retry", "--all")["items"]
    assert (item["number"], item["state"], item["not_before"]) == (resting, "pending", None)
    assert states(capsys) == {"pending": 2, "unknown": 1, "dead": 1}
    assert dead in [one["number"] for one in told(capsys, "outbox", "list")["items"]]
    assert [facts["before"] for _, _, facts in audit("retry")] == [{"state": "pending", "attempts": 1}]


def test_a_held_night_is_booked_and_told_nobody_before_its_release(
    at_held: None, capsys: pytest.CaptureFixture[str], mailbox: SmtpServer
) -> None:
    assert states(capsys) == {"held": 4}
    assert "held: 4 items wait" in refused(capsys, *AGAIN, code=Exit.DONE)  # a finished night: what is held stays
    assert (mailbox.taken, states(capsys)) == ([], {"held": 4})
    assert "it waits for its night" in refused(capsys, "outbox", "retry", "1", code=Exit.STALE_PLAN)
    assert "nothing is held under '1999-01-01'" in refused(capsys, "release", "1999-01-01")
    assert told(capsys, "release", "last")["sent"] == 4
    assert (len(mailbox.taken), states(capsys)) == (4, {"sent": 4})
    who, door, facts = audit("release")[0]
    assert (who, door, facts["after"]["released"]) == ("owner", "cli", 4)  # type: ignore[index]
    assert "no night is" in refused(capsys, "release", "last")


def test_what_changes_about_a_held_session_waits_with_it(
    at_held: None, capsys: pytest.CaptureFixture[str], mailbox: SmtpServer
) -> None:
    assert main(("cancel", "Ana Gomez")) == Exit.DONE
    assert main(AGAIN) == Exit.DONE
    assert (mailbox.taken, states(capsys)) == ([], {"held": 6})
    assert main(("release", "last")) == Exit.DONE
    # The two of the cancelled session hear of a cancellation alone: the booking is outdated.
    assert states(capsys) == {"sent": 4, "outdated": 2}
    assert len(mailbox.taken) == 4


def test_a_guard_leaves_a_night_held_until_its_release_is_approved(
    at_held: None, capsys: pytest.CaptureFixture[str], mailbox: SmtpServer
) -> None:
    with open("matching.toml", "a") as file:
        file.write("[guards]\nmessages_per_night = 3\n")
    message = refused(capsys, "release", "last", code=Exit.GATE_REFUSED)
    assert "4 messages to single people would go out; guards.messages_per_night is 3" in message
    assert "nothing was sent" in message
    assert "add --approve" in message
    assert "released" not in message
    assert (mailbox.taken, states(capsys), audit("release")) == ([], {"held": 4}, [])
    assert main(("release", "last", "--approve")) == Exit.DONE
    assert (len(mailbox.taken), states(capsys)) == (4, {"sent": 4})


@pytest.mark.parametrize("first", [("release", "last"), ("run",)], ids=["release", "run"])
def test_what_staff_approved_goes_out_after_an_outage_without_asking_again(
    first: tuple[str, ...],
    booked: Path,
    held: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(shutil.copytree(held if first[0] == "release" else booked, tmp_path / "copy"))
    with taking_mail() as mailbox:
        with open("matching.toml", "a") as file:
            file.write("[guards]\nmessages_per_night = 3\n")
        approved = (*first, *(AGAIN[1:] if first == ("run",) else ()), "--approve")
        mailbox.answers["MAIL"] = ["421 not now"] * 4
        assert main(approved) == Exit.PARTIAL
        assert mailbox.taken == []
        assert [facts["after"] for _, _, facts in audit("approve")] == ([{"approved": 4}] if first == ("run",) else [])
        mailbox.answers.clear()
        assert main(("outbox", "retry", "--all")) == Exit.DONE
        assert main(AGAIN) == Exit.DONE
        assert (len(mailbox.taken), states(capsys)) == (4, {"sent": 4})


def test_a_finished_night_run_again_does_nothing(
    at_booked: None, capsys: pytest.CaptureFixture[str], mailbox: SmtpServer
) -> None:
    assert main(AGAIN) == Exit.DONE
    assert (len(mailbox.taken), states(capsys)) == (4, {"sent": 4})
    with opened(settings_from(None)):
        from backend.record.models import AuditEntry, OutboxItem, Run, ScheduledSession

        def rows() -> list[list[object]]:
            return [
                list(table.objects.order_by("pk").values_list())
                for table in (Run, ScheduledSession, OutboxItem, AuditEntry)
            ]

        before = rows()
        assert main(AGAIN) == Exit.DONE
        assert rows() == before
    assert len(mailbox.taken) == 4


def test_sessions_cancelled_in_bulk_hold_the_run_until_staff_approve(
    at_booked: None, capsys: pytest.CaptureFixture[str], mailbox: SmtpServer
) -> None:
    assert main(AGAIN) == Exit.DONE
    with open("matching.toml", "a") as file:
        file.write("[guards]\ncancelled_per_night = 1\n")
    for person in ("Ana Gomez", "Bob Lee"):
        assert main(("cancel", person)) == Exit.DONE
    message = refused(capsys, *AGAIN, code=Exit.GATE_REFUSED)
    assert "held for staff, nothing was sent" in message
    assert "2 sessions would be cancelled; guards.cancelled_per_night is 1" in message
    assert len(mailbox.taken) == 4
    assert main((*AGAIN, "--approve")) == Exit.DONE
    assert len(mailbox.taken) == 8


def test_a_watcher_hears_of_a_night_and_of_a_failure(
    at_booked: None, capsys: pytest.CaptureFixture[str], mailbox: SmtpServer
) -> None:
    with Loopback(lambda _: Answer(200)) as watcher:
        text = Path("matching.toml").read_text()
        Path("matching.toml").write_text(text.replace("[mail]", f'heartbeat_url = "{watcher.url}/ping/1"\n[mail]'))
        assert main(AGAIN) == Exit.DONE
        assert [one.path for one in watcher.asked] == ["/ping/1/start", "/ping/1"]
        refused(capsys, "run", "--again", "--students", "missing.csv", "--professionals", "p.csv", code=Exit.ERROR)
        assert [one.path for one in watcher.asked][2:] == ["/ping/1/start", "/ping/1/fail"]
        assert main((*AGAIN, "--dry-run")) == Exit.DONE
        assert len(watcher.asked) == 4
