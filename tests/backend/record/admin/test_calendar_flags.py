"""Flags in the admin: seen by everybody on staff, decided by whom the session's nearness allows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from backend.record.models import CalendarFlag, OutboxItem, ScheduledSession
from tests.backend.record.admin.conftest import Desk, place


def flagged(desk: Desk, **given: Any) -> CalendarFlag:
    row = ScheduledSession.objects.filter(state="scheduled", starts_at__gt=desk.clock()).latest("starts_at")
    values: dict[str, Any] = {
        "kind": "moved",
        "recipient": "student",
        "event_id": "abc12",
        "reason": "it lies outside the times of the student",
        "revision": row.revision,
        "starts_at": row.starts_at + timedelta(days=1),
        "ends_at": row.ends_at + timedelta(days=1),
        **given,
    }
    return CalendarFlag.objects.create(program=row.program, session=row, raised_at=desk.clock(), **values)


def test_a_flag_is_listed_linked_from_the_overview_and_explained(desk: Desk) -> None:
    flag = flagged(desk)
    assert "1 change in the calendar to decide about" in desk.get("viewer", "/admin/").content.decode()
    assert "was moved" in desk.get("viewer", "/admin/record/calendarflag/").content.decode()
    page = desk.get("coordinator", f"{place(flag)}change/").content.decode()
    assert flag.reason in page
    assert "Do as the calendar says" in page


def test_staff_move_the_session_to_where_its_event_lies(desk: Desk) -> None:
    flag = flagged(desk)
    said = desk.get("coordinator", f"{place(flag)}do/take/").content.decode()
    assert "ask them first" in said
    assert desk.do(flag, "take").status_code == 302
    assert flag.session is not None
    assert ScheduledSession.objects.get(pk=flag.session.pk).starts_at == flag.starts_at
    assert CalendarFlag.objects.get().outcome == "taken"


@pytest.mark.parametrize(("role", "status", "state"), [("coordinator", 403, "scheduled"), ("owner", 302, "cancelled")])
def test_what_begins_soon_is_an_owners_to_decide(desk: Desk, role: str, status: int, state: str) -> None:
    flag = flagged(desk, kind="declined", frozen=True)
    assert desk.do(flag, "take-now", role).status_code == status
    assert flag.session is not None
    assert ScheduledSession.objects.get(pk=flag.session.pk).state == state


def test_who_was_deleted_is_invited_anew(desk: Desk) -> None:
    flag = flagged(desk, kind="deleted")
    desk.do(flag, "restore")
    assert flag.session is not None
    row = ScheduledSession.objects.get(pk=flag.session.pk)
    assert (row.state, row.incarnation, row.student_incarnation) == ("scheduled", 0, 1)
    assert OutboxItem.objects.filter(key__endswith=f"/flag-{flag.pk}").get().payload["recipient"] == "student"
