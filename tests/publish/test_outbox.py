"""Items become acts once: the attempt is recorded first, the outcome after, and a crash between is found again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.booking import Booking, Invitation, Recipient
from publish.discord_announcer import DiscordAnnouncer
from publish.google_calendar import GoogleCalendar
from publish.message import Message, Night, among, night_messages
from publish.outbox import CalendarAct, Sender, announcer_sender, calendar_item, calendar_sender, deliver, message_items
from publish.ports import Item, Outcome, PublishError, Receipt, State
from tests.publish.publish_builders import PROGRAM, make_booking
from tests.standins.discord_http import CHANNEL_ID, TOKEN, DiscordStandIn
from tests.standins.google_calendar import GoogleCalendarStandIn, google_error
from tests.standins.loopback import Fault


class MemoryOutbox:
    """The port in a dictionary; `log` tells in which order things were recorded."""

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self.items: dict[str, Item] = {}
        self.states: dict[str, State] = {}
        self.outcomes: dict[str, Outcome] = {}
        self.log: list[str] = []
        self.add(items)

    def add(self, items: Iterable[Item]) -> None:
        for item in items:
            if item.key not in self.items:
                self.items[item.key], self.states[item.key] = item, State.PENDING

    def due(self) -> Sequence[Item]:
        waiting = (State.PENDING, State.UNKNOWN)
        return [item for key, item in self.items.items() if self.states[key] in waiting]

    def begin(self, key: str) -> bool:
        self.log.append(f"begin {key}")
        if self.states[key] in (State.SENT, State.DEAD):
            return False
        self.states[key] = State.UNKNOWN
        return True

    def finish(self, key: str, outcome: Outcome) -> None:
        self.log.append(f"finish {key}")
        self.outcomes[key] = outcome
        self.states[key] = outcome.state if isinstance(outcome, PublishError) else State.SENT


class Sent:
    """A sender that answers as told and remembers what it was given."""

    def __init__(self, answers: Sequence[Outcome] = (), at_once: int = 1) -> None:
        self.answers = list(answers)
        self.groups: list[list[str]] = []
        self.sender = Sender(self.send, at_once)

    def send(self, items: Sequence[Item]) -> list[Outcome]:
        self.groups.append([item.key for item in items])
        return [self.answers.pop(0) if self.answers else Receipt(item.key) for item in items]


def items(*keys: str, channel: str = "calendar") -> list[Item]:
    return [Item(key, channel, {}) for key in keys]


def states(outbox: MemoryOutbox) -> list[str]:
    return [str(state) for state in outbox.states.values()]


def test_the_attempt_is_recorded_before_and_the_outcome_after() -> None:
    outbox, sent = MemoryOutbox(items("a", "b")), Sent()
    for item, _ in deliver(outbox, {"calendar": sent.sender}):
        assert outbox.states[item.key] is State.SENT
    assert outbox.log == ["begin a", "finish a", "begin b", "finish b"]


def test_what_was_sent_is_never_sent_again() -> None:
    outbox, sent = MemoryOutbox(items("a")), Sent()
    senders = {"calendar": sent.sender}
    assert len(list(deliver(outbox, senders))) == 1
    outbox.add(items("a"))
    assert list(deliver(outbox, senders)) == []
    assert sent.groups == [["a"]]


def test_each_error_leaves_its_item_where_it_belongs() -> None:
    answers: list[Outcome] = [
        PublishError("no", permanent=True),
        PublishError("later", permanent=False),
        PublishError("who knows", permanent=False, uncertain=True),
        Receipt("d"),
    ]
    outbox = MemoryOutbox(items("a", "b", "c", "d"))
    assert len(list(deliver(outbox, {"calendar": Sent(answers).sender}))) == 4
    assert states(outbox) == ["dead", "pending", "unknown", "sent"]


def test_a_blocked_channel_waits_and_the_others_go_on() -> None:
    blocked = PublishError("bad token", permanent=True, blocks_channel=True)
    outbox = MemoryOutbox([*items("a", "b"), *items("c", channel="announcer")])
    list(deliver(outbox, {"calendar": Sent([blocked]).sender, "announcer": Sent().sender}))
    assert states(outbox) == ["pending", "pending", "sent"]
    assert "begin b" not in outbox.log


def test_a_channel_without_a_sender_is_left_alone() -> None:
    outbox = MemoryOutbox(items("a", channel="sms"))
    assert list(deliver(outbox, {})) == []
    assert (states(outbox), outbox.log) == (["pending"], [])


def test_an_item_that_somebody_else_claimed_is_not_sent() -> None:
    outbox, sent = MemoryOutbox(items("a", "b")), Sent()
    passing = deliver(outbox, {"calendar": sent.sender})
    next(passing)
    outbox.states["b"] = State.SENT
    assert list(passing) == []
    assert [key for group in sent.groups for key in group] == ["a"]


def test_many_go_at_once_where_the_sender_takes_many() -> None:
    outbox, sent = MemoryOutbox(items("a", "b", "c")), Sent(at_once=2)
    list(deliver(outbox, {"calendar": sent.sender}))
    assert sent.groups == [["a", "b"], ["c"]]
    assert outbox.log[:3] == ["begin a", "begin b", "finish a"]


def test_what_nobody_foresaw_keeps_one_item_open_and_lets_the_others_go_on() -> None:
    def send(one: Sequence[Item]) -> list[Outcome]:
        if one[0].key == "a":
            raise KeyError("ana@students.example")
        return [Receipt("r")]

    outbox = MemoryOutbox(items("a", "b"))
    list(deliver(outbox, {"calendar": Sender(send)}))
    assert states(outbox) == ["unknown", "sent"]
    assert "KeyError" in str(outbox.outcomes["a"])
    assert "ana@" not in str(outbox.outcomes["a"])


def test_of_a_group_only_the_item_that_nobody_foresaw_stays_open() -> None:
    def send(several: Sequence[Item]) -> list[Outcome]:
        if any(one.key == "b" for one in several):
            raise KeyError("b")
        return [Receipt("r") for _ in several]

    outbox = MemoryOutbox(items("a", "b", "c"))
    list(deliver(outbox, {"calendar": Sender(send, 3)}))
    assert states(outbox) == ["sent", "unknown", "sent"]


def said(*texts: str, key: str = "staff/spring/2026-03-01") -> list[Message]:
    return [Message("1", f"{key}/{part}", f"{text} #R{part}", f"#R{part}") for part, text in enumerate(texts, start=1)]


def test_a_wording_that_comes_back_is_told_again_and_one_that_stands_is_not() -> None:
    told: list[Item] = []
    for number, text in enumerate(("none", "one", "none", "none", "one"), start=1):
        told += message_items(said(text), told)
        assert message_items(said(text), told) == []
        assert len(told) == number - (number > 3)
    assert len({item.key for item in told}) == len(told)


def test_parts_that_a_message_has_no_more_are_retired_and_come_back_with_it() -> None:
    told = message_items(said("a", "b", "c"), ())
    fewer = message_items(said("a"), told)
    assert [item.payload["message"] for item in fewer] == [f"staff/spring/2026-03-01/{part}" for part in (2, 3)]
    assert message_items(said("a"), [*told, *fewer]) == []
    again = message_items(said("a", "b"), [*told, *fewer])
    assert [item.payload["message"] for item in again] == ["staff/spring/2026-03-01/2"]
    other = said("x", key="staff/spring/2026-03-02")
    assert [item.payload["message"] for item in message_items(other, told)] == [other[0].key]


@given(st.lists(st.lists(st.sampled_from("ab"), min_size=1, max_size=3), max_size=8))
def test_whatever_was_told_before_the_last_items_say_what_is_meant_now(history: list[list[str]]) -> None:
    told: list[Item] = []
    shown: dict[str, str] = {}
    for texts in history:
        meant = said(*texts)
        for item in message_items(meant, told):
            told.append(item)
            found = among(meant, str(item.payload["message"]))
            assert found is not None
            shown[found.key] = "" if found.only_edit else found.text
        assert {key: text for key, text in shown.items() if text} == {one.key: one.text for one in meant}
    assert len({item.key for item in told}) == len(told)


class Refusing:
    """A calendar that answers everything with an error that blocks the channel; `calls` are what it was asked."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def get(self, event_id: str) -> None:
        self.calls.append("get")
        raise PublishError("did not answer in time", permanent=False, blocks_channel=True)

    def book(self, invitations: Sequence[Invitation]) -> list[Outcome]:
        return self._refused("book", invitations)

    revise = book

    def cancel(self, invitations: Sequence[Invitation]) -> list[Outcome]:
        return self._refused("cancel", invitations)

    def _refused(self, what: str, invitations: Sequence[Invitation]) -> list[Outcome]:
        if invitations:
            self.calls.append(what)
        return [PublishError("wrong password", permanent=True, blocks_channel=True) for _ in invitations]


def acts(*given: tuple[CalendarAct, Booking]) -> tuple[list[Item], dict[str, Invitation]]:
    """Items for both people of each booking, and what each item means."""
    found = {calendar_item(act, one).key: (act, one) for act, booking in given for one in booking.invitations}
    return [calendar_item(act, one) for act, one in found.values()], {key: one for key, (_, one) in found.items()}


def test_after_a_refusal_that_blocks_the_channel_the_rest_of_a_group_is_not_tried() -> None:
    calendar = Refusing()
    planned = [(CalendarAct.BOOK, make_booking(session_key=f"{number}")) for number in range(5)]
    called_off = [(CalendarAct.CANCEL, make_booking(session_key=f"c{n}", cancelled=True)) for n in range(5)]
    due, meant = acts(*planned, *called_off, *planned)
    outcomes = calendar_sender(calendar, lambda item: meant[item.key], 50).send(due)
    assert calendar.calls == ["book"]
    assert {str(one) for one in outcomes} == {"wrong password"}


def test_after_a_timeout_no_further_room_is_looked_for() -> None:
    calendar = Refusing()
    meet = replace(PROGRAM, meet=True)
    due, meant = acts(*((CalendarAct.ROOM, make_booking(session_key=f"k{n}", program=meet)) for n in range(5)))
    calendar_sender(calendar, lambda item: meant[item.key], 50).send(due)
    assert calendar.calls == ["get"]


# -- with the real clients ---------------------------------------------------------------------------------------

BOOKINGS = {f"s{k}": make_booking(session_key=f"s{k}") for k in range(3)}
MESSAGES = {
    one.key: one for one in night_messages(Night(PROGRAM, "2026-03-01", tuple(BOOKINGS.values()), 1), CHANNEL_ID)
}


def invitation_of(item: Item) -> Invitation:
    if item.payload["session"] not in BOOKINGS:
        raise PublishError("nobody is known under this session any more", permanent=True)
    return Invitation(BOOKINGS[str(item.payload["session"])], Recipient(str(item.payload["recipient"])))


def message_of(item: Item) -> Message:
    return MESSAGES[str(item.payload["message"])]


def everything() -> list[Item]:
    invitations = [one for booking in BOOKINGS.values() for one in booking.invitations]
    return [
        *(calendar_item(CalendarAct.BOOK, invitation) for invitation in invitations),
        *message_items(MESSAGES.values(), ()),
    ]


def test_payloads_hold_keys_only() -> None:
    text = str(everything())
    assert not any(fact in text for fact in ("Ana", "Bob", "@", "files.example", "Acme"))


def test_the_same_act_is_the_same_item_and_a_new_revision_another() -> None:
    invitation = make_booking().invitations[0]
    assert calendar_item(CalendarAct.BOOK, invitation) == calendar_item(CalendarAct.BOOK, make_booking().invitations[0])
    keys = {calendar_item(act, make_booking(revision=k).invitations[0]).key for act in CalendarAct for k in (0, 1)}
    assert len(keys) == 2 * len(CalendarAct)


@pytest.mark.parametrize("lost", ["calendar", "message"])
def test_a_night_with_a_lost_reply_ends_as_a_clean_one(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar, discord_server: DiscordStandIn, lost: str
) -> None:
    if lost == "calendar":
        google.faults.append(Fault("POST", "/events", after_commit=True, answer=google_error(503, "x"), skip=2))
    else:
        discord_server.faults.append(Fault("POST", "/messages", after_commit=True))
    outbox = MemoryOutbox(everything())
    with DiscordAnnouncer(TOKEN) as announcer:
        senders = {
            "calendar": calendar_sender(calendar, invitation_of),
            "announcer": announcer_sender(announcer, message_of),
        }
        list(deliver(outbox, senders))
        assert sorted(set(states(outbox))) == ["sent", "unknown"]
        discord_server.forget_nonces()
        (again,) = deliver(outbox, senders)
    assert isinstance(again[1], Receipt)
    assert again[1].repeated
    assert set(states(outbox)) == {"sent"}
    assert (len(google.live()), len(google.mails), len(discord_server.messages)) == (6, 6, 1)


def test_people_who_are_gone_make_a_dead_letter_and_stop_nobody(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar
) -> None:
    erased = calendar_item(CalendarAct.BOOK, make_booking(session_key="erased").invitations[0])
    outbox = MemoryOutbox([erased, *everything()[:2]])
    list(deliver(outbox, {"calendar": calendar_sender(calendar, invitation_of, at_once=50)}))
    assert states(outbox) == ["dead", "sent", "sent"]
    assert len(google.live()) == 2


def test_book_revise_and_cancel_reach_the_calendar_in_order(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar
) -> None:
    invitation = BOOKINGS["s0"].invitations[0]
    acts = [calendar_item(act, invitation) for act in (CalendarAct.BOOK, CalendarAct.REVISE, CalendarAct.CANCEL)]
    outbox = MemoryOutbox(acts)
    list(deliver(outbox, {"calendar": calendar_sender(calendar, invitation_of, at_once=50)}))
    assert [kind for kind, _, _ in google.mails] == ["invitation", "cancellation"]
    assert google.live() == {}
