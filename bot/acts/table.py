"""Every act by its name, as commands and buttons call them, and asking back when a text means several."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.acts import booking, own, program, questions, rosters, sessions
from bot.buttons import menu
from bot.cards import Card, Reply, Tone, kept_words
from bot.quotes import pieces
from bot.turn import Refusal, Several, Turn

ACTS: dict[str, Callable[..., Awaitable[Reply]]] = {
    act.__name__: act
    for act in (
        own.resume, own.review_status, own.claim, own.availability, own.store, own.leave, own.pause, own.unpause,
        own.timezone, own.reminders,
        sessions.cancel, sessions.drop, sessions.choose, sessions.reschedule, sessions.free, sessions.move,
        sessions.complete, sessions.no_show, sessions.rate,
        booking.schedule_session, booking.book,
        rosters.pending_reviews, rosters.pending_page, rosters.list_professionals, rosters.professionals_page,
        rosters.add_professional,
        questions.suggest_matches, questions.suggestions, questions.why, questions.whatif,
        program.review_stats, program.run_status,
    )
} | {"stars": sessions.give_stars}  # fmt: skip
SHORT_LIVED = frozenset({"store", "book", "move"})
"""Buttons under words that mean something else the next day ("tomorrow")."""


async def run(turn: Turn, act: str, arguments: Sequence[str]) -> Reply:
    """Do it. Where a text means several, the reply asks which, and its menu goes on from there."""
    if act == "which":
        return await _go_on(turn, *arguments)
    try:
        return await ACTS[act](turn, *arguments)
    except Several as several:
        return _ask_which(turn, act, arguments, several)


def _ask_which(turn: Turn, act: str, arguments: Sequence[str], several: Several) -> Reply:
    given = [*arguments, *[""] * (several.place + 1 - len(arguments))]
    kept = " ".join('"' + one.replace('"', "'").replace("`", "'") + '"' for one in given)
    card = Card(several.question, "", (kept_words(kept),), f"For {turn.form}{act}", Tone.WAIT)
    return Reply(card, (menu("Choose one", several.options, turn.asker, "which", act, several.place),))


async def _go_on(turn: Turn, act: str, place: str) -> Reply:
    given = [piece.text for piece in pieces(turn.words)]
    if not turn.chosen or int(place) >= len(given):
        raise Refusal("I cannot find your question in this message any more. Please ask again.")
    given[int(place)] = turn.chosen
    return await run(turn, act, given)
