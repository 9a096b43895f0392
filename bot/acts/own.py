"""For everybody: the form link, where I stand, my times, my pause, my zone, whether a profile is mine."""

from __future__ import annotations

import re
from difflib import get_close_matches
from zoneinfo import available_timezones

from bot.buttons import Act, button
from bot.cards import Card, Reply, Tone
from bot.client import ApiError, Json
from bot.quotes import unquoted
from bot.texts.own import (
    is_over,
    paused_card,
    preview_card,
    reminders_card,
    resume_card,
    status_card,
    stored_card,
    zone_card,
)
from bot.turn import Refusal, Turn
from bot.words import plain

LONGEST_TIMES = 900
"""Of a text that its message must keep until the button is pressed."""
NO_NIGHT = frozenset({"no-night", "not-in-night"})
_NUMBER = re.compile(r"\+[\d ().-]{6,24}\d")
_WAYS = {
    "discord": "discord", "dm": "discord", "email": "email", "e-mail": "email", "mail": "email", "usual": "",
    "none": "none", "off": "none", "no": "none",
}  # fmt: skip
_BACK = re.compile(r"(off|end|stop|resume|back|now)", re.IGNORECASE)


async def resume(turn: Turn) -> Reply:
    """The process and the form's link, with the member's own code in it."""
    return Reply(resume_card(await turn.me(), await turn.api.get("me/form-links/")))


async def review_status(turn: Turn) -> Reply:
    """Where I stand, and the smallest change that would help."""
    me = await turn.me()
    if me["claimable"]:
        buttons = (
            button("That is me", turn.asker, "claim", "yes", style="success"),
            button("Not me", turn.asker, "claim", "no"),
        )
        return Reply(status_card(me, None, turn.now), buttons)
    return Reply(status_card(me, await _why(turn, me), turn.now), _ways_out(turn, me))


async def claim(turn: Turn, mine: str) -> Reply:
    """The profile that names my Discord id is mine, or is not."""
    await turn.post("me/claim/", {"mine": mine == "yes"})
    if mine == "yes":
        return await review_status(turn)
    return Reply(Card("Thank you", "Your account was taken off that answer.", tone=Tone.GOOD))


async def availability(turn: Turn, text: str) -> Reply:
    """How a text would be read; a button stores it."""
    words = _typed(text)
    me = await turn.me()
    reading = await turn.post("availability-preview/", {"text": words})
    roles = [one["role"] for one in me["roles"] if one["role"] != "staff"]
    card = preview_card(words, reading)
    if not roles:
        hint = "To store it, answer the form once first: `resume` gives you the link."
        return Reply(Card(card.title, hint, card.fields, card.footer, Tone.WAIT))
    if reading["status"] not in ("ok", "partial"):
        return Reply(card)
    stores = [
        button(
            "Store these times" if len(roles) == 1 else f"Store them as a {role}",
            turn.asker,
            "store",
            role,
            style="success",
        )
        for role in roles
    ]
    return Reply(card, (*stores, button("No, leave it", turn.asker, "leave")))


async def store(turn: Turn, role: str) -> Reply:
    """The times that stand in the message whose button was pressed."""
    if not turn.words:
        raise Refusal("I cannot find your words in this message any more. Please send them again.")
    return Reply(stored_card(await turn.post("me/availability/", {"text": turn.words, "role": role})))


async def leave(turn: Turn) -> Reply:  # noqa: ARG001 - every act takes its turn
    """Nothing is done."""
    return Reply(Card("Left as it was", "Nothing was changed."))


async def pause(turn: Turn, until: str) -> Reply:
    """Not matched before that day; "off" ends it."""
    said = unquoted(until)
    if _BACK.fullmatch(said):
        return await unpause(turn)
    if not said:
        raise Refusal(f"Until when? Write it like this: {turn.form}pause Dec 7, or {turn.form}pause 2 weeks.")
    await _known(turn)
    moment = await turn.post("moment-preview/", {"text": said})
    me = await turn.post("me/pause/", {"until": moment["starts_at"] or moment["day_begins_at"]})
    return Reply(paused_card(me), (button("Come back now", turn.asker, "unpause"),))


async def unpause(turn: Turn) -> Reply:
    """Matched again."""
    await _known(turn)
    return Reply(paused_card(await turn.api.delete("me/pause/")))


async def timezone(turn: Turn, zone: str) -> Reply:
    """The zone of times that I write without one."""
    await _known(turn)
    return Reply(zone_card(await turn.api.patch("me/", {"zone": known_zone(unquoted(zone))})))


async def reminders(turn: Turn, way: str) -> Reply:
    """How I am reminded of my sessions."""
    await _known(turn)
    said = unquoted(way).strip()
    number = _NUMBER.search(said)
    if number:
        return Reply(reminders_card(await turn.api.patch("me/", {"reminders": "phone", "phone": number[0]})))
    wish = _WAYS.get(said.casefold())
    if wish is None:
        raise Refusal(
            f"Reminders go by Discord, by e-mail, or to a phone. Write it like this: {turn.form}reminders email, "
            f"{turn.form}reminders +15551234567, or {turn.form}reminders off."
        )
    return Reply(reminders_card(await turn.api.patch("me/", {"reminders": wish})))


def known_zone(text: str) -> str:
    """The zone's full name: by itself, by its city, in any case. Raises `Refusal` with the nearest ones."""
    wanted = text.strip().replace(" ", "_").casefold()
    by_name = {name.casefold(): name for name in sorted(available_timezones())}
    if wanted in by_name:
        return by_name[wanted]
    cities = [name for low, name in by_name.items() if low.rpartition("/")[2] == wanted and "/" in low]
    if len(cities) == 1:
        return cities[0]
    near = cities[:3] or [by_name[one] for one in get_close_matches(wanted, list(by_name), 3, 0.6)]
    hint = f"Did you mean {' or '.join(near)}?" if near else "Write it as America/New_York or Europe/Berlin."
    raise Refusal(f"“{plain(text, 60)}” is no time zone that I know. {hint}")


async def _known(turn: Turn) -> None:
    if not (await turn.me())["known"]:
        raise Refusal(f"I do not know you yet. {turn.form}resume gives you the form link to begin with.")


async def _why(turn: Turn, me: Json) -> Json | None:
    """The last night's explanation for who waits without a session; None when there is none to give."""
    waits = me["request"] is not None and me["request"]["state"] == "pending"
    if not me["known"] or not waits:
        return None
    asked = {"person": me["id"]} if me["acts_as"] != "participant" else {}
    try:
        return await turn.api.get("explanations/", **asked)
    except ApiError as error:
        if error.kind in NO_NIGHT:
            return {"sentences": [error.sentence], "entries": [], "heading": ""}
        raise


def _ways_out(turn: Turn, me: Json) -> tuple[Act, ...]:
    """What can be done about it, at most five buttons."""
    over = [one for one in me["sessions"] if is_over(one, turn.now)][:2]
    coming = [one for one in me["sessions"] if not is_over(one, turn.now)][:2]
    paused = any(one["state"] == "paused" for one in me["roles"])
    return (
        *(button(f"{one['reference']} took place", turn.asker, "complete", one["id"], style="success") for one in over),
        *(button(f"Cancel {one['reference']}", turn.asker, "cancel", one["id"], style="danger") for one in coming),
        *((button("Come back now", turn.asker, "unpause"),) if paused else ()),
    )


def _typed(text: str) -> str:
    """One text, its lines kept, without backticks. Raises `Refusal`."""
    words = "\n".join(line.strip() for line in unquoted(text).replace("`", "'").splitlines() if line.strip())
    if not words:
        raise Refusal("Say when you are free: “Mon and Wed 2-4pm, not on Dec 24”.")
    if len(words) > LONGEST_TIMES:
        raise Refusal(f"That is longer than {LONGEST_TIMES} characters. Please say it shorter, or use the form.")
    return words
