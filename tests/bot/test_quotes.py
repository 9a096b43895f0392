"""What stands behind a command in a message, taken apart."""

from __future__ import annotations

import asyncio
import re

import pytest
from discord.ext.commands.view import StringView
from hypothesis import given
from hypothesis import strategies as st

from bot.quotes import (
    DOUBLE,
    FormError,
    booking,
    canonical,
    first_and_rest,
    last_word,
    new_professional,
    pieces,
    unquoted,
)

FORM = '!schedule_session @student "John Doe" "Monday 2:00 PM"'
WORD_CHARS = st.sampled_from('ab "“”«')
ROSTER = {
    ("Ana Lima", "student"), ("Ana Maria", "student"), ("Ana Maria Lima", "student"), ("John Doe", "professional"),
    ("John", "professional"), ("Kate O'Brien", "student"), ("Mary May", "professional"),
}  # fmt: skip


async def known(text: str, role: str) -> bool:
    return (text, role) in ROSTER


def booked(text: str) -> list[str]:
    return asyncio.run(booking(text, known, FORM))


@pytest.mark.parametrize("text", [
    '<@123456789012345678> "John Doe" "Monday 2:00 PM"',
    "<@!123456789012345678> “John Doe” “Monday 2:00 PM”",
    "<@123456789012345678> “John Doe\" \"Monday 2:00 PM”",
    "<@123456789012345678> „John Doe“ «Monday 2:00 PM»",
    "<@123456789012345678> 'John Doe' ‘Monday 2:00 PM’",
    "<@123456789012345678> John Doe Monday 2:00 PM",
    '<@123456789012345678> John Doe "Monday 2:00 PM"',
    '<@123456789012345678>"John Doe""Monday 2:00 PM"',
])  # fmt: skip
def test_the_documented_form_works_with_every_kind_of_quote_and_with_none(text: str) -> None:
    assert [part.strip("<@!>") for part in booked(text)] == ["123456789012345678", "John Doe", "Monday 2:00 PM"]


def test_names_without_quotes_are_the_longest_of_the_roster() -> None:
    assert booked("Ana Maria Lima John Doe Monday 2pm") == ["Ana Maria Lima", "John Doe", "Monday 2pm"]
    assert booked("Kate O'Brien Mary May May 5 2pm") == ["Kate O'Brien", "Mary May", "May 5 2pm"]
    assert booked("Kate O’Brien \"John Doe\" \"tomorrow 9am\" Europe/Berlin") == [
        "Kate O’Brien", "John Doe", "tomorrow 9am", "Europe/Berlin"]  # fmt: skip


@pytest.mark.parametrize("text", [
    "Nobody Here John Doe Monday 2pm", "@student", '"Ana Lima" "John Doe"', '"Ana Lima" "John Doe" "2pm" UTC more "x"',
    '"Ana Lima "John Doe" "Monday 2pm', "Ana Lima Ben Stone Monday 2pm",
])  # fmt: skip
def test_what_cannot_be_split_is_refused_with_the_right_form(text: str) -> None:
    with pytest.raises(FormError) as refused:
        booked(text)
    assert FORM in refused.value.sentence


def test_apostrophes_are_no_quotes() -> None:
    assert [piece.text for piece in pieces("Kate O'Brien d’Arc 'John Doe' rock'n'roll")] == [
        "Kate", "O'Brien", "d’Arc", "John Doe", "rock'n'roll"]  # fmt: skip


def test_a_new_professional_needs_quotes_and_may_have_an_address() -> None:
    form = '!add_professional "John Doe" "Finance"'
    told = ["Jo Ray", "Finance, Law", "jo@example.org"]
    assert new_professional('"Jo Ray" “Finance, Law” jo@example.org', form) == told
    assert new_professional("'Jo Ray' 'Finance, Law' <jo@example.org>", form) == told
    assert new_professional('"Jo Ray" "Finance"', form) == ["Jo Ray", "Finance"]
    for text in ("Jo Ray Finance", '"Jo Ray"', '"Jo" "Fin" a@b.org c@d.org', "jo@example.org", '"a" "b" "c"'):
        with pytest.raises(FormError) as refused:
            new_professional(text, form)
        assert form in refused.value.sentence


def test_sessions_and_what_follows() -> None:
    assert first_and_rest('#K3F9QX "Tuesday 3pm"', "f") == ["#K3F9QX", "Tuesday 3pm"]
    assert first_and_rest("#K3F9QX Tuesday 3pm", "f") == ["#K3F9QX", "Tuesday 3pm"]
    assert first_and_rest("Ana Lima", "f") == ["Ana Lima"]
    stars = re.compile(r"[0-9]{1,2}")
    assert last_word("#K3F9QX 5", stars, "f") == ["#K3F9QX", "5"]
    assert last_word("5", stars, "f") == ["", "5"]
    assert last_word("Ana Lima", stars, "f") == ["Ana Lima", ""]


def test_quotes_around_the_whole_are_taken_off_once() -> None:
    assert unquoted('"Mon 2-4pm"') == unquoted("“Mon 2-4pm”") == unquoted(" Mon 2-4pm ") == "Mon 2-4pm"
    assert unquoted('"a" and "b"') == '"a" and "b"'
    assert unquoted("") == unquoted('""') == ""


WORDS = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="\\"), max_size=12)


@given(st.lists(WORDS, max_size=4))
def test_what_is_handed_to_the_library_comes_out_as_it_was(arguments: list[str]) -> None:
    view = StringView(canonical(arguments))
    found = []
    for _ in arguments:
        view.skip_ws()
        found.append(view.get_quoted_word())
    assert found == arguments


@given(st.text(st.characters(exclude_characters=DOUBLE), max_size=60))
def test_any_text_without_quotation_marks_is_taken_apart(text: str) -> None:
    assert all(piece.quoted or piece.text.strip() for piece in pieces(text))


@given(st.text(WORD_CHARS, max_size=60).filter(lambda text: sum(text.count(mark) for mark in DOUBLE) % 2 == 1))
def test_an_odd_quotation_mark_is_refused(text: str) -> None:
    with pytest.raises(FormError, match="never closed"):
        pieces(text)
