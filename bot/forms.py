"""How the text behind each command in a message is taken apart; see `quotes`."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from bot.client import ApiError
from bot.quotes import Known, booking, first_and_rest, last_word, new_professional
from bot.turn import Turn

_STARS = re.compile(r"[0-9]{1,2}", re.ASCII)
_SIDE = re.compile(r"student|professional", re.IGNORECASE)
Form = Callable[[Turn, str, str], Awaitable[list[str]]]
"""(turn, text, the right form) -> arguments. Raises `FormError`, `ApiError`."""


async def _booking(turn: Turn, text: str, form: str) -> list[str]:
    return await booking(text, _known(turn), form)


async def _professional(turn: Turn, text: str, form: str) -> list[str]:  # noqa: ARG001 - all forms take a turn
    return new_professional(text, form)


async def _session_and_time(turn: Turn, text: str, form: str) -> list[str]:  # noqa: ARG001
    return first_and_rest(text, form)


async def _session_and_stars(turn: Turn, text: str, form: str) -> list[str]:  # noqa: ARG001
    return last_word(text, _STARS, form)


async def _session_and_side(turn: Turn, text: str, form: str) -> list[str]:  # noqa: ARG001
    session, side = last_word(text, _SIDE, form)
    return [session, side.lower()]


FORMS: dict[str, Form] = {
    "schedule_session": _booking,
    "add_professional": _professional,
    "reschedule": _session_and_time,
    "rate": _session_and_stars,
    "no_show": _session_and_side,
}


def _known(turn: Turn) -> Known:
    """Whether exactly somebody is called so; members who may not ask find nobody, and the command refuses them."""

    async def known(text: str, role: str) -> bool:
        try:
            found = (await turn.api.get("people/", text=text, role=role))["results"]
        except ApiError as error:
            if error.status == 403:
                return False
            raise
        return any(one["exact"] for one in found)

    return known
