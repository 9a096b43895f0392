"""`rehearse`: staff get what everybody would get; nobody else gets anything, and no row of the record changes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from backend.commands import main
from backend.commands.options import settings_from
from backend.nightly.exits import Exit
from backend.record.opening import opened
from tests.backend.commands.test_overrides import ana, bob, day, eve, john, refused, run_night, told
from tests.backend.record.links.conftest import everything
from tests.standins.databases import MISSING, Server, sqlite_copy
from tests.standins.discord_http import CHANNEL_ID, STAFF_CHANNEL_ID, TOKEN, DiscordStandIn
from tests.standins.smtp_server import SmtpServer

STAFF = "director@staff.example"
PROGRAM = (
    '[program]\nkey = "demo"\nname = "Demo Program"\nzone = "UTC"\n[web]\npublic_url = "https://program.example"\n'
)
NIGHT = ("--students", "s.csv", "--professionals", "p.csv")
ANA_ID = "700000000000000001"


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("held")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        sqlite_copy(migrated_file, Path("var"))
        Path("matching.toml").write_text(f'{PROGRAM}[publish]\ndiscord_channel_id = "{CHANNEL_ID}"\n')
        run_night([ana(4), bob(3)], [john(4), eve(3)], "--hold")
        with opened(settings_from(None)):
            connections.close_all()
    yield folder
    connections.close_all()


@pytest.fixture
def at_held(held: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shutil.copytree(held, tmp_path / "copy"))
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)


@pytest.fixture
def mailbox() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


def doors(mailbox: SmtpServer | None, publish: str = "") -> None:
    """Publishing stays off. `mailbox`: the server that takes staff's mails."""
    text = f'{PROGRAM}[publish]\ndiscord_channel_id = "{CHANNEL_ID}"\nrehearsal_email = "{STAFF}"\n{publish}\n'
    if mailbox is not None:
        text += f'[mail]\nhost = "127.0.0.1"\nport = {mailbox.port}\ntls = "none"\nsender = "sender@staff.example"\n'
    Path("matching.toml").write_text(text)


def rows() -> list[Any]:
    with opened(settings_from(None)):
        return everything()


def body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def calendar_file(mail: EmailMessage) -> str:
    (part,) = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "PUBLISH"
    return str(part.get_content())


def test_a_held_night_is_shown_to_staff_alone_and_stays_held(
    at_held: None, mailbox: SmtpServer, capsys: pytest.CaptureFixture[str]
) -> None:
    doors(mailbox, 'calendar_id = "program@calendar.example"')  # without credentials: nobody opens it
    before = rows()
    document = told(capsys, "rehearse")
    kinds = {"to the professional": 2, "to the student": 2, "to the night's channel": 1}
    assert document["would_send"] == document["shown"] == kinds
    assert (document["failed"], document["would_fail"], document["guard"]) == (0, [], [])
    assert rows() == before
    assert {one.recipients for one in mailbox.taken} == {(STAFF,)}
    mails = [one.message for one in mailbox.taken]
    assert all(mail["Subject"].startswith("[Rehearsal] to the ") and mail["To"] == STAFF for mail in mails)
    assert all(body(mail).startswith("REHEARSAL. Only you got this. It would go to the ") for mail in mails)
    (to_john,) = [one for one in mails if "Resume review with Ana Gomez" in one["Subject"] and "john@" in body(one)]
    assert "to the professional: " in to_john["Subject"]
    assert "Resume: https://example.org/ana-private.pdf" in body(to_john)
    (public,) = [mail for mail in mails if "to the night's channel" in mail["Subject"]]
    assert "2 sessions booked" in body(public)


def test_no_calendar_can_take_a_rehearsal_for_the_session_and_no_link_acts(at_held: None, mailbox: SmtpServer) -> None:
    doors(mailbox)
    assert main(("rehearse", "last")) == Exit.DONE
    invitations = [one.message for one in mailbox.taken if "channel" not in one.message["Subject"]]
    assert len(invitations) == 4
    for mail in invitations:
        file = calendar_file(mail).replace("\r\n ", "")
        assert not re.search("ATTENDEE|ORGANIZER|VALARM|METHOD:REQUEST", file)
        assert "UID:rehearsal-" in file
        assert "SUMMARY:Rehearsal: Resume review with" in file
        page = mail.get_body(("html",))
        assert page is not None
        everywhere = file + body(mail) + str(page.get_content())
        assert "Cancel this session" in everywhere
        assert set(re.findall(r"program\.example(/[^\s\"<\\]*)", everywhere)) == {"/l/rehearsal/"}


def test_it_can_be_repeated_and_the_release_afterwards_sends_everything(at_held: None, mailbox: SmtpServer) -> None:
    doors(mailbox)
    for _ in range(2):
        assert main(("rehearse",)) == Exit.DONE
    numbers = [one.message["Message-ID"] for one in mailbox.taken]
    assert len(numbers) == len(set(numbers)) == 10
    text = Path("matching.toml").read_text().replace(f'discord_channel_id = "{CHANNEL_ID}"', "enabled = true")
    Path("matching.toml").write_text(text)
    mailbox.taken.clear()
    assert main(("release", "last")) == Exit.DONE
    real = {one.recipients[0] for one in mailbox.taken}
    assert real == {"ana@example.org", "bob@example.org", "john@example.com", "eve@example.com"}


def test_the_limit_is_one_of_each_kind(at_held: None, mailbox: SmtpServer, capsys: pytest.CaptureFixture[str]) -> None:
    doors(mailbox)
    document = told(capsys, "rehearse", "--limit", "1")
    assert set(document["shown"].values()) == {1}
    assert document["would_send"]["to the student"] == 2
    assert len(mailbox.taken) == 3


def test_channels_are_shown_in_the_staffs_channel_and_single_people_never_are(
    at_held: None, discord_server: DiscordStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    doors(None, f'staff_channel_id = "{STAFF_CHANNEL_ID}"')
    before = rows()
    document = told(capsys, "rehearse")
    assert document["shown"] == {"to the night's channel": 1, "to the staff's channel": 1}
    assert document["not_shown"] == 4
    assert rows() == before
    posted = discord_server.messages
    assert {one["channel_id"] for one in posted} == {STAFF_CHANNEL_ID}
    assert all(one["content"].startswith("**REHEARSAL.** Nobody else got this.") for one in posted)
    assert not [one for one in posted if "Ana Gomez" in one["content"] or "@" in one["content"]]
    assert any(discord_server.files.values())  # the staff's picture
    told(capsys, "rehearse")
    assert len(discord_server.messages) == 4  # anew, not an edit of what scrolled away


def test_direct_messages_go_to_staffs_mailbox_and_no_conversation_is_opened(
    at_held: None, mailbox: SmtpServer, discord_server: DiscordStandIn
) -> None:
    doors(mailbox, f'direct_messages = true\nstaff_channel_id = "{STAFF_CHANNEL_ID}"')
    with opened(settings_from(None)):
        from backend.record.models import Person

        Person.objects.filter(name="Ana Gomez").update(discord_id=ANA_ID, discord_verified_at=datetime.now(UTC))
    assert main(("cancel", "Ana Gomez")) == Exit.DONE
    before = rows()
    assert main(("rehearse", "tonight", "--as-of", f"{day(1)}T22:00", *NIGHT)) == Exit.DONE
    assert rows() == before
    (direct,) = [one.message for one in mailbox.taken if "by Discord" in one.message["Subject"]]
    assert "Hello Ana Gomez, you have a resume review in Demo Program" in body(direct)
    assert {one.recipients for one in mailbox.taken} == {(STAFF,)}
    assert {one["channel_id"] for one in discord_server.messages} == {STAFF_CHANNEL_ID}
    assert not [one for one in discord_server.asked if "users/@me/channels" in one.path]


def test_the_very_first_night_is_rehearsed_before_anybody_is_in_the_record(
    at_held: None, migrated_file: Path, mailbox: SmtpServer, capsys: pytest.CaptureFixture[str]
) -> None:
    doors(mailbox)
    shutil.rmtree("var")
    sqlite_copy(migrated_file, Path("var"))
    document = told(capsys, "rehearse", *NIGHT)
    assert document["shown"] == {"to the professional": 2, "to the student": 2, "to the night's channel": 1}
    left = {label: found for label, found in rows() if found and label.startswith("record.")}
    assert set(left) == {"record.Program"}
    assert main(("rehearse", "tonight", *NIGHT)) == Exit.DONE
    assert main(("run", *NIGHT)) == Exit.DONE
    assert {one.recipients for one in mailbox.taken} == {(STAFF,)}


def test_a_guard_that_would_hold_the_night_is_said(
    at_held: None, mailbox: SmtpServer, capsys: pytest.CaptureFixture[str]
) -> None:
    doors(mailbox)
    Path("matching.toml").write_text(Path("matching.toml").read_text() + "[guards]\nmessages_per_night = 3\n")
    capsys.readouterr()
    assert main(("rehearse",)) == Exit.DONE
    said = capsys.readouterr().out
    assert "a guard would hold it: 4 messages to single people would go out" in said
    assert max(map(len, said.splitlines())) <= 80


def test_without_a_way_to_staff_it_is_refused(at_held: None, capsys: pytest.CaptureFixture[str]) -> None:
    doors(None)
    assert "set publish.rehearsal_email and mail.host, or publish.staff_channel_id" in refused(capsys, "rehearse")


def test_a_mail_server_that_refuses_is_told_and_nothing_changes(
    at_held: None, mailbox: SmtpServer, capsys: pytest.CaptureFixture[str]
) -> None:
    doors(mailbox)
    before = rows()
    mailbox.answers["RCPT"] = ["550 no such box"]
    document = told(capsys, "rehearse", code=Exit.PARTIAL)
    assert (document["failed"], document["problems"]) == (1, ["the mail server answered 550"])
    assert rows() == before
    assert "nothing is held under '1999-01-01'" in refused(capsys, "rehearse", "1999-01-01")


def test_on_postgresql_every_row_stays_too(
    at_held: None,
    migrated_server: tuple[Server, str] | None,
    mailbox: SmtpServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if migrated_server is None:
        pytest.skip(MISSING)
    server, template = migrated_server
    doors(mailbox)
    with server.copy(template) as url:
        monkeypatch.setenv("DATABASE_URL", url)
        run_night([ana(4), bob(3)], [john(4), eve(3)], "--hold")
        before = rows()
        assert told(capsys, "rehearse")["shown"]["to the student"] == 2
        assert told(capsys, "rehearse", "tonight", "--as-of", f"{day(1)}T22:00", *NIGHT)["guard"] == []
        assert rows() == before
        connections.close_all()
