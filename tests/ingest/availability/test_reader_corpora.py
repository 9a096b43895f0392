"""The labelled sample, the project's own answers and prose that is no answer at all."""

from __future__ import annotations

from functools import cache

import pytest
from availability_scoring import HERE, Scored, cases, micro_f1, read_here, score

CORPORA = ("labelled.jsonl", "own.jsonl", "calibration.jsonl")


@cache
def scored(name: str) -> tuple[Scored, ...]:
    return tuple(score(case) for case in cases(name))


@pytest.mark.parametrize("name", CORPORA)
def test_at_least_98_of_100_answers_are_read_exactly(name):
    rows = scored(name)
    wrong = [row.text for row in rows if not row.exact]
    assert len(wrong) <= 0.02 * len(rows), wrong


@pytest.mark.parametrize("name", CORPORA)
def test_minutes_agree_by_micro_f1(name):
    assert micro_f1(list(scored(name))) >= 0.98


@pytest.mark.parametrize("name", CORPORA)
def test_nothing_is_lost_in_silence(name):
    assert [row.text for row in scored(name) if row.silent] == []


@pytest.mark.parametrize("name", CORPORA)
def test_what_was_not_understood_is_reported_with_its_words(name):
    assert [row.text for row in scored(name) if not row.reports] == []


@pytest.mark.parametrize("name", CORPORA)
def test_no_minutes_are_invented_outside_flagged_readings(name):
    assert [row.text for row in scored(name) if row.invented and not row.codes] == []


@pytest.mark.parametrize("name", CORPORA)
def test_statuses_agree(name):
    rows = scored(name)
    wrong = [(row.text, row.status) for row in rows if row.status != row.want_status]
    assert len(wrong) <= 0.02 * len(rows), wrong


@pytest.mark.parametrize("name", CORPORA)
def test_ambiguous_answers_carry_an_assumption_and_less_confidence(name):
    for row in scored(name):
        if "ambiguous" in row.tags:
            assert row.codes, row.text
            assert row.confidence < 0.9, row.text


def test_sure_readings_are_right():
    sure = [row for name in CORPORA for row in scored(name) if row.confidence >= 0.9]
    assert len(sure) > 300
    assert sum(row.exact for row in sure) >= 0.99 * len(sure)


def test_the_own_corpus_touches_every_tag_of_the_sample():
    tags = {tag for case in cases("labelled.jsonl") for tag in case["tags"]}
    own = {tag for case in cases("own.jsonl") for tag in case["tags"]}
    assert sorted(tags - own) == ["other-default-tz"]


@pytest.mark.parametrize("text", (HERE / "prose.txt").read_text(encoding="utf-8").splitlines())
def test_prose_offers_no_time(text):
    reading = read_here(text)
    assert reading.as_record()["weekly"] == []
    assert reading.dated == ()
    assert reading.status == "unparseable"
