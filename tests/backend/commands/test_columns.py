"""Text in terminal cells: measured at least as wide as it is shown, cut and wrapped to fit."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.commands.columns import cells, cut, fitted, flat, wrapped

SIGNS = st.one_of(
    st.characters(codec=None),
    st.sampled_from(list("名前ｱ한글🧑💻❤☺🇩🇪\u0301\u200d\ufe0f\u3000\x1b\x07\x9b\u202e \n")),
)
TEXTS = st.text(SIGNS, max_size=120)


@pytest.mark.parametrize(
    ("text", "width"), [("Ana", 3), ("名前", 4), ("e\u0301", 1), ("🧑", 2), ("❤\ufe0f", 2), ("", 0), ("ﾊﾝ", 2)]
)
def test_cells_count_wide_and_combining_signs(text: str, width: int) -> None:
    assert cells(text) == width


@given(TEXTS)
def test_flat_text_cannot_steer_the_terminal(text: str) -> None:
    shown = flat(text)
    assert not [char for char in shown if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")]
    assert "\u202e" not in shown
    assert shown == shown.strip()


@given(TEXTS, st.integers(1, 30))
def test_fitted_text_has_exactly_the_width(text: str, width: int) -> None:
    assert cells(fitted(text, width)) == width or width < 3


@given(TEXTS, st.integers(2, 30))
def test_cutting_loses_nothing_and_always_advances(text: str, width: int) -> None:
    head, rest = cut(text, width)
    assert head + rest == text
    assert head or not text
    assert cells(head) <= width or len(head) == 1


@given(TEXTS, st.integers(12, 80))
def test_wrapped_lines_fit_and_keep_every_word(text: str, width: int) -> None:
    lines = wrapped(text, "  ", "    ", width).split("\n")
    assert all(cells(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(flat(text).split())
