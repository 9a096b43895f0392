"""Whatever is said fits Discord's limits, pings nobody and shows no address."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.buttons import Act, button, menu
from bot.cards import Card, embed_of, kept_words, words_of
from bot.charts import stats_chart
from bot.words import cut, listed, plain, stamp, units, when
from tests.standins.discord_limits import faults

TEXTS = st.text(max_size=300).map(lambda text: text * 30)


@given(TEXTS, TEXTS, st.lists(st.tuples(TEXTS, TEXTS), max_size=30), TEXTS)
def test_every_card_fits(title: str, text: str, fields: list[tuple[str, str]], footer: str) -> None:
    embed = embed_of(Card(title, text, tuple(fields), footer)).to_dict()
    assert [one for one in faults({"embeds": [embed], "content": "x"}) if "field" not in one] == []
    assert len(embed.get("fields", [])) <= 25


@given(st.text(max_size=120))
def test_typed_text_cannot_ping_link_or_show_an_address(text: str) -> None:
    shown = plain(f"{text} @everyone <@123456789012345678> https://x.example a.b@example.org")
    assert "\n" not in shown
    assert "@everyone" not in shown
    assert not re.search(r"<@[!&]?\d", shown)
    assert "://" not in shown
    assert "a.b@example.org" not in shown


def test_plain_text_reads_as_it_was_typed() -> None:
    assert plain("Kate O'Brien, 2/3 (she/her)") == "Kate O'Brien, 2/3 (she/her)"
    assert plain("*bold* [x](y) `code` ||spoiler||") == r"\*bold\* \[x\](y) \`code\` \|\|spoiler\|\|"
    assert plain("# big") == r"\# big"
    assert plain("x" * 500, 10) == "x" * 9 + "…"
    assert plain("a\u202eb\u0007c") == "ab c"


@given(st.text(max_size=50), st.integers(1, 60))
def test_cuts_keep_to_the_limit(text: str, limit: int) -> None:
    assert units(cut(text, limit)) <= limit
    assert units(text) > limit or cut(text, limit) == text


def test_a_time_mark_is_never_cut_in_two() -> None:
    line = f"on {stamp(datetime(2026, 12, 7, tzinfo=UTC))} with John"
    for limit in range(4, len(line)):
        shown = cut(line, limit)
        assert ("<t:" in shown) == (":F>" in shown)


@given(st.text(st.characters(exclude_categories=["C"], exclude_characters="`"), min_size=1, max_size=200))
def test_kept_words_come_back_exactly(words: str) -> None:
    assert words_of([embed_of(Card("x", "", (kept_words(words),)))]) == words


def test_buttons_know_what_they_do_and_fit() -> None:
    made = button("Book it", 4 * 10**17, "book", "a" * 14, "b" * 14, 1796670000, "beyond")
    found = Act.__discord_ui_compiled_template__.fullmatch(made.custom_id)
    assert found is not None
    assert (found["asker"], found["act"], found["parts"]) == (
        "400000000000000000", "book", f":{'a' * 14}:{'b' * 14}:1796670000:beyond")  # fmt: skip
    with pytest.raises(ValueError, match="colon"):
        button("x", 1, "book", "a:b")
    with pytest.raises(ValueError, match="characters"):
        button("x", 1, "book", "a" * 100)


def test_a_menu_offers_at_most_twenty_five() -> None:
    made = menu("Who?", [(f"Name {n}", str(n), "") for n in range(60)], 1, "which", "why", 0).to_component_dict()
    assert len(made["options"]) == 25


def test_times_and_lists_are_said_for_every_reader() -> None:
    assert when("2026-12-07T19:00:00Z") == "<t:1796670000:F> (<t:1796670000:R>)"
    assert listed(["Ana"]) == "Ana"
    assert listed(["Ana", "Ben", "Cleo"]) == "Ana, Ben and Cleo"
    assert listed([str(n) for n in range(9)]) == "0, 1, 2, 3, 4, 5 and 3 more"


def test_the_same_numbers_draw_the_same_chart() -> None:
    stats = {
        "sessions": {"scheduled": 3, "completed": 2, "cancelled": 1, "no_show": 1}, "completed": 1, "assumed": 1,
        "ratings": {"1": 0, "2": 0, "3": 1, "4": 0, "5": 4},
        "loads": [{"id": str(n), "name": f"Name $ {n}", "held": n, "upcoming": 1} for n in range(20)],
    }  # fmt: skip
    drawn = stats_chart(stats)
    assert drawn.startswith(b"\x89PNG")
    assert drawn == stats_chart(stats)
    assert stats_chart({**stats, "loads": []}).startswith(b"\x89PNG")
