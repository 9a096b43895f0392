"""Cards about sessions: asking whether to go ahead, and what was done."""

from __future__ import annotations

from bot.cards import Card, Tone
from bot.client import Json
from bot.texts.own import session_line
from bot.words import counted, plain, stamp, when

MOST_OPTIONS = 4
MOST_STEPS = 6


def two(session: Json) -> str:
    """Ana Lima with John Doe."""
    student, professional = (plain(session[side]["name"] or "somebody", 60) for side in ("student", "professional"))
    return f"{student} with {professional}"


def ask_cancel_card(session: Json, mine: str | None, menu: Json | None) -> Card:
    """Shall it be cancelled? Staff also read what else would be possible."""
    text = (
        f"{session_line(session, mine)}\n\nBoth are told. The student waits again with their old place in the queue, "
        "and the time is free for others."
    )
    if menu is None:
        return Card("Cancel this session?", text, tone=Tone.WAIT)
    if menu["why"]:
        return Card("Cancel this session?", text, (("No menu", plain(menu["why"], 300)),), tone=Tone.WAIT)
    fields = [(_option_title(one), _steps(one)) for one in menu["options"][:MOST_OPTIONS]]
    more = f"{counted(menu['more'], 'option')} in between are not listed. " if menu["more"] else ""
    return Card("Cancel this session?", text, tuple(fields), f"{more}Each option is a proven plan.", Tone.WAIT)


def cancelled_card(session: Json, mine: str | None) -> Card:
    again = "You wait" if mine == session["student"]["id"] else "The student waits"
    text = f"{session_line(session, mine)}\n\nBoth are told. {again} again, with the old place in the queue."
    return Card("The session is cancelled", text, tone=Tone.GOOD)


def chosen_card(session: Json, number: str) -> Card:
    text = f"{session_line(session, None)}\n\nCancelled, and everything of option {number} was done. Everybody is told."
    return Card("The option was carried out", text, tone=Tone.GOOD)


def ask_free_card(session: Json, mine: str | None) -> Card:
    """A participant reschedules: no time is named."""
    text = (
        f"{session_line(session, mine)}\n\nYour time is freed and you are matched again on the next night, with your "
        "old place in the queue. Has your time changed? Then tell me with `availability` as well."
    )
    return Card("Find another time?", text, tone=Tone.WAIT)


def ask_move_card(session: Json, moment: Json) -> Card:
    text = f"{session_line(session, None)}\n\n**New time:** {spoken(moment)}"
    return Card("Move this session?", text, tone=Tone.WAIT)


def moved_card(session: Json) -> Card:
    return Card("The session is moved", f"{session_line(session, None)}\n\nBoth are told.", tone=Tone.GOOD)


def ask_book_card(student: Json, professional: Json, moment: Json, minutes: int | None) -> Card:
    """The echo of a booking by hand."""
    lines = [
        f"**Student:** {plain(student['name'], 80)}",
        f"**Professional:** {plain(professional['name'], 80)}",
        f"**Time:** {spoken(moment)}",
        *([f"**Length:** {counted(minutes, 'minute')}"] if minutes else []),
        *(f"• {plain(one)}" for one in moment["assumptions"][:3]),
    ]
    return Card(
        "Book this session?", "\n".join(lines), footer="Nothing is booked until you press the button.", tone=Tone.WAIT
    )


def booked_card(session: Json) -> Card:
    text = f"{session_line(session, None)}\n\nBoth get an invitation."
    return Card("The session is booked", text, tone=Tone.GOOD)


def full_card(card_text: str, sentence: str) -> Card:
    """Over a limit: an owner may go beyond it."""
    text = f"{card_text}\n\n**{plain(sentence, 300)}** As an owner you may book it all the same."
    return Card("Book beyond the limit?", text, tone=Tone.BAD)


def closed_card(session: Json, title: str, text: str) -> Card:
    return Card(title, f"{session_line(session, None)}\n\n{text}", tone=Tone.GOOD)


def spoken(moment: Json) -> str:
    """Monday 7 December 2026, 14:00 Europe/Berlin: for you that is ..."""
    day = str(moment["day"])
    date = f"{int(day[8:])} {_MONTHS[int(day[5:7]) - 1]} {day[:4]}"
    there = f"{moment['weekday']} {date}, {moment['local']} ({plain(moment['zone'])})"
    return f"{there}, on your clock {when(moment['starts_at'])}"


def _option_title(option: Json) -> str:
    return (
        f"Option {option['number']}: {counted(option['moved'], 'person', 'people')} moved, "
        f"{counted(option['sessions'], 'session')} in all"
    )


def _steps(option: Json) -> str:
    lines = [_step(step) for step in option["steps"][:MOST_STEPS]]
    left = len(option["steps"]) - len(lines)
    return "\n".join([*lines, *([f"and {left} more"] if left else [])]) or "Nobody moves; the time stays empty."


def _step(step: Json) -> str:
    after = f"{plain(step['after']['professional'], 60)}, {stamp(step['after']['starts_at'], 'f')}"
    if step["before"] is None:
        return f"• new: {plain(step['student'], 60)} with {after}"
    before = f"{plain(step['before']['professional'], 60)}, {stamp(step['before']['starts_at'], 'f')}"
    return f"• moved: {plain(step['student'], 60)} with {after} (was {before})"


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
