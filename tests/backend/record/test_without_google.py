"""A night on a CalDAV server with mails beside it, and the settings that contradict each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.nightly.act import Delivery, book, work_off
from backend.nightly.channels import channels
from backend.nightly.exits import Exit, Stop
from backend.nightly.plain_record import PlainRecord
from tests.backend.nightly.nights import AS_OF, crowd, make_night, make_settings, make_sheets
from tests.standins.radicale_server import PASSWORD, USER, caldav_server
from tests.standins.smtp_server import SmtpServer


def test_a_night_goes_into_the_programs_calendar_and_out_by_mail_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALDAV_PASSWORD", PASSWORD)
    with caldav_server(tmp_path) as events, SmtpServer() as mails:
        settings = make_settings(
            publish={"enabled": True, "caldav_url": events.url, "caldav_user": USER},
            mail={"host": "127.0.0.1", "port": mails.port, "tls": "none"},
        )
        record = PlainRecord(tmp_path, lambda: AS_OF)
        book(make_night(settings, make_sheets(crowd(3))), record, approved=False)
        for told in (Delivery(sent=6), Delivery()):
            with channels(settings) as ports:
                assert work_off(settings, record, ports, lambda: AS_OF, lambda _: None) == told
        assert (len(events.events()), len(mails.taken), events.changes()) == (3, 6, ["PUT"] * 3)
        uids = {line for event in events.events() for line in event.splitlines() if line.startswith("UID:")}
        assert len(uids) == 3
        assert all(any(uid.encode() in mail.content for uid in uids) for mail in mails.taken)


@pytest.mark.parametrize(
    ("publish", "fix"),
    [
        ({"caldav_url": "https://dav.example/sessions/"}, "needs mail.host"),
        ({"caldav_url": "https://dav.example/sessions/", "calendar_id": "c"}, "keep one calendar"),
    ],
)
def test_settings_that_could_invite_nobody_or_twice_are_refused(publish: dict[str, str], fix: str) -> None:
    settings = make_settings(publish={"enabled": True, **publish})
    with pytest.raises(Stop, match=fix) as caught, channels(settings):
        pass
    assert caught.value.code is Exit.USAGE


@pytest.mark.parametrize("url", ["http://dav.example/x/", "https://user:secret@dav.example/x/", "ftp://dav.example/"])
def test_a_calendar_without_tls_or_with_a_password_in_its_address_is_refused(url: str) -> None:
    with pytest.raises(Exception, match="caldav_url"):
        make_settings(publish={"caldav_url": url})
