"""`Retry-After` in all its forms, and what each service means by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.backoff import wait_after
from publish.discord_announcer import DiscordAnnouncer
from publish.google_calendar import GoogleCalendar
from publish.hook import HOOK, Event, Hook, hook_sender
from publish.ports import Item, PublishError, State
from publish.waiting import LONGEST, asked_to_wait
from tests.publish.publish_builders import AS_OF, make_booking, refused
from tests.standins.discord_http import TOKEN, DiscordStandIn
from tests.standins.google_calendar import GoogleCalendarStandIn
from tests.standins.hook_receiver import receiver
from tests.standins.loopback import Answer, Fault

NOON = datetime(2026, 10, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("0", timedelta(0)),
        (" 120 ", timedelta(minutes=2)),
        ("Wed, 21 Oct 2026 12:01:00 GMT", timedelta(minutes=1)),
        ("Wed, 21 Oct 2026 11:00:00 GMT", timedelta(0)),
        ("99999999999999", LONGEST),
        ("9" * 5000, LONGEST),
        ("Wed, 21 Oct 2099 07:28:00 GMT", LONGEST),
        ("", None),
        ("soon", None),
        ("1 Jan 999999999999999999 0:0:0 GMT", None),
        ("-5", None),
        ("1.5", None),
        ("\u0661\u0662", None),
    ],
)
def test_seconds_and_dates_are_understood_and_ages_are_bounded(text: str, wait: timedelta | None) -> None:
    assert asked_to_wait(text, NOON) == wait


@given(st.text())
def test_whatever_a_service_says_is_a_bounded_wait_or_none(text: str) -> None:
    wait = asked_to_wait(text, NOON)
    assert wait is None or timedelta(0) <= wait <= LONGEST


@pytest.mark.parametrize("asked", ["9" * 20, "99999999999999"])
def test_a_hook_that_asks_for_ages_is_tried_again(asked: str) -> None:
    with receiver() as there:
        there.status, there.headers = 503, {"Retry-After": asked}
        sender = hook_sender(Hook(there.url, "s" * 32), lambda item: Event(item.key, "x", {}), lambda: AS_OF)
        error = refused(sender.send([Item("hook/x", HOOK, {})]))
    assert error.state is not State.DEAD
    assert AS_OF + wait_after("hook/x", 1, error) > AS_OF


def test_google_may_name_a_date(google: GoogleCalendarStandIn, calendar: GoogleCalendar) -> None:
    wait = {"Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"}
    answer = Answer(429, {"error": {"errors": [{"reason": "rateLimitExceeded"}]}}, wait)
    google.faults.append(Fault("GET", "/events/", answer))
    assert refused(calendar.book(make_booking().invitations[:1])).retry_after == LONGEST


def test_opening_conversations_too_fast_is_a_matter_of_time_and_gives_up_nobody(
    discord_server: DiscordStandIn,
) -> None:
    """403 with code 40003, as davidhozic/discord-advertisement-framework#82 shows it."""
    error = refused_by_discord(
        discord_server, Answer(403, {"message": "You are opening direct messages too fast", "code": 40003})
    )
    assert (error.state, error.blocks_channel) == (State.PENDING, True)
    assert error.retry_after == timedelta(minutes=10)


def test_a_ban_for_a_while_by_discords_front_door_is_waited_for(discord_server: DiscordStandIn) -> None:
    headers = {"Retry-After": "1800", "Content-Type": "text/html"}
    error = refused_by_discord(discord_server, Answer(429, None, headers, b"error code: 1015"))
    assert (error.state, error.retry_after) == (State.PENDING, timedelta(minutes=30))


def refused_by_discord(server: DiscordStandIn, answer: Answer) -> PublishError:
    server.faults.append(Fault("POST", "/users/@me/channels", answer))
    with DiscordAnnouncer(TOKEN, timeout=10.0) as announcer, pytest.raises(PublishError) as caught:
        announcer.direct_channel("123456789012345678")
    return caught.value
