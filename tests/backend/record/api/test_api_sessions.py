"""Sessions over HTTP: who sees them, who changes them, and how changes are guarded."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.record.models import AuditEntry, ScheduledSession
from tests.backend.record.api.callers import HOUR, World, soon
from tests.backend.record.rows import session_of
from tests.standins.databases import at_once

SESSIONS = "/api/scheduled-sessions/"


def one(session: ScheduledSession) -> str:
    return f"{SESSIONS}{session.public_id}/"


def new_session(world: World, **more: object) -> dict[str, object]:
    return {
        "student": world.ben.public_id,
        "professional": world.quinn.public_id,
        "starts_at": soon(72).isoformat(),
        **more,
    }


def test_staff_see_all_sessions_and_participants_their_own(world: World) -> None:
    seen = {
        who: {row["id"] for row in world.as_[who].get(SESSIONS).json()["results"]} for who in ("read", "ana", "pat")
    }
    both = {world.session.public_id, world.past.public_id}
    assert seen == {"read": both, "ana": {world.session.public_id}, "pat": both}
    assert world.as_["ben"].get(one(world.session)).status_code == 404


def test_no_session_shows_an_address(world: World) -> None:
    for who in ("read", "write", "ana", "bot-owner"):
        assert "@" not in world.as_[who].get(SESSIONS).content.decode()


def test_only_staff_see_how_good_a_match_is(world: World) -> None:
    assert world.as_["read"].get(one(world.session)).json()["quality"] == 1
    assert world.as_["ana"].get(one(world.session)).json()["quality"] is None


def test_filters_narrow_and_unknown_ones_are_named(world: World) -> None:
    reader = world.as_["read"]
    coming = reader.get(f"{SESSIONS}?starts_after={soon(0).isoformat().replace('+', '%2B')}&order=-starts_at").json()
    assert [row["id"] for row in coming["results"]] == [world.session.public_id]
    wrong = reader.get(f"{SESSIONS}?stat=scheduled")
    assert wrong.status_code == 400
    assert "stat" in wrong.json()["errors"][0]["field"]
    assert reader.get(f"{SESSIONS}?starts_after=9999-12-31T23:59:59-14:00").status_code == 400
    assert reader.get(f"{SESSIONS}?student=%00").status_code == 400


def test_staff_book_a_session_and_both_are_told(world: World) -> None:
    made = world.as_["write"].post(SESSIONS, new_session(world))
    assert made.status_code == 201, made.content
    row = ScheduledSession.objects.get(public_id=made.json()["id"])
    assert (row.student, row.professional, row.minutes) == (world.ben, world.quinn, 30)
    assert made["ETag"] == world.as_["write"].get(one(row))["ETag"]
    assert AuditEntry.objects.get(action="book").actor_kind == "coordinator"


def test_the_audit_names_the_discord_member(world: World) -> None:
    assert world.as_["bot-coordinator"].post(SESSIONS, new_session(world)).status_code == 201
    entry = AuditEntry.objects.get(action="book")
    assert (entry.channel, entry.actor_kind, entry.actor_id) == ("bot", "coordinator", "discord:999999999999999999")


def test_the_same_idempotency_key_books_once(world: World) -> None:
    body = new_session(world)
    first = world.as_["write"].post(SESSIONS, body, Idempotency_Key="a-1")
    again = world.as_["write"].post(SESSIONS, body, Idempotency_Key="a-1")
    assert (again.status_code, again.json(), again["ETag"]) == (201, first.json(), first["ETag"])
    assert again["Idempotency-Replayed"] == "true"
    assert ScheduledSession.objects.filter(professional=world.quinn).count() == 1
    assert world.as_["write"].post(SESSIONS, new_session(world, minutes=60), Idempotency_Key="a-1").status_code == 422
    assert world.as_["bot-owner"].post(SESSIONS, body, Idempotency_Key="a-1").status_code == 409


def test_eight_requests_at_once_with_one_key_book_once(world: World) -> None:
    body = new_session(world)
    answers = at_once(8, lambda _number: world.as_["write"].post(SESSIONS, body, Idempotency_Key="same"))
    assert [one.status_code for one in answers] == [201] * 8
    assert len({one.json()["id"] for one in answers}) == 1
    assert ScheduledSession.objects.filter(professional=world.quinn).count() == 1


def test_eight_changes_at_once_with_one_tag_change_once(world: World) -> None:
    path, staff = one(world.session), world.as_["write"]
    seen = staff.get(path)["ETag"]
    times = [{"starts_at": soon(50 + number).isoformat()} for number in range(8)]
    answers = at_once(8, lambda number: staff.patch(path, times[number], If_Match=seen).status_code)
    assert sorted(answers) == [200] + [412] * 7
    world.session.refresh_from_db()
    assert world.session.revision == 1


def test_a_refused_create_may_be_tried_again_with_the_same_key(world: World) -> None:
    body = new_session(world, professional=world.pat.public_id, starts_at=world.session.starts_at.isoformat())
    assert world.as_["write"].post(SESSIONS, body, Idempotency_Key="b").status_code == 409
    world.as_["write"].post(f"{one(world.session)}cancel/")
    assert world.as_["write"].post(SESSIONS, body, Idempotency_Key="b").status_code == 201


def test_busy_past_and_impossible_bookings_are_refused_in_sentences(world: World) -> None:
    busy = new_session(world, professional=world.pat.public_id, starts_at=world.session.starts_at.isoformat())
    answer = world.as_["write"].post(SESSIONS, busy)
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert answer.json()["detail"] == "One of the two is in another session at that time."
    for wrong in (
        {"starts_at": soon(-1).isoformat()},
        {"starts_at": "2026-12-01T10:00:00"},
        {"minutes": 5},
        {"student": world.quinn.public_id},
        {"state": "completed"},
    ):
        assert world.as_["write"].post(SESSIONS, new_session(world, **wrong)).status_code == 400, wrong
    assert ScheduledSession.objects.count() == 2


def test_limits_hold_for_all_but_owners_who_say_so(world: World) -> None:
    morning = soon(24 * 8).replace(hour=14)
    for number in range(2):
        session_of(world.ana, world.quinn, morning + number * HOUR, program=world.program)
    body = new_session(world, starts_at=(morning + timedelta(days=0, hours=4)).isoformat())
    full = world.as_["write"].post(SESSIONS, body)
    assert full.status_code == 409
    assert "2 of 2 reviews in that week" in full.json()["detail"]
    assert world.as_["write"].post(SESSIONS, {**body, "override": True}).status_code == 403
    assert world.as_["bot-owner"].post(SESSIONS, {**body, "override": True}).status_code == 201


def test_a_change_needs_the_tag_of_what_was_seen(world: World) -> None:
    staff, path = world.as_["write"], one(world.session)
    move = {"starts_at": soon(50).isoformat()}
    assert staff.call("PATCH", path, move).status_code == 428
    seen = staff.get(path)["ETag"]
    assert staff.get(path, If_None_Match=seen).status_code == 304
    moved = staff.patch(path, move)
    assert (moved.status_code, moved.json()["revision"], moved.json()["minutes"]) == (200, 1, 30)
    assert staff.patch(path, {"starts_at": soon(60).isoformat()}, If_Match=seen).status_code == 412
    assert staff.delete(path, If_Match=seen).status_code == 412
    assert staff.delete(path).status_code == 204
    assert staff.get(path).json()["state"] == "cancelled"


def test_a_student_cancels_their_own_session_and_keeps_their_place(world: World) -> None:
    waited = world.session.request.waiting_since  # type: ignore[union-attr]
    gone = world.as_["bot-ana"].post(f"{one(world.session)}cancel/")
    assert (gone.status_code, gone.json()["state"]) == (200, "cancelled")
    request = world.ana.requests.get()
    assert (request.state, request.waiting_since) == ("pending", waited)
    assert world.session.revisions.get().cause == "student"
    assert world.as_["bot-ana"].post(f"{one(world.session)}cancel/").status_code == 409


def test_a_participant_who_reschedules_frees_the_time(world: World) -> None:
    path = f"{one(world.session)}reschedule/"
    assert world.as_["pat"].post(path, {"starts_at": soon(60).isoformat()}).status_code == 403
    assert world.as_["pat"].post(path).json()["state"] == "cancelled"
    assert world.session.revisions.get().cause == "professional"


def test_staff_reschedule_to_a_time(world: World) -> None:
    path = f"{one(world.session)}reschedule/"
    assert world.as_["bot-coordinator"].post(path).status_code == 400
    moved = world.as_["bot-coordinator"].post(path, {"starts_at": soon(60).isoformat(), "minutes": 45})
    assert (moved.json()["minutes"], moved.json()["revision"]) == (45, 1)


def test_the_loop_is_closed_by_the_two_people(world: World) -> None:
    path = one(world.past)
    assert world.as_["ben"].post(f"{one(world.session)}rate/", {"stars": 5}).status_code == 404
    assert world.as_["read"].post(f"{path}rate/", {"stars": 5}).status_code == 403
    assert world.as_["ben"].post(f"{path}rate/", {"stars": 6}).status_code == 400
    assert world.as_["ben"].post(f"{path}rate/", {"stars": 5}).json()["my_rating"] == 5
    assert world.as_["pat"].get(path).json()["my_rating"] is None
    assert world.as_["ben"].post(f"{path}complete/").json()["state"] == "completed"


def test_a_no_show_needs_the_word_of_staff(world: World) -> None:
    path = f"{one(world.past)}no-show/"
    assert world.as_["pat"].post(path, {"absent": "student"}).json()["state"] == "scheduled"
    assert world.as_["pat"].post(path, {"absent": "professional"}).status_code == 400
    assert world.as_["bot-coordinator"].post(path, {"absent": "student"}).json()["state"] == "no_show"


@pytest.mark.parametrize("body", ["", "[]", "{", '{"a": NaN}', '"x"', b"\xff", '{"a": "\\ud800"}', "[" * 50_000])
def test_bodies_that_are_no_json_object_are_refused(small_world: World, body: str | bytes) -> None:
    answer = small_world.as_["write"].call("POST", SESSIONS, body)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_a_large_body_is_refused(small_world: World) -> None:
    assert small_world.as_["write"].post(SESSIONS, {"why": "x" * 70_000}).status_code == 413
