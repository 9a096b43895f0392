"""Short texts to single phones, through whatever service the program names by an Apprise address: at most once."""

from __future__ import annotations

from urllib.parse import quote

from apprise import Apprise, NotifyFormat

PLACE = "{to}"


class TextingError(ValueError):
    """The address cannot be used; the message does not quote it, since it holds passwords."""


class Texter:
    """`address`: an Apprise address in which `{to}` stands for the number. Raises `TextingError`."""

    def __init__(self, address: str) -> None:
        if address.count(PLACE) != 1:
            raise TextingError(f"the address must hold {PLACE} once, where the phone number goes")
        if not Apprise().add(address.replace(PLACE, "+15555550100")):
            raise TextingError("Apprise does not know this address")
        self._address = address

    def send(self, number: str, text: str) -> bool:
        """Hand the text over; `number` in international form. False when it is not known to have arrived."""
        target = Apprise()
        target.add(self._address.replace(PLACE, quote(number, safe="")))
        return bool(target.notify(body=text, body_format=NotifyFormat.TEXT))
