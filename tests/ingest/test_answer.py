"""One answer on its own is read as its row in the sheet is, and is recognised whichever way it comes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ingest.answer import content_hash, read_answer
from ingest.forms import ProfessionalResponse, StudentResponse
from ingest.rules import ProgramRules
from ingest.sheet import Form, SourceError

RULES = ProgramRules("demo")
AS_OF = datetime(2026, 11, 23, 3, tzinfo=UTC)
STUDENT = {"Timestamp": "2026-11-20T10:00:00Z", "Email Address": "a@example.org", "Availability": "Mon 2-4pm"}
OFFER = {
    "Timestamp": "2026-11-20T10:00:00Z",
    "Full Name": "Pat",
    "Email Address": "p@example.org",
    "Availability Start Date": "2026-11-24",
    "Preferred Days of the Week": "Monday",
    "Preferred Time Slots (Select all that work for you)": "9:00 AM - 10:00 AM",
}


def test_questions_left_out_count_as_unanswered() -> None:
    answer = read_answer(Form.STUDENTS, STUDENT, RULES, AS_OF)
    assert isinstance(answer.response, StudentResponse)
    assert (answer.response.person.email, answer.response.role) == ("a@example.org", "")
    assert answer.offer is not None
    assert answer.offer.windows


def test_an_offer_is_read_into_windows() -> None:
    answer = read_answer(Form.PROFESSIONALS, OFFER, RULES, AS_OF)
    assert isinstance(answer.response, ProfessionalResponse)
    assert answer.offer is not None
    assert {window.interval.start.weekday() for window in answer.offer.windows} == {0}


def test_without_an_address_there_is_no_response_but_a_reason() -> None:
    answer = read_answer(Form.STUDENTS, {**STUDENT, "Email Address": "nobody"}, RULES, AS_OF)
    assert answer.response is None
    assert [issue.column for issue in answer.issues] == ["Email Address"]


def test_titles_of_another_form_are_refused() -> None:
    with pytest.raises(SourceError, match="Time Zonee"):
        read_answer(Form.STUDENTS, {**STUDENT, "Time Zonee": "ET"}, RULES, AS_OF)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        read_answer(Form.STUDENTS, STUDENT, RULES, datetime(2026, 11, 23))  # noqa: DTZ001


@pytest.mark.parametrize(
    "same",
    [
        dict(reversed(OFFER.items())),
        {**OFFER, "Availability Start Date": "11/24/2026"},
        {**OFFER, "Timestamp": "11/20/2026 5:00:00", "Response ID": "x"},
        {**OFFER, "Full Name": " Pat ", "Special Notes or Requirements": ""},
    ],
)
def test_the_same_answers_have_one_hash(same: dict[str, str]) -> None:
    assert content_hash(Form.PROFESSIONALS, same, RULES) == content_hash(Form.PROFESSIONALS, OFFER, RULES)


def test_other_answers_have_another_hash() -> None:
    other = {**OFFER, "Availability Start Date": "2026-11-25"}
    assert content_hash(Form.PROFESSIONALS, other, RULES) != content_hash(Form.PROFESSIONALS, OFFER, RULES)
