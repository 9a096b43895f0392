"""From outbox items to acts and back to outcomes: claim, record the attempt, act, record the outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import count, groupby, takewhile

from publish.booking import Invitation, Recipient, base32hex, digest
from publish.message import Message, retired_part
from publish.ports import Announcer, Calendar, ComingError, Item, Outbox, Outcome, PublishError, Receipt, blocking

CALENDAR = "calendar"
ANNOUNCER = "announcer"
ROOM_WAIT = timedelta(minutes=1)
ROOM_NEWS = "room"
"""The occasion on which events come to name a room that was made for them. The professional, with whose own event it
came, is not mailed about that."""
EDIT = "edit"
"""Marks an item that changes a message where it stands, and never posts it."""


class CalendarAct(StrEnum):
    """What an item asks of the calendar."""

    BOOK = "book"
    REVISE = "revise"
    CANCEL = "cancel"
    ROOM = "room"
    """See whether the room that was asked for with the event is there."""


def calendar_item(act: CalendarAct, invitation: Invitation, occasion: str = "") -> Item:
    """The item that acts on one recipient's event. `occasion` tells the same act at the same revision apart."""
    booking = invitation.booking
    payload: dict[str, str | int] = {
        "act": str(act),
        "session": booking.session_key,
        "recipient": str(invitation.recipient),
        "revision": booking.revision,
        "incarnation": invitation.incarnation,
    }
    if occasion:
        payload["occasion"] = occasion
    key = f"{CALENDAR}/{act}/{invitation.event_id}/{booking.revision}" + (f"/{occasion}" if occasion else "")
    return Item(key, CALENDAR, payload)


def message_items(messages: Iterable[Message], told: Iterable[Item]) -> list[Item]:
    """The items that make messages read as they do now; none for one whose last item of those `told` did.

    A wording that comes back is an item of its own. Parts that a message had once and has no more are items too.
    """
    now = list(messages)
    known = {item.key: item for item in told}
    last = {item.key.rpartition("/")[0]: item.key for item in known.values()}
    return [_message_item(one, known, last) for one in (*now, *_parts_left(now, last)) if _says_more(one, last)]


def _place(message: Message) -> str:
    return f"{ANNOUNCER}/{message.channel}/{message.key}"


def _wording(message: Message) -> str:
    return base32hex(digest("wording", message.text))[:16]


def _says_more(message: Message, last: Mapping[str, str]) -> bool:
    before = last.get(_place(message), "").rpartition("/")[2]
    return before.partition("-")[0] != _wording(message)


def _message_item(message: Message, known: Mapping[str, Item], last: Mapping[str, str]) -> Item:
    key = f"{_place(message)}/{_wording(message)}"
    if key in known:
        key += "-" + base32hex(digest("turn", last[_place(message)]))[:8]
    return Item(key, ANNOUNCER, {"message": message.key, **({EDIT: 1} if message.only_edit else {})})


def _parts_left(messages: Sequence[Message], last: Mapping[str, str]) -> list[Message]:
    """What is told in fewer parts than before leaves the others, which must not go on saying what was."""
    parts = Counter((one.channel, one.series) for one in messages)
    first = {(one.channel, one.series): one for one in reversed(messages)}
    left: list[Message] = []
    for series, number in parts.items():
        gone = (retired_part(first[series], part) for part in count(number + 1))
        left += takewhile(lambda one: _place(one) in last, gone)
    return left


@dataclass(frozen=True)
class Sender:
    """Who carries one channel's items, `at_once` of them in one go; one outcome for each, in the same order."""

    send: Callable[[Sequence[Item]], list[Outcome]]
    at_once: int = 1


def calendar_sender(
    calendar: Calendar,
    invitation_of: Callable[[Item], Invitation],
    at_once: int = 1,
    heard: Callable[[Item, Receipt], None] = lambda _item, _receipt: None,
) -> Sender:
    """Carries calendar items; `invitation_of` finds the people behind the payload, or raises `PublishError`.

    Items may be tried in another order than they were added, since a failed one rests. So a booking and a change both
    make the event be there as it should be now, and neither speaks for a session that was cancelled meanwhile.
    `heard` is told of every receipt at once. Of bookings the professionals' go first: their event makes the room, so
    the students' can name it already.
    """
    acts = {
        CalendarAct.BOOK: calendar.book,
        CalendarAct.REVISE: calendar.book,
        CalendarAct.CANCEL: calendar.cancel,
        CalendarAct.ROOM: lambda invitations: _rooms_of(calendar, invitations),
    }

    def wave(act: CalendarAct, items: Sequence[Item]) -> dict[str, Outcome]:
        outcomes = _answered([_looked_up(invitation_of, item, act) for item in items], acts[act])
        for item, outcome in zip(items, outcomes, strict=True):
            if isinstance(outcome, Receipt):
                heard(item, outcome)
        return {item.key: outcome for item, outcome in zip(items, outcomes, strict=True)}

    def send(items: Sequence[Item]) -> list[Outcome]:
        outcomes: dict[str, Outcome] = {}
        blocked: PublishError | None = None
        for act, run in groupby(items, key=lambda item: CalendarAct(str(item.payload["act"]))):
            for some in _waves(list(run)):
                blocked = blocked or blocking(outcomes.values())
                outcomes |= {item.key: blocked for item in some} if blocked else wave(act, some)
        return [outcomes[item.key] for item in items]

    return Sender(send, at_once)


def _waves(items: Sequence[Item]) -> list[list[Item]]:
    """The professionals' items, then the students'; no two in one wave that are about the same event."""
    waves: dict[tuple[bool, int], list[Item]] = {}
    met: Counter[tuple[bool, str | int]] = Counter()
    for item in items:
        student = item.payload["recipient"] != Recipient.PROFESSIONAL
        event = (student, item.payload["session"])
        waves.setdefault((student, met[event]), []).append(item)
        met[event] += 1
    return [waves[place] for place in sorted(waves)]


def _rooms_of(calendar: Calendar, invitations: Sequence[Invitation]) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for one in invitations:
        outcomes.append(blocking(outcomes[-1:]) or _room_of(calendar, one))
    return outcomes


def _room_of(calendar: Calendar, invitation: Invitation) -> Outcome:
    """The room of an event that asked for one. Raises nothing: not there yet is an outcome too."""
    if invitation.booking.cancelled or invitation.booking.room:
        return Receipt(invitation.event_id, repeated=True)
    try:
        event = calendar.get(invitation.event_id)
    except PublishError as error:
        return error
    if event is None or event.cancelled:
        return PublishError("the event that should hold the room is not there", permanent=True)
    if event.room:
        return Receipt(invitation.event_id, event.version, link=event.link, room=event.room)
    if event.room_asked == "pending":
        return ComingError("the calendar has not made the room yet", permanent=False, retry_after=ROOM_WAIT)
    return PublishError("the calendar made no room: set program.meeting_link, or tell the two where", permanent=True)


def announcer_sender(announcer: Announcer, message_of: Callable[[Item], Message]) -> Sender:
    """Carries messages; `message_of` renders the text again from the payload, or raises `PublishError`."""

    def post(item: Item) -> Outcome:
        try:
            message = message_of(item)
            edit = message.only_edit or item.payload.get(EDIT)
            if edit and announcer.find(message.channel, message.reference) is None:
                return Receipt("", repeated=True)
            return announcer.post(message)
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
        answered = list(zip(claimed, _sent(sender, claimed), strict=True))
        for item, outcome in answered:
            outbox.finish(item.key, outcome)
        yield from answered
        if blocking(outcome for _, outcome in answered):
            return


def _sent(sender: Sender, items: Sequence[Item]) -> list[Outcome]:
    """What nobody foresaw is an outcome too: whether something was sent is open, and the other items go on."""
    try:
        return sender.send(items)
    except Exception as error:  # noqa: BLE001 - one item that nobody foresaw must not keep the night from everybody
        if len(items) > 1:
            return [outcome for one in items for outcome in _sent(sender, [one])]
        said = f"something unforeseen ({type(error).__name__}); please report it"
        return [PublishError(said, permanent=False, uncertain=True) for _ in items]


def _looked_up(invitation_of: Callable[[Item], Invitation], item: Item, act: CalendarAct) -> Invitation | Outcome:
    try:
        invitation = invitation_of(item)
    except PublishError as error:
        return error
    if invitation.booking.cancelled and act is not CalendarAct.CANCEL:
        return Receipt(invitation.event_id, repeated=True)
    return invitation


def _answered(
    found: Iterable[Invitation | Outcome], act: Callable[[Sequence[Invitation]], list[Outcome]]
) -> list[Outcome]:
    """The act's outcomes, with what the look-ups settled in their places."""
    rows = list(found)
    done = iter(act([row for row in rows if isinstance(row, Invitation)]))
    return [next(done) if isinstance(row, Invitation) else row for row in rows]
