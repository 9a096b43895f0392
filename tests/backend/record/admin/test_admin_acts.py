"""What staff do in the admin: said before it is done, done by the services, and written into the audit."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from backend.record.models import (
    ApiKey,
    AuditEntry,
    ForbiddenPair,
    FormResponse,
    Membership,
    OutboxItem,
    Person,
    Pin,
    ReviewRequest,
    ScheduledSession,
)
from tests.backend.record.admin.conftest import Desk, place

Found = Callable[[Desk], Any]


def coming(desk: Desk) -> ScheduledSession:
    return ScheduledSession.objects.filter(state="scheduled", starts_at__gt=desk.clock()).earliest("starts_at")


def over(desk: Desk) -> ScheduledSession:
    return ScheduledSession.objects.filter(state="scheduled", ends_at__lt=desk.clock()).earliest("starts_at")


def waiting(_desk: Desk) -> ReviewRequest:
    return ReviewRequest.objects.get(student__name="Chen Wei", state="pending")


def student(_desk: Desk) -> Person:
    return Person.objects.get(name="Chen Wei")


def host(_desk: Desk) -> Membership:
    return Membership.objects.get(person__name="Olga Sidorova")


def paused(_desk: Desk) -> Membership:
    return Membership.objects.get(state="paused")


def held(_desk: Desk) -> FormResponse:
    return FormResponse.objects.get(state="held")


def current(_desk: Desk) -> FormResponse:
    return FormResponse.objects.get(person__name="Chen Wei", state="current")


def pinned(_desk: Desk) -> Pin:
    return Pin.objects.get(ended_at=None)


def apart(_desk: Desk) -> ForbiddenPair:
    return ForbiddenPair.objects.get(ended_at=None)


def dead(_desk: Desk) -> OutboxItem:
    return OutboxItem.objects.get(state="dead")


def unsent(_desk: Desk) -> OutboxItem:
    return OutboxItem.objects.filter(state="pending").earliest("pk")


def a_key(_desk: Desk) -> ApiKey:
    return ApiKey.objects.get(label="Discord bot")


def plan(desk: Desk) -> Any:
    return desk.plan


def idle(_desk: Desk) -> Membership:
    """A student without a session to come."""
    return Membership.objects.get(person__name="Chen Wei")


ACTS: list[tuple[str, Found, dict[str, Any], str, dict[str, Any]]] = [
    # act, row, what the form gets, action in the audit, what the row is then
    ("cancel", coming, {"cause": "student"}, "cancel", {"state": "cancelled", "revision": 1}),
    ("reschedule", coming, {"start": "2026-12-18T10:00", "minutes": 30}, "reschedule", {"revision": 1}),
    ("complete", over, {}, "complete", {"state": "completed", "assumed": False}),
    ("no-show", over, {"absent": "professional"}, "no_show", {"state": "no_show", "absent": "professional"}),
    ("change", waiting, {"wanted": 2, "priority": 5}, "change", {"wanted": 2, "priority": 5}),
    ("cancel", waiting, {}, "request", {"state": "cancelled"}),
    ("pause", host, {"until": "2026-12-24T08:00"}, "pause", {"state": "paused"}),
    ("resume", paused, {}, "resume", {"state": "active", "paused_until": None}),
    ("capacity", host, {"reviews": 4}, "change", {"capacity_per_week": 4}),
    ("leave", idle, {}, "leave", {"state": "left"}),
    ("approve", held, {}, "approve", {"state": "current"}),
    ("reject", held, {}, "reject", {"state": "rejected"}),
    ("read-again", current, {"text": "Mondays 9-12"}, "read_again", {"state": "current"}),
    ("end", pinned, {}, "unpin", {}),
    ("end", apart, {}, "allow", {}),
    ("retry", dead, {}, "retry", {"state": "pending", "problem": ""}),
    (
        "drop",
        unsent,
        {"because": "told"},
        "drop",
        {"state": "dead", "problem": "dropped by staff: told by other means"},
    ),
    ("hold", plan, {}, "hold", {"state": "held"}),
    ("approve", plan, {}, "approve", {"state": "booked"}),
]
NAMES = [f"{act}-{row.__name__}" for act, row, *_ in ACTS]


@pytest.mark.parametrize(("act", "find", "data", "action", "then"), ACTS, ids=NAMES)
def test_an_act_is_said_then_done_and_noted(
    desk: Desk, act: str, find: Found, data: dict[str, Any], action: str, then: dict[str, Any]
) -> None:
    row = find(desk)
    notes = AuditEntry.objects.count()
    said = desk.get("coordinator", f"{place(row)}do/{act}/")
    assert said.status_code == 200
    assert b"Back, change nothing" in said.content
    assert said.content.count(b"<li>") >= 1
    assert AuditEntry.objects.count() == notes
    done = desk.do(row, act, **data)
    assert done.status_code == 302, done.context["form"].errors if done.context else done.content
    assert done["Location"] == f"{place(row)}change/"
    row.refresh_from_db()
    assert {name: getattr(row, name) for name in then} == then
    mine = AuditEntry.objects.filter(pk__gt=0, action=action, actor_id="coordinator").latest("pk")
    assert (mine.actor_kind, mine.channel) == ("coordinator", "admin")
    assert mine.subject_id == str(getattr(row, "public_id", row.pk))


@pytest.mark.parametrize(("act", "find", "data", "action", "then"), ACTS, ids=NAMES)
def test_a_viewer_changes_nothing(
    desk: Desk, act: str, find: Found, data: dict[str, Any], action: str, then: dict[str, Any]
) -> None:
    row = find(desk)
    notes = AuditEntry.objects.count()
    assert desk.get("viewer", f"{place(row)}do/{act}/").status_code == 403
    assert desk.do(row, act, "viewer", **data).status_code == 403
    assert AuditEntry.objects.count() == notes
    assert f"/do/{act}/".encode() not in desk.get("viewer", f"{place(row)}change/").content


def test_two_are_pinned_kept_apart_and_booked_from_a_persons_page(desk: Desk) -> None:
    row, other = student(desk), host(desk)
    assert desk.do(row, "pin", other=other.pk).status_code == 302
    assert Pin.objects.get(student=row, ended_at=None).professional == other.person
    assert desk.do(row, "forbid", other=other.pk).status_code == 302
    assert ForbiddenPair.objects.get(student=row).professional == other.person
    free = Membership.objects.get(person__name="John Doe")
    booked = desk.do(row, "book", other=free.pk, start="2026-12-21T10:00", minutes=30)
    assert booked.status_code == 302
    session = ScheduledSession.objects.get(student=row)
    assert session.starts_at.isoformat() == "2026-12-21T15:00:00+00:00"
    assert desk.last_note().action == "book"


def test_what_the_record_refuses_is_said_and_changes_nothing(desk: Desk) -> None:
    row = pinned(desk)
    other = Membership.objects.get(person=row.professional, role="professional")
    answer = desk.do(row.student, "pin", other=other.pk)
    assert answer.status_code == 422
    assert b"Nothing was changed: these two are pinned already." in answer.content
    assert Pin.objects.filter(student=row.student).count() == 1


def test_an_act_that_no_longer_fits_is_not_offered_nor_done(desk: Desk) -> None:
    row = coming(desk)
    assert desk.do(row, "cancel", cause="staff").status_code == 302
    assert b"/do/cancel/" not in desk.get("coordinator", f"{place(row)}change/").content
    again = desk.do(row, "cancel", cause="staff")
    assert again["Location"] == f"{place(row)}change/"
    assert b"no longer possible" in desk.get("coordinator", f"{place(row)}change/").content
    assert ScheduledSession.objects.get(pk=row.pk).revision == 1


def test_moving_a_session_offers_times_that_suit_both(desk: Desk) -> None:
    row = coming(desk)
    shown = desk.get("coordinator", f"{place(row)}do/reschedule/").content.decode()
    offered = re.findall(r'<option value="(2026[^"]+)"', shown)
    assert offered
    assert row.starts_at.isoformat() not in offered
    assert desk.do(row, "reschedule", offered=offered[-1], minutes=30).status_code == 302
    row.refresh_from_db()
    assert row.starts_at.isoformat() == offered[-1]


def test_a_cancellation_offers_the_menu_of_least_change(desk: Desk) -> None:
    desk.do(desk.plan, "approve")
    row = ScheduledSession.objects.get(student__name="Max Oduya")
    shown = desk.do(row, "rebook", cause="professional")
    assert shown.status_code == 422
    assert b"0 people moved" in shown.content
    assert b"Choose what shall happen with it" in shown.content
    assert ScheduledSession.objects.get(pk=row.pk).state == "scheduled"
    done = desk.do(row, "rebook", cause="professional", option="1")
    assert done.status_code == 302
    row.refresh_from_db()
    assert row.state == "cancelled"
    anew = ScheduledSession.objects.get(student=row.student, state="scheduled")
    assert anew.starts_at != row.starts_at or anew.professional != row.professional
    assert AuditEntry.objects.filter(action="book", actor_id="coordinator").exists()
    assert desk.do(row, "rebook", cause="professional", option="99").status_code == 302


def test_the_menu_is_for_sessions_of_the_last_night_alone(desk: Desk) -> None:
    row = coming(desk)
    assert b"/do/rebook/" not in desk.get("coordinator", f"{place(row)}change/").content


@pytest.mark.parametrize("start", ["", "tomorrow", "2027-03-14T02:30"])
def test_times_that_are_none_are_refused(desk: Desk, start: str) -> None:
    """On 14 March 2027 the clocks of New York skip 2:30."""
    row = coming(desk)
    assert desk.do(row, "reschedule", start=start, minutes=30).status_code == 422
    assert ScheduledSession.objects.get(pk=row.pk).revision == 0


def test_limits_of_the_professional_hold_in_the_admin_too(desk: Desk) -> None:
    other = host(desk)
    other.capacity_per_week = 0
    other.save()
    answer = desk.do(student(desk), "book", other=other.pk, start="2026-12-21T10:00", minutes=30)
    assert answer.status_code == 422
    assert b"0 of 0 reviews in that week" in answer.content


def test_a_corrected_text_is_read_and_their_own_words_stay(desk: Desk) -> None:
    row = current(desk)
    before = row.raw
    desk.do(row, "read-again", text="Mondays 9-12")
    reading = row.readings.get()
    row.refresh_from_db()
    assert row.raw == before
    assert (reading.text, reading.corrected_text) == ("Tue/Thu 9-11am, Sat 10-2", "Mondays 9-12")
    assert reading.result["weekly"] == [["mon", "09:00", "12:00"]]
    desk.do(row, "read-again", text="")
    reading.refresh_from_db()
    assert (reading.corrected_text, len(reading.result["weekly"])) == ("", 3)


def test_a_text_that_says_no_time_is_refused(desk: Desk) -> None:
    row = current(desk)
    assert desk.do(row, "read-again", text="whenever the stars align").status_code == 422
    assert row.readings.get().corrected_text == ""


def test_two_profiles_are_joined(desk: Desk) -> None:
    gone, stays = student(desk), Person.objects.get(name="Max Oduya")
    assert desk.do(gone, "merge", stays=stays.pk).status_code == 302
    gone.refresh_from_db()
    assert gone.merged_into == stays
    assert (desk.last_note().action, desk.last_note().actor_id) == ("merge", "coordinator")


def test_only_owners_erase_and_only_with_the_id_typed(desk: Desk) -> None:
    row = student(desk)
    assert desk.do(row, "erase", typed=row.public_id).status_code == 403
    assert desk.do(row, "erase", "owner", typed="Chen Wei").status_code == 422
    assert Person.objects.get(pk=row.pk).name == "Chen Wei"
    assert desk.do(row, "erase", "owner", typed=row.public_id).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.email) == ("", None)
    assert AuditEntry.objects.filter(action="erase", actor_kind="owner", actor_id="owner").exists()
    page = desk.get("owner", f"{place(row)}change/").content.decode()
    assert "Chen" not in page
    assert "was erased on" in page


def test_a_new_key_is_shown_once_and_by_owners_alone(desk: Desk) -> None:
    path = "/admin/record/apikey/do/new/"
    given = {"label": "Phone app", "scope": "read"}
    assert desk.clients["coordinator"].post(path, given).status_code == 403
    made = desk.clients["owner"].post(path, given)
    key = ApiKey.objects.get(label="Phone app")
    token = f"mk_{key.public_id}_"
    assert token.encode() in made.content
    assert "no-store" in made["Cache-Control"]
    secret = made.content.decode().split(token)[1].split("<")[0]
    assert secret not in desk.get("owner", f"{place(key)}change/").content.decode()
    assert desk.do(key, "revoke").status_code == 403
    assert desk.do(key, "revoke", "owner").status_code == 302
    assert ApiKey.objects.get(pk=key.pk).revoked_at == desk.clock()


def test_forged_posts_are_refused(desk: Desk) -> None:
    strict = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    strict.cookies = desk.clients["owner"].cookies
    row = coming(desk)
    assert strict.post(f"{place(row)}do/cancel/", {"cause": "staff"}).status_code == 403
    assert ScheduledSession.objects.get(pk=row.pk).state == "scheduled"


def test_unknown_acts_are_not_found(desk: Desk) -> None:
    assert desk.get("owner", f"{place(student(desk))}do/promote/").status_code == 404
    assert desk.get("owner", "/admin/record/person/do/promote/").status_code == 404


def test_a_pause_may_be_open_or_must_lie_ahead(desk: Desk) -> None:
    row = host(desk)
    assert desk.do(row, "pause", until="2026-11-01T08:00").status_code == 422
    assert desk.do(row.person, "pause").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.paused_until) == ("paused", None)
    desk.clock.at += timedelta(hours=3)
    assert desk.do(row.person, "resume").status_code == 302
    row.refresh_from_db()
    assert row.state == "active"
