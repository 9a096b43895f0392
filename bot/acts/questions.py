"""Questions to the explanation engine. They change nothing."""

from __future__ import annotations

from bot.acts.own import known_zone
from bot.buttons import button
from bot.cards import Reply
from bot.client import Json
from bot.quotes import unquoted
from bot.texts.staff import answer_card
from bot.turn import ID, Refusal, Turn

MOST, PER_PAGE = 20, 4
SHOWN_CHANGES = 12


async def suggest_matches(turn: Turn, student: str, zone: str = "") -> Reply:
    """Ranked professionals for a student, with times in the asker's zone and what booking them would displace."""
    await turn.staff()
    found = {"id": student} if ID.fullmatch(student) else await turn.person(unquoted(student), "student")
    return await suggestions(turn, found["id"], "1", known_zone(zone).replace("/", ".") if zone else "")


async def suggestions(turn: Turn, student: str, page: str, zone: str = "") -> Reply:
    """One page of them. `zone` with full stops for slashes."""
    answer = await turn.api.get("suggestions/", student=student, most=MOST, zone=zone.replace(".", "/"))
    card, pages = answer_card(answer, int(page), PER_PAGE)
    number = min(int(page), pages)
    if pages == 1:
        return Reply(card)
    return Reply(card, (
        button("◀ Better", turn.asker, "suggestions", student, max(1, number - 1), zone, disabled=number == 1),
        button("More ▶", turn.asker, "suggestions", student, min(pages, number + 1), zone, disabled=number == pages,
               style="primary"),
    ))  # fmt: skip


async def why(turn: Turn, person: str) -> Reply:
    """Why somebody has this session, or none, and what would help."""
    await turn.staff()
    found = {"id": person} if ID.fullmatch(person) else await turn.person(unquoted(person), "")
    return _whole(await turn.api.get("explanations/", person=found["id"]))


async def whatif(turn: Turn, changes: str) -> Reply:
    """The last night with some changes, solved in full."""
    await turn.staff()
    text = unquoted(changes)
    if not text:
        raise Refusal(f"What if what? For example: {turn.form}whatif Maria Silva +Tue 18-19; John Doe out")
    return _whole(await turn.post("whatif/", {"text": text}, pace="patient"))


def _whole(answer: Json) -> Reply:
    return Reply(answer_card(answer, 1, SHOWN_CHANGES)[0])
