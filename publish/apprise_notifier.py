"""Any other channel by Apprise URLs: at most once.

What Apprise reports does not tell a refusal from a lost reply, so nothing is repeated: an outcome that is not a clear
yes is given up and listed for staff. URLs hold passwords and never show up in errors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from apprise import Apprise, NotifyFormat

from publish.legible import legible
from publish.message import Message
from publish.outbox import Sender
from publish.ports import Item, Outcome, PublishError, Receipt

APPRISE = "apprise"


class NotifierError(ValueError):
    """A URL that Apprise cannot use; the message counts it, and does not quote it."""


class Notifier:
    """The program's Apprise URLs, in their order; raises `NotifierError`."""

    def __init__(self, urls: Sequence[str]) -> None:
        self._targets = []
        for place, url in enumerate(urls, start=1):
            target = Apprise()
            if not target.add(url):
                raise NotifierError(f"address {place} of {len(urls)} is not one that Apprise knows")
            self._targets.append(target)

    def __len__(self) -> int:
        return len(self._targets)

    def send(self, place: int, title: str, body: str) -> bool:
        """Hand the text to one target, by its place from 0; False when it is not known to have arrived."""
        target = self._targets[place]
        return bool(target.notify(body=body, title=title, body_format=NotifyFormat.TEXT))


def notices(messages: Sequence[Message], targets: int) -> list[Item]:
    """An item for each message and target; a message that reads otherwise later is not sent again."""
    return [
        Item(f"{APPRISE}/{place}/{message.key}", APPRISE, {"message": message.key, "place": place})
        for message in messages
        for place in range(targets)
    ]


def notifier_sender(notifier: Notifier, title: str, zone: str, message_of: Callable[[Item], Message]) -> Sender:
    """Carries notices, with times in `zone`; an item that was tried before is not tried again."""

    def send(item: Item) -> Outcome:
        if item.tried:
            return PublishError("an earlier attempt ended unknown; this channel is never tried twice", permanent=True)
        place = int(item.payload["place"])
        if place >= len(notifier):
            return PublishError("this Apprise address is no longer configured", permanent=True)
        try:
            message = message_of(item)
        except PublishError as error:
            return error
        if notifier.send(place, title, legible(message.text, zone)):
            return Receipt("")
        return PublishError("Apprise did not confirm it; it may have arrived and is not repeated", permanent=True)

    return Sender(lambda items: [send(item) for item in items])
