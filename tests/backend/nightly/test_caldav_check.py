"""`doctor` and a CalDAV calendar, against a real Radicale: each fault is named with its fix, and nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.nightly.checks import Check, Health
from backend.nightly.checks.of_caldav import check_caldav
from tests.backend.nightly.nights import make_settings
from tests.standins.radicale_server import PASSWORD, USER, CalDavServer, caldav_server


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CalDavServer]:
    monkeypatch.setenv("CALDAV_PASSWORD", PASSWORD)
    with caldav_server(tmp_path) as running:
        yield running
    assert set(running.changes()) <= {"PROPFIND"}


def looked(server: CalDavServer, mail: str = "mail.example.org", **publish: Any) -> list[Check]:
    given = {"enabled": True, "caldav_url": server.url, "caldav_user": USER, **publish}
    checks = list(check_caldav(make_settings(publish=given, mail={"host": mail})))
    assert not any(PASSWORD in one.detail + one.fix for one in checks)
    return checks


def test_a_calendar_that_can_be_written_is_well(server: CalDavServer) -> None:
    (check,) = looked(server)
    assert (check.health, check.detail) == (Health.GOOD, "may be seen and changed")


def test_a_program_without_one_hears_nothing_of_it(server: CalDavServer) -> None:
    assert looked(server, caldav_url="") == []


@pytest.mark.parametrize(
    ("secret", "words", "fix"),
    [("wrong", "refused us", "app password"), (None, "CALDAV_PASSWORD is not set", "publish.caldav_user")],
)
def test_a_password_that_is_wrong_or_missing(
    server: CalDavServer, monkeypatch: pytest.MonkeyPatch, secret: str | None, words: str, fix: str
) -> None:
    if secret is None:
        monkeypatch.delenv("CALDAV_PASSWORD")
    else:
        monkeypatch.setenv("CALDAV_PASSWORD", secret)
    (check,) = looked(server)
    assert check.health is Health.BROKEN
    assert words in check.detail
    assert fix in check.fix


@pytest.mark.parametrize("place", ["nothing-there/", ""])
def test_an_address_that_is_no_calendar(server: CalDavServer, place: str) -> None:
    (check,) = looked(server, caldav_url=server.url.removesuffix("sessions/") + place)
    assert (check.health, check.detail) == (Health.BROKEN, "there is no calendar at publish.caldav_url")
    assert "the address of the calendar itself" in check.fix


def test_a_server_that_is_away_or_busy_is_asked_again_later(server: CalDavServer) -> None:
    server.ordered.append(("PROPFIND", "503"))
    (check,) = looked(server)
    assert (check.health, check.fix[:15]) == (Health.WARNING, "try again later")
    (check,) = looked(server, caldav_url="http://127.0.0.1:9/program/sessions/")
    assert (check.health, "not reached" in check.detail) == (Health.WARNING, True)


def test_nobody_is_invited_without_a_mail_server_and_two_calendars_are_one_too_many(server: CalDavServer) -> None:
    checks = looked(server, mail="", calendar_id="c@group.calendar.google.com")
    assert [one.health for one in checks] == [Health.BROKEN, Health.BROKEN, Health.GOOD]
    assert "both set" in checks[0].detail
    assert "mail.host" in checks[1].fix


def test_while_publishing_is_off_there_is_time_to_put_it_right(server: CalDavServer) -> None:
    checks = looked(server, mail="", enabled=False)
    assert [one.health for one in checks] == [Health.WARNING, Health.GOOD]


def test_a_calendar_that_may_only_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALDAV_PASSWORD", PASSWORD)
    with caldav_server(tmp_path, read_only=True) as server:
        (check,) = looked(server)
    assert (check.health, check.detail) == (Health.BROKEN, "may be seen but not changed")
