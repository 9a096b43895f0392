"""Answers that are not what they should be end no pass: pages of a proxy, halves, parts that are missing."""

from __future__ import annotations

import pytest

from publish.caldav_calendar import CalDavCalendar
from publish.discord_announcer import DiscordAnnouncer
from publish.google_calendar import GoogleCalendar
from publish.ports import PublishError, State
from tests.publish.publish_builders import AS_OF, make_booking, refused
from tests.standins.discord_http import TOKEN, DiscordStandIn
from tests.standins.google_calendar import GoogleCalendarStandIn
from tests.standins.loopback import Answer, Asked, Fault, Loopback

PAGE = b"<html>sign in to this network</html>"
HTML = {"Content-Type": "text/html"}
MIXED = {"Content-Type": "multipart/mixed; boundary=x"}
PART = (
    b"--x\r\nContent-Type: application/http\r\nContent-ID: <response-a + 0>\r\n\r\n"
    b'HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n\r\n{"error": {"code": 404}}\r\n--x--'
)
WHOLE, ERROR = b"HTTP/1.1 404 Not Found", b'{"error": {"code": 404}}'
BATCHES = {
    "a part is missing": Answer(200, None, MIXED, PART),
    "a part without an id": Answer(200, None, MIXED, PART.replace(b"Content-ID: <response-a + 0>\r\n", b"")),
    "an id of another form": Answer(200, None, MIXED, PART.replace(b"<response-a + 0>", b"<response-0>")),
    "a page of HTML": Answer(200, None, HTML, PAGE),
    "no status": Answer(200, None, MIXED, PART.replace(WHOLE, b"HTTP/1.1")),
    "no JSON": Answer(200, None, MIXED, PART.replace(WHOLE, b"HTTP/1.1 200 OK").replace(ERROR, b'{"kind":')),
}


@pytest.mark.parametrize("answer", BATCHES.values(), ids=BATCHES)
def test_a_batch_whose_answer_cannot_be_read_is_tried_again(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar, answer: Answer
) -> None:
    google.faults.append(Fault("POST", "/batch", answer))
    outcomes = calendar.book(make_booking().invitations)
    assert all(isinstance(one, PublishError) and one.state is not State.DEAD for one in outcomes), outcomes


@pytest.mark.parametrize("status", [400, 404, 413])
def test_a_batch_that_google_does_not_take_kills_no_invitation(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar, status: int
) -> None:
    google.faults.append(Fault("POST", "/batch", Answer(status, {"error": {"code": status}})))
    outcomes = calendar.book(make_booking().invitations)
    assert all(isinstance(one, PublishError) and one.state is not State.DEAD for one in outcomes), outcomes


def test_a_calendar_answer_that_is_no_json_is_tried_again(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar
) -> None:
    google.faults.append(Fault("GET", "/events/", Answer(200, None, HTML, PAGE)))
    assert refused(calendar.book(make_booking().invitations[:1])).state is State.PENDING


@pytest.mark.parametrize("status", [200, 503])
def test_a_discord_answer_that_is_no_json_is_tried_again(discord_server: DiscordStandIn, status: int) -> None:
    answer = Answer(status, None, {"Content-Type": "application/json"}, PAGE)
    discord_server.faults.append(Fault("POST", "/users/@me/channels", answer, times=10))
    with DiscordAnnouncer(TOKEN, timeout=10.0) as announcer, pytest.raises(PublishError) as caught:
        announcer.direct_channel("123456789012345678")
    assert caught.value.state is not State.DEAD


@pytest.mark.parametrize("kind", ["text/xml; charset=utf-8", "application/xml"])
@pytest.mark.parametrize("status", [200, 502])
def test_a_caldav_answer_that_is_no_xml_is_tried_again(kind: str, status: int) -> None:
    def reply(_asked: Asked) -> Answer:
        return Answer(status, None, {"Content-Type": kind}, b"<html><p>Bad gateway<br></html>")

    with (
        Loopback(reply) as server,
        CalDavCalendar(f"{server.url}/dav/", "us", "secret") as calendar,
        pytest.raises(PublishError) as caught,
    ):
        calendar.put(make_booking().invitations[0], AS_OF)
    assert caught.value.state is not State.DEAD
