"""What holds for every text: no exception, exact spans, a faithful echo, linear work."""

from __future__ import annotations

import random
import sys

import pytest
from availability_scoring import HORIZON, REFERENCE, ZONE, cases, minutes_of, read_here
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.availability import LONGEST_TEXT, canonical, read
from ingest.availability.lattice import best_items
from ingest.availability.lexed import Lexed
from ingest.availability.vocabulary import KNOWN_WORDS

WORDS = st.sampled_from(
    [
        *sorted(KNOWN_WORDS),
        *map(str, range(32)),
        ",",
        ";",
        "\n",
        "-",
        "/",
        ":",
        ".",
        "(",
        ")",
        "?",
        "|",
        "✓",
        "✗",
        "zzyzx",
    ]
)
TEXTS = [case["text"] for name in ("labelled.jsonl", "own.jsonl") for case in cases(name)]


def minutes(text: str) -> frozenset[int]:
    return minutes_of(read_here(text).as_record())


def check(text: str) -> None:
    reading = read_here(text)
    for span in reading.unparsed:
        assert text[span.start : span.end] == span.text
    for assumption in reading.assumptions:
        assert text[assumption.span.start : assumption.span.end] == assumption.span.text
        assert assumption.sentence


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=80))
def test_random_unicode_never_raises(text):
    check(text)


@settings(max_examples=600, deadline=None)
@given(st.lists(WORDS, max_size=14))
def test_random_sentences_of_known_words_never_raise(words):
    check(" ".join(words))


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=10))
def test_the_echo_of_random_sentences_reads_back_to_the_same_minutes(words):
    reading = read_here(" ".join(words))
    assert minutes(canonical(reading)) == minutes_of(reading.as_record())


def test_the_echo_of_every_labelled_answer_reads_back_to_the_same_minutes():
    for text in TEXTS:
        reading = read_here(text)
        again = read_here(canonical(reading))
        assert minutes_of(again.as_record()) == minutes_of(reading.as_record()), text
        assert [w.certainty for w in again.weekly] == [w.certainty for w in reading.weekly], text


def test_the_echo_tells_who_is_not_available_from_what_was_not_understood():
    assert canonical(read_here("n/a")) == "not available"
    assert canonical(read_here("see my calendar")) == "nothing understood"


CLAUSES = (
    "Mon 2-4",
    "Tuesday mornings",
    "Thu after 5pm",
    "weekends before noon",
    "no Fridays",
    "Dec 3 10-11am",
    "Wed all day",
    "maybe Sat 1-3pm",
    "not Dec 1",
)


@given(st.permutations(CLAUSES), st.integers(1, len(CLAUSES)))
@settings(max_examples=60, deadline=None)
def test_the_order_of_clauses_does_not_matter(order, size):
    chosen = order[:size]
    assert minutes("; ".join(chosen)) == minutes("; ".join(sorted(chosen)))
    assert minutes("\n".join(chosen)) == minutes("; ".join(chosen))


def steps(text: str) -> int:
    lexed = Lexed(text)
    best_items(lexed)
    return lexed.steps


@pytest.mark.parametrize(
    "piece",
    [
        "Mon 2-4, ",
        "not ",
        "between ",
        "around ",
        "if ",
        "I have ",
        "1 ",
        "12/2 ",
        "- ",
        "any ",
        "\n",
        "(",
        "every other ",
        "zz ",
        "after class ",
        "9-",
    ],
)
def test_work_is_linear_in_the_length(piece):
    short, long = piece * 200, piece * 800
    assert steps(long) <= 4.5 * steps(short)
    check(long)


def calls(text: str) -> int:
    """Python calls made while one text is read: a clock that no machine disturbs."""
    count = 0

    def tick(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(tick)
    try:
        read_here(text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("piece", ["zz ", "1 ", "Mon 2-4; ", "not Mon 2-3; ", "maybe Tue "])
def test_the_whole_reading_is_linear_in_the_length(piece):
    short, long = piece * 150, piece * 600
    assert calls(long) <= 4.6 * calls(short)


def test_text_beyond_the_limit_is_refused_as_a_reading():
    reading = read_here("Mon 2-4 " * (LONGEST_TEXT // 8 + 1))
    assert reading.status == "unparseable"
    assert reading.weekly == ()
    assert [a.code for a in reading.assumptions] == ["too-long"]
    assert "too long" in reading.assumptions[0].sentence


def test_text_at_the_limit_is_read():
    text = ("Mon 2-4; " * 1200)[:LONGEST_TEXT]
    assert read_here(text).status in ("ok", "partial")


def test_the_same_text_gives_the_same_reading():
    shuffled = random.Random(7).sample(TEXTS, 60)
    for text in shuffled:
        first = read(text, reference=REFERENCE, zone=ZONE, horizon=HORIZON)
        assert read(text, reference=REFERENCE, zone=ZONE, horizon=HORIZON) == first
