"""From outbox items to acts and back to outcomes: claim, record the attempt, act, record the outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from publish.booking import Invitation, base32hex, digest
from publish.message import Message
from publish.ports import Announcer, Calendar, Item, Outbox, Outcome, PublishError

CALENDAR = "calendar"
ANNOUNCER = "announcer"


class CalendarAct(StrEnum):
    """What an item asks of the calendar."""

    BOOK = "book"
    REVISE = "revise"
    CANCEL = "cancel"


def calendar_item(act: CalendarAct, invitation: Invitation) -> Item:
    """The item that books, revises or cancels one recipient's event."""
    booking = invitation.booking
    payload: dict[str, str | int] = {
        "act": str(act),
        "session": booking.session_key,
        "recipient": str(invitation.recipient),
        "revision": booking.revision,
        "incarnation": booking.incarnation,
    }
    return Item(f"{CALENDAR}/{act}/{invitation.event_id}/{booking.revision}", CALENDAR, payload)


def message_item(message: Message) -> Item:
    """The item that makes a message read as it does now: the same text is the same item, a new text another."""
    wording = base32hex(digest("wording", message.text))[:16]
    return Item(f"{ANNOUNCER}/{message.channel}/{message.key}/{wording}", ANNOUNCER, {"message": message.key})


@dataclass(frozen=True)
class Sender:
    """Who carries one channel's items, `at_once` of them in one go; one outcome for each, in the same order."""

    send: Callable[[Sequence[Item]], list[Outcome]]
    at_once: int = 1


def calendar_sender(calendar: Calendar, invitation_of: Callable[[Item], Invitation], at_once: int = 1) -> Sender:
    """Carries calendar items; `invitation_of` finds the people behind the payload, or raises `PublishError`."""
    acts = {
        CalendarAct.BOOK: calendar.book,
        CalendarAct.REVISE: calendar.revise,
        CalendarAct.CANCEL: calendar.cancel,
    }

    def send(items: Sequence[Item]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for act, run in groupby(items, key=lambda item: CalendarAct(str(item.payload["act"]))):
            outcomes += _answered([_looked_up(invitation_of, item) for item in run], acts[act])
        return outcomes

    return Sender(send, at_once)


def announcer_sender(announcer: Announcer, message_of: Callable[[Item], Message]) -> Sender:
    """Carries messages; `message_of` renders the text again from the payload, or raises `PublishError`."""

    def post(item: Item) -> Outcome:
        try:
            return announcer.post(message_of(item))
        except PublishError as error:
            return error

    return Sender(lambda items: [post(item) for item in items])


def deliver(outbox: Outbox, senders: Mapping[str, Sender]) -> Iterator[tuple[Item, Outcome]]:
    """Try everything that is due, channel by channel, and yield each item with what came of it, already recorded.

    A channel without a sender is left alone. After an outcome that blocks its channel, the channel's other items
    stay as they are for a later pass. Nothing happens until the result is iterated.
    """
    queues: dict[str, list[Item]] = {}
    for item in outbox.due():
        queues.setdefault(item.channel, []).append(item)
    for channel, items in queues.items():
        if channel in senders:
            yield from _through(outbox, senders[channel], items)


def _through(outbox: Outbox, sender: Sender, items: Sequence[Item]) -> Iterator[tuple[Item, Outcome]]:
    for first in range(0, len(items), sender.at_once):
        claimed = [item for item in items[first : first + sender.at_once] if outbox.begin(item.key)]
        answered = list(zip(claimed, sender.send(claimed), strict=True))
        for item, outcome in answered:
            outbox.finish(item.key, outcome)
        yield from answered
        if any(isinstance(outcome, PublishError) and outcome.blocks_channel for _, outcome in answered):
            return


def _looked_up(invitation_of: Callable[[Item], Invitation], item: Item) -> Invitation | PublishError:
    try:
        return invitation_of(item)
    except PublishError as error:
        return error


def _answered(
    found: Iterable[Invitation | PublishError], act: Callable[[Sequence[Invitation]], list[Outcome]]
) -> list[Outcome]:
    """The act's outcomes, with the failed look-ups in their places."""
    rows = list(found)
    done = iter(act([row for row in rows if isinstance(row, Invitation)]))
    return [row if isinstance(row, PublishError) else next(done) for row in rows]
