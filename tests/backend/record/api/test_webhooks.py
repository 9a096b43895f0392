"""Form posts: what is signed is never lost, what is not never gets in, and one answer counts once."""

from __future__ import annotations

import hashlib
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from backend.record.actor import CONSOLE
from backend.record.api.reading import frame
from backend.record.api.webhooks import MAX_POST, sign
from backend.record.models import (
    FormPost,
    FormResponse,
    Membership,
    Person,
    ProfessionalAvailability,
    ReviewRequest,
)
from backend.record.models.states import FormKind, Source
from backend.record.refusal import Refused
from backend.record.services.posts import WEBHOOK, store_post, take_left_posts
from backend.record.services.responses import Arrival, let_count, take
from backend.record.services.tokens import form_token
from tests.backend.record.api.callers import World
from tests.backend.record.api.forms import (
    PROFESSIONAL_ANSWERS,
    PROFESSIONALS,
    STUDENT_ANSWERS,
    STUDENTS,
    form_post,
    send,
)
from tests.standins.databases import at_once


def cleo() -> Person:
    return Person.objects.get(email="cleo@example.org")


def test_a_students_answer_is_stored_read_and_told_back(world: World) -> None:
    answer = send(STUDENTS, form_post(STUDENT_ANSWERS))
    assert answer.status_code == 202, answer.content
    told = answer.json()
    assert (told["state"], told["replay"], told["revision"], told["reason"]) == ("current", False, 0, "")
    assert told["understood"][0]["echo"] == "Mon 14:00-16:00; Wed 14:00-16:00; America/New_York time"
    assert not cleo().verified
    assert ReviewRequest.objects.get(student=cleo()).state == "pending"
    row = FormResponse.objects.get()
    assert row.raw["Availability"] == STUDENT_ANSWERS["Availability"]
    assert bytes(FormPost.objects.get(response=row).body) == b""


def test_a_professionals_answer_becomes_an_offer(world: World) -> None:
    assert send(PROFESSIONALS, form_post(PROFESSIONAL_ANSWERS)).status_code == 202
    offer = ProfessionalAvailability.objects.get()
    assert (offer.per_week, offer.zone, offer.state) == (3, "America/Los_Angeles", "active")
    assert offer.windows.count() > 0
    assert Membership.objects.get(person__email="rae@example.com").details["company"] == "Acme"


def test_a_replay_answers_200_without_a_second_effect(world: World) -> None:
    post = form_post(STUDENT_ANSWERS)
    first = send(STUDENTS, post)
    again = send(STUDENTS, post, stamp=str(int(time.time()) + 1))
    assert (again.status_code, again.json()["replay"], again.json()["id"]) == (200, True, first.json()["id"])
    assert again.json()["understood"] == first.json()["understood"]
    assert (FormResponse.objects.count(), ReviewRequest.objects.filter(student=cleo()).count()) == (1, 1)


def test_an_edited_answer_is_a_new_revision_that_keeps_the_place_in_the_queue(world: World) -> None:
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
    send(STUDENTS, form_post(STUDENT_ANSWERS, at=at))
    told = send(STUDENTS, form_post({**STUDENT_ANSWERS, "Availability": "Fri 9-11am"}))
    assert (told.json()["revision"], told.json()["state"]) == (1, "current")
    assert sorted(FormResponse.objects.values_list("state", flat=True)) == ["current", "superseded"]
    request = ReviewRequest.objects.get(student=cleo())
    assert request.waiting_since == at
    assert request.response is not None
    assert request.response.revision == 1


def test_an_answer_that_arrives_late_does_not_replace_a_later_one(world: World) -> None:
    send(STUDENTS, form_post(STUDENT_ANSWERS))
    earlier = datetime.now(UTC) - timedelta(days=1)
    told = send(STUDENTS, form_post({**STUDENT_ANSWERS, "Availability": "Fri 9-11am"}, "r-0", earlier))
    assert told.json()["state"] == "superseded"


@pytest.mark.parametrize("with_id", [True, False])
def test_the_same_answer_by_sheet_is_the_same_response(world: World, with_id: bool) -> None:
    at = datetime(2026, 11, 20, 15, 4, 5, 678000, tzinfo=UTC)
    send(PROFESSIONALS, form_post(PROFESSIONAL_ANSWERS, "g-77", at))
    cells = {
        title: ", ".join(value) if isinstance(value, list) else value for title, value in PROFESSIONAL_ANSWERS.items()
    }
    start = datetime.fromisoformat(cells["Availability Start Date"])
    row = {"Timestamp": "11/20/2026 10:04:05", **cells, "Availability Start Date": f"{start:%m/%d/%Y}"}
    if with_id:
        row["Response ID"] = "g-77"
    arrival = Arrival(FormKind.PROFESSIONALS, row, Source.SHEET, "g-77" if with_id else "", sheet_row=5)
    taken = take(world.program, arrival, frame(), WEBHOOK, datetime.now(UTC))
    assert taken.replay
    assert FormResponse.objects.count() == 1


def test_an_answer_nobody_confirmed_waits_when_the_person_is_verified(world: World) -> None:
    send(STUDENTS, form_post(STUDENT_ANSWERS))
    Person.objects.filter(pk=cleo().pk).update(email_verified_at=datetime.now(UTC))
    told = send(STUDENTS, form_post({**STUDENT_ANSWERS, "Availability": "any time"}, "r-9")).json()
    assert told["state"] == "held"
    assert FormResponse.objects.get(state="current").response_id == "r-1"


def test_the_token_of_the_link_proves_whose_answer_it_is(world: World) -> None:
    token = form_token(world.program, "100000000000000088")
    answers = {**STUDENT_ANSWERS, "Discord Username": "cleo", "Verification Code": token}
    assert send(STUDENTS, form_post(answers)).json()["state"] == "current"
    assert (cleo().discord_id, cleo().discord_verified_at is not None) == ("100000000000000088", True)
    assert FormResponse.objects.get().verified


def test_typing_somebody_elses_discord_id_changes_nothing_of_theirs(world: World) -> None:
    answers = {**STUDENT_ANSWERS, "Discord Username": str(world.ana.discord_id)}
    assert send(STUDENTS, form_post(answers)).json()["state"] == "held"
    world.ana.refresh_from_db()
    assert world.ana.discord_verified_at
    assert cleo().discord_id is None


def test_a_token_does_not_open_somebody_elses_verified_profile(world: World) -> None:
    Person.objects.filter(pk=world.ana.pk).update(email_verified_at=datetime.now(UTC))
    token = form_token(world.program, "100000000000000099")
    answers = {**STUDENT_ANSWERS, "Email Address": str(world.ana.email), "Verification Code": token}
    assert send(STUDENTS, form_post(answers)).json()["state"] == "held"
    assert not Person.objects.filter(discord_id="100000000000000099").exists()


def test_an_answer_under_a_merged_address_finds_who_stays(world: World) -> None:
    old = Person.objects.create(name="Cleo", email="cleo@example.org", merged_into=world.quinn)
    Person.objects.filter(pk=world.quinn.pk).update(discord_id=None, discord_verified_at=None)
    told = send(STUDENTS, form_post({**STUDENT_ANSWERS, "Discord Username": ""})).json()
    assert told["state"] == "current"
    row = FormResponse.objects.get()
    assert row.person == world.quinn
    assert {world.quinn.email, old.email} == set(Person.objects.filter(
        pk__in=(world.quinn.pk, old.pk)).values_list("email", flat=True))  # fmt: skip


def test_who_has_left_is_back_only_when_staff_say_so(world: World) -> None:
    send(STUDENTS, form_post(STUDENT_ANSWERS))
    Membership.objects.filter(person=cleo()).update(state="left")
    told = send(STUDENTS, form_post({**STUDENT_ANSWERS, "Notes": "hello again"}, "r-2")).json()
    assert (told["state"], "left the program" in told["reason"]) == ("held", True)


def test_staff_let_a_held_answer_count(world: World) -> None:
    send(STUDENTS, form_post(STUDENT_ANSWERS))
    Person.objects.filter(pk=cleo().pk).update(email_verified_at=datetime.now(UTC))
    send(STUDENTS, form_post({**STUDENT_ANSWERS, "Availability": "Fri 9-11am"}, "r-9"))
    held = FormResponse.objects.get(state="held")
    with pytest.raises(Refused):
        let_count(held, frame(), WEBHOOK, datetime.now(UTC))
    assert let_count(held, frame(), CONSOLE, datetime.now(UTC)).state == "current"
    assert FormResponse.objects.get(state="current").pk == held.pk


def test_another_domain_is_another_person(world: World) -> None:
    send(STUDENTS, form_post(STUDENT_ANSWERS))
    other = {**STUDENT_ANSWERS, "Email Address": "cleo@example.com", "Discord Username": ""}
    assert send(STUDENTS, form_post(other, "r-2")).json()["state"] == "current"
    assert Person.objects.filter(email__startswith="cleo@").count() == 2


def test_what_is_forged_stale_or_unsigned_is_not_let_in(world: World) -> None:
    post = form_post(STUDENT_ANSWERS)
    old = str(int(time.time()) - 360)
    for answer in (
        send(STUDENTS, post, secret="guess"),
        send(STUDENTS, post, signature=""),
        send(STUDENTS, post, signature="sha256=é"),
        send(STUDENTS, post, stamp=old),
        send(STUDENTS, post, stamp=str(int(time.time()) + 360)),
        send(STUDENTS, post, stamp="soon"),
        send(STUDENTS, post, stamp="9" * 400),
    ):
        assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert not FormPost.objects.exists()


def test_a_signature_of_one_form_post_fits_no_other_body(world: World) -> None:
    stamp = str(int(time.time()))
    signed = sign(settings.FORM_WEBHOOK_SECRET, stamp, b"{}")
    assert send(STUDENTS, form_post(STUDENT_ANSWERS), stamp=stamp, signature=signed).status_code == 401


def test_without_a_secret_nothing_is_taken(world: World) -> None:
    settings.FORM_WEBHOOK_SECRET = ""
    assert send(STUDENTS, form_post(STUDENT_ANSWERS), secret="").status_code == 503
    assert not FormPost.objects.exists()


def test_a_huge_post_is_refused_whole(small_world: World) -> None:
    assert send(STUDENTS, b"x" * (MAX_POST + 1)).status_code == 413
    assert send(STUDENTS, form_post({**STUDENT_ANSWERS, "Notes": "x" * 200_000})).status_code == 202


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe", b"[]", b"{}", b"nul", b"[" * 100_000, b'{"response_id": 3, "responses": {"a": 1}}',
     b'{"response_id": "a", "responses": {"a": "b"}}', b'{"response_id": "a", "timestamp": 1, "responses": {"a": 1}}'],
)  # fmt: skip
def test_a_signed_post_that_is_no_answer_is_kept_for_staff(small_world: World, body: bytes) -> None:
    answer = send(STUDENTS, body)
    assert (answer.status_code, answer.json()["state"]) == (202, "refused")
    assert bytes(FormPost.objects.get().body) == body
    assert send(STUDENTS, body).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [{"Email Address": "nobody"}, {"Full Name": ""}, {"Availabillity": "x"}, {"Availability": "\0 Mon 2-4"},
     {"Availability": "\ud800"}, {"Notes": {"a": [1, None]}}, {"\0": "x"}],
)  # fmt: skip
def test_strange_answers_are_stored_raw(world: World, changed: dict[str, Any]) -> None:
    answer = send(STUDENTS, form_post({**STUDENT_ANSWERS, **changed}))
    assert answer.status_code == 202
    assert FormResponse.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "answers", "asked", "renamed"),
    [(STUDENTS, STUDENT_ANSWERS, "Availability", "When can you come?"),
     (PROFESSIONALS, PROFESSIONAL_ANSWERS, "Preferred Days of the Week", "Which days suit you?")],
)  # fmt: skip
def test_a_question_that_was_renamed_takes_nobodys_times_away(
    world: World, path: str, answers: dict[str, Any], asked: str, renamed: str
) -> None:
    assert send(path, form_post(answers)).json()["state"] == "current"
    changed = {renamed if title == asked else title: text for title, text in answers.items()}
    told = send(path, form_post(changed, "r-2")).json()
    assert told["state"] == "rejected"
    assert asked in told["reason"]
    assert renamed in told["reason"]
    assert FormResponse.objects.get(state="current").response_id == "r-1"


def test_a_question_that_was_left_out_is_unanswered(world: World) -> None:
    answers = {title: text for title, text in STUDENT_ANSWERS.items() if title not in ("Availability", "Notes")}
    assert send(STUDENTS, form_post(answers)).json()["state"] == "current"


def test_a_post_whose_reading_broke_is_read_at_the_next_start(world: World) -> None:
    body = json.dumps(form_post(STUDENT_ANSWERS)).encode()
    store_post(world.program, FormKind.STUDENTS, body, datetime.now(UTC))
    assert take_left_posts(world.program, frame(), datetime.now(UTC), verified_email=False) == 1
    assert FormResponse.objects.get().state == "current"
    assert take_left_posts(world.program, frame(), datetime.now(UTC), verified_email=False) == 0


def test_eight_scripts_sending_one_answer_make_one_response(world: World) -> None:
    post = form_post(STUDENT_ANSWERS)
    codes = at_once(8, lambda _number: send(STUDENTS, post).status_code)
    assert sorted(codes) == [200] * 7 + [202]
    assert (FormResponse.objects.count(), Person.objects.filter(email="cleo@example.org").count()) == (1, 1)


TEXTS = st.text(max_size=60)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)
TITLES = st.sampled_from([*STUDENT_ANSWERS, "Timestamp", "Notes", "Response ID"]) | TEXTS


@bounds(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    answers=st.dictionaries(TITLES, ANYTHING, max_size=12),
    base=st.booleans(),
    name=ANYTHING | st.just("r-1"),
    moment=ANYTHING | st.just("2026-11-20T10:00:00Z"),
    broken=st.binary(max_size=12),
)
def test_no_signed_post_is_lost_and_none_breaks_the_server(
    small_world: World, answers: dict[str, Any], base: bool, name: Any, moment: Any, broken: bytes
) -> None:
    given_answers = {**(STUDENT_ANSWERS if base else {}), **answers}
    body = json.dumps({"response_id": name, "timestamp": moment, "responses": given_answers}).encode() + broken
    answer = send(STUDENTS, body)
    assert answer.status_code in (200, 202)
    told = answer.json()
    kept = FormPost.objects.get(digest=hashlib.sha256(body).hexdigest())
    assert bytes(kept.body) == body if told["state"] == "refused" else kept.response is not None
