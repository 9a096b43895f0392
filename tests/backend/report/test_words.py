"""Texts of a document made safe to show, and the sentences made of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backend.report.view import duration, pieces
from backend.report.words import diff_line, equation, harmless, listed

ANYTHING = st.text(st.characters(codec=None), max_size=60)
ADDRESS = st.from_regex(r"[a-z0-9.+-]*[a-z0-9]@[a-z0-9]{1,8}\.[a-z]{2,4}", fullmatch=True)


@given(ANYTHING)
def test_harmless_text_keeps_its_length_and_stays_harmless(text: str) -> None:
    shown = harmless(text)
    assert len(shown) == len(text)
    assert shown.encode("utf-8").decode("utf-8") == shown
    assert harmless(shown) == shown


@given(ANYTHING, ADDRESS, ANYTHING)
def test_no_address_survives_wherever_it_stands(before: str, address: str, after: str) -> None:
    assert address not in harmless(before + address + after)


def test_what_is_no_address_stays() -> None:
    for text in ("Mon @ 5", "@everyone mon 2-4", "<@1234>", "not understood: '@here'"):
        assert harmless(text) == text


@given(ANYTHING, st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=6))
def test_pieces_are_the_text_and_mark_exactly_the_spans(text: str, spans: list[tuple[int, int]]) -> None:
    cut = pieces(text, [{"start": start, "end": end} for start, end in spans])
    assert "".join(piece for piece, _ in cut) == text
    marked = [flag for piece, flag in cut for _ in piece]
    assert marked == [any(start <= k < end for start, end in spans) for k in range(len(text))]


def test_sentences() -> None:
    assert diff_line({"new": 12, "moved": 1, "cancelled": 2, "kept": 29, "unmatched": 5}) == (
        "+ 12 new  ~ 1 moved  - 2 cancelled  = 29 kept  ! 5 unmatched"
    )
    assert equation({"total": 3, "parts": {"blank": 0, "held": 1, "current": 2}}) == "3 = 1 held + 2 current"
    assert equation({"total": 0, "parts": {"blank": 0}}) == "0 = 0"
    assert listed([]) == ""
    assert listed(["Ana"]) == "Ana"
    assert listed(["Ana", "Ben", "Cleo"]) == "Ana, Ben and Cleo"
    assert listed(["Ana", "Ben", "Cleo"], most=1) == "Ana and 2 more"
    assert [duration(minutes) for minutes in (0, 30, 60, 270)] == ["0", "30 min", "1 h", "4 h 30 min"]
