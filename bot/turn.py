"""One question of one member, and whom a text in it means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.client import Json, Member, Pace
from bot.words import plain

STAFF = frozenset({"viewer", "coordinator", "owner"})
WRITERS = frozenset({"coordinator", "owner"})
ID = re.compile(r"[2-9a-z]{14}")
_MENTION = re.compile(r"<@!?(\d{17,20})>")
_ROLE_MENTION = re.compile(r"<@&\d+>")


class Refusal(Exception):  # noqa: N818 - a refusal is an answer
    """A sentence for the member; nothing was done."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Several(Exception):  # noqa: N818 - a question, not an error
    """A text means several: `options` are (label, id, description). `place`: which argument it was."""

    def __init__(self, place: int, question: str, options: Sequence[tuple[str, str, str]]) -> None:
        super().__init__(question)
        self.place = place
        self.question = question
        self.options = tuple(options)


@dataclass(frozen=True)
class Turn:
    """`api` acts for the asker. `name`: the same for a repeat of this very turn. `form`: what stands before commands.

    `words`: what was typed into the message whose button was pressed; `chosen`: what was picked from its menu.
    """

    api: Member
    asker: int
    name: str
    now: datetime
    form: str = "!"
    words: str = ""
    chosen: str = ""

    async def me(self) -> Json:
        return await self.api.get("me/")

    async def post(self, path: str, body: Json, *, seen: str = "", pace: Pace = "usual") -> Json:
        """Once for this turn. Raises `ApiError`."""
        return await self.api.post(path, body, once=self.name, seen=seen, pace=pace)

    async def staff(self, needed: frozenset[str] = STAFF) -> Json:
        """Me, if I am staff. Raises `Refusal` before anything else is looked up."""
        me = await self.me()
        if me["acts_as"] not in needed:
            raise Refusal("That is for program staff. If you are staff, an owner has to give you a staff role here.")
        return me

    async def person(self, text: str, role: str, place: int = 0) -> Json:
        """Whom a mention, id or name means. Raises `Refusal`, or `Several` when it could be more than one."""
        said = " ".join(text.split())
        if not said or _ROLE_MENTION.fullmatch(said) or said in ("@everyone", "@here"):
            raise Refusal(f"Name one {role or 'person'}: a mention, a name or an id.")
        mention = _MENTION.fullmatch(said)
        found: list[Json] = (await self.api.get("people/", text=mention[1] if mention else said, role=role))["results"]
        exact = [one for one in found if one["exact"]]
        if len(exact) == 1 or len(found) == 1:
            return (exact or found)[0]
        shown = "that member" if mention else f"“{plain(said, 60)}”"
        if not found:
            who = f"{role} of this program" if role else "one in this program"
            hint = "They must have confirmed their Discord account with a form link." if mention else "Check the name."
            raise Refusal(f"I know no {who} as {shown}. {hint}")
        options = [(one["name"] or one["id"], one["id"], f"{one['role']}, id {one['id']}") for one in exact or found]
        raise Several(place, f"Several people fit {shown}. Whom do you mean?", options)
