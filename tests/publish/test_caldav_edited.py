"""Events in the CalDAV calendar that a person changed by hand end no pass and are put right."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from publish.caldav_calendar import CalDavCalendar
from publish.inviting import InvitingCalendar
from publish.mail import Mail, MailCalendar
from publish.ports import Receipt
from tests.publish.publish_builders import AS_OF, START, make_booking
from tests.standins.radicale_server import PASSWORD, USER, caldav_server


class Box:
    """Takes every mail."""

    def send(self, mail: Mail) -> Receipt:
        return Receipt(mail.message_id)


@pytest.mark.parametrize(
    "edits",
    [
        {
            "DTSTART:20260302T150000Z": "DTSTART;VALUE=DATE:20260302",
            "DTEND:20260302T153000Z": "DTEND;VALUE=DATE:20260303",
        },
        {"DTEND:20260302T153000Z": "DURATION:PT30M"},
    ],
    ids=["all day", "a length instead of an end"],
)
def test_an_event_that_somebody_changed_by_hand_is_put_right(tmp_path: Path, edits: dict[str, str]) -> None:
    with caldav_server(tmp_path) as server, CalDavCalendar(server.url, USER, PASSWORD, timeout=10) as events:
        calendar = InvitingCalendar(events, MailCalendar(Box(), lambda: AS_OF), lambda: AS_OF)
        calendar.book(make_booking().invitations)
        (path,) = server.files.glob("*.ics")
        text = path.read_text()
        for there, instead in edits.items():
            assert there in text
            text = text.replace(there, instead)
        path.write_text(text)
        moved = make_booking(START + timedelta(days=1), revision=1)
        assert all(isinstance(one, Receipt) for one in calendar.revise(moved.invitations))
        (event,) = server.events()
        assert "DTSTART:20260303T150000Z" in event
