"""Lists for staff, page by page, and new professionals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote, unquote

from bot.buttons import Act, button
from bot.cards import Reply
from bot.client import ApiError, Json
from bot.texts.staff import ORDERS, added_card, pending_card, professionals_card
from bot.turn import WRITERS, Refusal, Turn
from bot.words import one_line

PER_PAGE = 8
LONGEST_FILTER = 36
"""Characters of a filter in a button's id, percent-encoded."""
_ORDERED = {"waiting": "waiting_since", "longest": "waiting_since", "name": "name", "priority": "-priority"}
_MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")


async def pending_reviews(turn: Turn, query: str = "", order: str = "") -> Reply:
    """Waiting students with times: `query` a part of a name, or an order word."""
    await turn.staff()
    words = one_line(query).split()
    named = [word for word in words if word.casefold() in _ORDERED]
    wanted = _ORDERED.get(order or (named[0].casefold() if named else ""), "waiting_since")
    return await pending_page(turn, "1", wanted, _packed(" ".join(word for word in words if word not in named)))


async def pending_page(turn: Turn, page: str, order: str, packed: str = "") -> Reply:
    """One page of them."""
    query = unquote(packed)
    rows, number, pages = await _page(
        turn, "review-requests/", int(page), state="pending", readable="true", order=order, q=query
    )
    sorts = [
        button(ORDERS[one].capitalize(), turn.asker, "pending_page", 1, one, packed) for one in ORDERS if one != order
    ]
    turns = _turning(turn, "pending_page", number, pages, (order, packed))
    return Reply(pending_card(rows, number, pages, order, query), (*turns, *(sorts if rows["count"] > 1 else ())))


async def list_professionals(turn: Turn, query: str = "") -> Reply:
    """Volunteers with their load and next free time."""
    await turn.staff()
    return await professionals_page(turn, "1", _packed(query))


async def professionals_page(turn: Turn, page: str, packed: str = "") -> Reply:
    """One page of them."""
    query = unquote(packed)
    rows, number, pages = await _page(
        turn, "professionals/", int(page), state=("active", "paused"), order="name", q=query
    )
    turns = _turning(turn, "professionals_page", number, pages, (packed,))
    return Reply(professionals_card(rows, number, pages, query), turns)


async def add_professional(turn: Turn, name: str, specialties: str, email: str = "", shown: str = "") -> Reply:
    """A new volunteer. `shown`: "shown" when others may have read the address."""
    await turn.staff(WRITERS)
    title, address = one_line(name), one_line(email)
    if not title or _MAIL.search(title):
        raise Refusal(
            f'The name comes first, in quotation marks: {turn.form}add_professional "John Doe" "Finance, Consulting"'
        )
    if address and not _MAIL.fullmatch(address):
        raise Refusal("That is no e-mail address. It stands last, and may be left out.")
    body = {"name": title, "specialties": one_line(specialties)[:500], **({"email": address} if address else {})}
    return Reply(added_card(await turn.post("professionals/", body), hidden=shown != "shown"))


async def _page(turn: Turn, path: str, number: int, **query: str | Sequence[str]) -> tuple[Json, int, int]:
    """A page, its number and how many there are. Rows may have gone since: then the last page."""
    try:
        rows = await turn.api.get(path, pace="usual", page=number, page_size=PER_PAGE, **query)
    except ApiError as error:
        if error.status != 404 or number == 1:
            raise
        number, rows = 1, await turn.api.get(path, pace="usual", page=1, page_size=PER_PAGE, **query)
    return rows, number, max(1, -(-int(rows["count"]) // PER_PAGE))


def _turning(turn: Turn, act: str, number: int, pages: int, parts: tuple[str, ...]) -> tuple[Act, ...]:
    """Back and forth, where there is more than one page."""
    if pages == 1:
        return ()
    return (
        button("◀ Back", turn.asker, act, max(1, number - 1), *parts, disabled=number == 1),
        button("Next ▶", turn.asker, act, min(pages, number + 1), *parts, disabled=number == pages, style="primary"),
    )


def _packed(query: str) -> str:
    """A filter that fits into a button's id."""
    text = one_line(query)
    while len(quote(text, safe="")) > LONGEST_FILTER:
        text = text[:-1]
    return quote(text, safe="")
