"""`schedule_session`: a session by hand, echoed before it is booked."""

from __future__ import annotations

from datetime import datetime

from bot.acts.own import known_zone
from bot.acts.sessions import PATH, moment_of
from bot.buttons import button
from bot.cards import Reply
from bot.client import ApiError, Json
from bot.texts.sessions import ask_book_card, booked_card, full_card
from bot.turn import ID, WRITERS, Refusal, Turn
from bot.words import plain, stamp

LIMITS = "not-now"
"""The problem's type for a professional whose day or week is full."""
FORM = 'schedule_session @student "John Doe" "Monday 2:00 PM"'


async def schedule_session(turn: Turn, student: str, professional: str, time: str, zone: str = "") -> Reply:
    """Who, with whom, when: read and echoed; a button books it."""
    await turn.staff(WRITERS)
    one = await _person(turn, student, "student", 0)
    other = await _person(turn, professional, "professional", 1)
    moment = await moment_of(turn, time, known_zone(zone) if zone else "", f"{turn.form}{FORM}")
    await _refuse_busy(turn, one, other, moment)
    start = int(datetime.fromisoformat(moment["starts_at"]).timestamp())
    book = button("Book it", turn.asker, "book", one["id"], other["id"], start, style="success")
    return Reply(ask_book_card(one, other, moment, None), (book, button("No, leave it", turn.asker, "leave")))


async def book(turn: Turn, student: str, professional: str, start: str, beyond: str = "") -> Reply:
    """Book what was echoed. `beyond`: an owner goes beyond the professional's limits."""
    moment = datetime.fromtimestamp(int(start), turn.now.tzinfo)
    body = {"student": student, "professional": professional, "starts_at": moment.isoformat()}
    try:
        return Reply(booked_card(await turn.post(PATH, {**body, "override": bool(beyond)})))
    except ApiError as error:
        if error.kind != LIMITS or beyond or (await turn.me())["acts_as"] != "owner":
            raise
        again = button("Book it anyway", turn.asker, "book", student, professional, start, "beyond", style="danger")
        card = full_card(f"The session at {stamp(moment)}:", error.sentence)
        return Reply(card, (again, button("No, leave it", turn.asker, "leave")))


async def _person(turn: Turn, text: str, role: str, place: int) -> Json:
    """By id without asking whether an id is meant: it comes from a menu or a completion."""
    if ID.fullmatch(text):
        return await turn.api.get(f"{role}s/{text}/")
    return await turn.person(text, role, place)


async def _refuse_busy(turn: Turn, one: Json, other: Json, moment: Json) -> None:
    """Says who is busy before anybody presses a button; the record decides when it is booked."""
    start = datetime.fromisoformat(moment["starts_at"])
    for side, person in (("student", one), ("professional", other)):
        rows = (await turn.api.get(PATH, **{side: person["id"]}, state="scheduled", page_size=100))["results"]
        for row in rows:
            if datetime.fromisoformat(row["starts_at"]) <= start < datetime.fromisoformat(row["ends_at"]):
                raise Refusal(f"{plain(person['name'], 80)} has another session then: {stamp(row['starts_at'])}.")
