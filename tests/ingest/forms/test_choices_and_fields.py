from __future__ import annotations

import pytest

from ingest.forms.choices import DAYS, FORMATS, LEVELS, VIDEO, chosen, slot_minutes
from ingest.forms.fields import INDUSTRIES, SYNONYMS, bits, industries_of, level_of, synonym_table

TABLE = synonym_table()


def test_options_come_in_the_forms_order_whatever_the_cells_spelling() -> None:
    assert chosen("wednesday,  Monday", DAYS).options == ("Monday", "Wednesday")
    assert chosen("Video Call (Google Meet/Zoom), phone call", FORMATS).options == (VIDEO, "Phone Call")
    assert chosen("Entry Level (0–2 years)", LEVELS).options == (LEVELS[0],)
    assert chosen("Video Call", FORMATS).options == (VIDEO,)


def test_an_unknown_option_is_named_with_the_nearest_one() -> None:
    assert chosen("Mon, Thrusday, Friday", DAYS).unknown == (("Mon", "Monday"), ("Thrusday", "Thursday"))


@pytest.mark.parametrize(
    ("option", "minutes"),
    [
        ("9:00 AM - 10:00 AM", (540, 600)), ("11:00 AM - 12:00 PM", (660, 720)), ("12:00 PM - 1:00 PM", (720, 780)),
        ("8:00 PM - 9:00 PM", (1200, 1260)), ("11:00 pm – 12:00 am", (1380, 1440)), ("9:00 AM-10:00 AM", (540, 600)),
        ("10:00 AM - 9:00 AM", None), ("13:00 AM - 2:00 PM", None), ("mornings", None), ("9:75 AM - 10:00 AM", None),
    ],
)  # fmt: skip
def test_slots_keep_both_ends(option: str, minutes: tuple[int, int] | None) -> None:
    assert slot_minutes(option) == minutes


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("SWE", ("Technology/Software",)),
        ("fintech", ("Technology/Software", "Finance/Banking")),
        ("Technology/Software", ("Technology/Software",)),
        ("Mechanical Engineering", ("Engineering",)),
        ("software engineering", ("Technology/Software",)),
        ("Senior Data Analyst", ("Technology/Software",)),
        ("banking & consulting", ("Finance/Banking", "Consulting")),
        ("Backend developer intern", ("Technology/Software",)),
        ("anything", ()),
        ("", ()),
    ],
)
def test_free_words_mean_the_forms_industries(text: str, options: tuple[str, ...]) -> None:
    assert industries_of(text, TABLE) == (options, ())


def test_unmapped_words_are_listed() -> None:
    assert industries_of("SWE, zookeeping", TABLE) == (("Technology/Software",), ("zookeeping",))


@pytest.mark.parametrize(
    "text",
    [
        "anything but finance", "anything except healthcare or tech", "Not tech", "don't want consulting",
        "I don’t like retail", "other than banking", "no sales or marketing", "still figuring it out",
        "I don't mind it", "open to it all",
    ],
)  # fmt: skip
def test_a_negated_industry_and_the_pronoun_it_ask_for_nothing_and_are_listed(text: str) -> None:
    assert industries_of(text, TABLE) == ((), (text,))


def test_what_an_exception_lists_after_a_comma_is_excepted_too() -> None:
    assert industries_of("anything but finance, tech", TABLE) == ((), ("anything but finance", "tech"))


def test_a_negation_leaves_the_other_pieces_alone() -> None:
    assert industries_of("tech, not finance", TABLE) == (("Technology/Software",), ("not finance",))


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("it", "Technology/Software"), ("IT", "Technology/Software"), ("It", "Technology/Software"),
        ("IT support", "Technology/Software"), ("not for profit organizations", "Non-Profit"),
    ],
)  # fmt: skip
def test_it_and_not_for_profit_still_mean_their_industry(text: str, option: str) -> None:
    assert industries_of(text, TABLE) == ((option,), ())


def test_a_programs_own_words_add_to_the_table() -> None:
    table = synonym_table((("zookeeping", "Non-Profit"),))
    assert industries_of("zookeeping", table)[0] == ("Non-Profit",)


def test_every_synonym_leads_to_an_option_of_the_form() -> None:
    assert set(SYNONYMS) == set(INDUSTRIES)
    assert all(industries_of(word, TABLE)[0] for words in SYNONYMS.values() for word in words)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Entry Level (0-2 years)", LEVELS[0]), ("entry level", LEVELS[0]), ("junior", LEVELS[0]),
        ("3 years", LEVELS[1]),
        ("1 yr", LEVELS[0]), ("7+ years", LEVELS[2]), ("Career changer", LEVELS[3]), ("new grad", LEVELS[4]),
        ("Senior Level (5+ years)", LEVELS[2]), ("mid", LEVELS[1]), ("purple", None), ("", None),
    ],
)  # fmt: skip
def test_levels_in_peoples_words(text: str, level: str | None) -> None:
    assert level_of(text) == level


def test_bits_follow_the_order() -> None:
    assert bits(("Healthcare", "Technology/Software"), INDUSTRIES) == 0b101
