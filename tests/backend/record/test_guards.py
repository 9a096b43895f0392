"""What the database itself refuses, asked in raw SQL and by many at once, on both databases."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection

from backend.record.models import Attendance, Rating, ReviewRequest, ScheduledSession
from tests.backend.record.rows import NOW, TEN, person, program, request_of, session_of
from tests.standins.databases import at_once

HALF_HOUR = timedelta(minutes=30)


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def move(session: ScheduledSession, start: datetime, end: datetime) -> None:
    """As another program would: plain SQL, no model."""
    sql(
        "UPDATE record_scheduledsession SET starts_at = %s, ends_at = %s WHERE id = %s",
        str(start),
        str(end),
        session.pk,
    )


@pytest.mark.parametrize("shift", [0, 15, -15, 29, -29])
def test_nobody_sits_in_two_sessions_at_once(record_db: str, shift: int) -> None:
    ana, bo, cy = person("Ana"), person("Bo"), person("Cy")
    session_of(ana, bo)
    with pytest.raises(IntegrityError):
        session_of(cy, bo, TEN + timedelta(minutes=shift))
    with pytest.raises(IntegrityError):
        session_of(ana, cy, TEN + timedelta(minutes=shift), program=program("other"))


def test_nor_as_student_here_and_professional_there(record_db: str) -> None:
    ana, bo, cy = person("Ana"), person("Bo"), person("Cy")
    session_of(ana, bo)
    with pytest.raises(IntegrityError):
        session_of(bo, cy, program=program("other"))


@pytest.mark.parametrize("shift", [30, -30])
def test_sessions_may_touch(record_db: str, shift: int) -> None:
    ana, bo, cy = person("Ana"), person("Bo"), person("Cy")
    session_of(ana, bo)
    session_of(cy, bo, TEN + timedelta(minutes=shift))
    assert Attendance.objects.filter(person=bo, active=True).count() == 2


def test_a_longer_session_around_a_shorter_one_is_refused(record_db: str) -> None:
    bo = person("Bo")
    session_of(person(), bo)
    with pytest.raises(IntegrityError):
        session_of(person("Cy"), bo, TEN - HALF_HOUR, 120)


def test_moving_onto_another_session_in_raw_sql_is_refused(record_db: str) -> None:
    bo = person("Bo")
    session_of(person("Ana"), bo)
    later = session_of(person("Cy"), bo, TEN + timedelta(hours=2))
    with pytest.raises(IntegrityError):
        move(later, TEN + timedelta(minutes=15), TEN + timedelta(minutes=45))
    with pytest.raises(IntegrityError):
        sql("UPDATE record_attendance SET starts_at = %s, ends_at = %s WHERE session_id = %s",
            str(TEN), str(TEN + HALF_HOUR), later.pk)  # fmt: skip


def test_a_session_may_move_over_its_own_old_time(record_db: str) -> None:
    session = session_of(person("Ana"), person("Bo"))
    move(session, TEN + timedelta(minutes=15), TEN + timedelta(minutes=45))
    assert {seat.starts_at for seat in Attendance.objects.filter(session=session)} == {TEN + timedelta(minutes=15)}


def test_sqlite_compares_instants_and_not_texts(embedded_db: object) -> None:
    bo = person("Bo")
    session_of(person("Ana"), bo)
    later = session_of(person("Cy"), bo, TEN + timedelta(hours=2))
    with pytest.raises(IntegrityError):
        sql("UPDATE record_scheduledsession SET starts_at = '2026-11-25T12:15:00+02:00', "
            "ends_at = '2026-11-25T12:45:00+02:00' WHERE id = %s", later.pk)  # fmt: skip
    with pytest.raises(IntegrityError):
        sql("UPDATE record_scheduledsession SET starts_at = 'soon' WHERE id = %s", later.pk)


def test_a_cancelled_session_frees_its_time_and_cannot_come_back_over_a_new_one(record_db: str) -> None:
    ana, bo = person("Ana"), person("Bo")
    first = session_of(ana, bo)
    sql("UPDATE record_scheduledsession SET state = 'cancelled' WHERE id = %s", first.pk)
    session_of(ana, bo)
    with pytest.raises(IntegrityError):
        sql("UPDATE record_scheduledsession SET state = 'scheduled' WHERE id = %s", first.pk)


@pytest.mark.parametrize("minutes", [-30, 0, 9, 241])
def test_impossible_lengths_are_refused(record_db: str, minutes: int) -> None:
    session = session_of(person("Ana"), person("Bo"))
    with pytest.raises(IntegrityError):
        move(session, TEN, TEN + timedelta(minutes=minutes))
    with pytest.raises(IntegrityError):
        session_of(person("Cy"), person("Di"), minutes=minutes)


@pytest.mark.parametrize("minutes", [10, 240])
def test_the_shortest_and_the_longest_session_are_taken(record_db: str, minutes: int) -> None:
    session = session_of(person("Ana"), person("Bo"), minutes=minutes)
    assert ScheduledSession.objects.get(pk=session.pk).minutes == minutes


@pytest.mark.parametrize(
    ("table", "column"),
    [("record_scheduledsession", "state"), ("record_reviewrequest", "state")],
)
def test_unknown_states_are_refused(record_db: str, table: str, column: str) -> None:
    session_of(person("Ana"), person("Bo"))
    request_of(person("Cy"))
    with pytest.raises(IntegrityError):
        sql(f"UPDATE {table} SET {column} = 'maybe'")


def test_one_active_request_of_a_student_in_a_program(record_db: str) -> None:
    ana = person("Ana")
    first = request_of(ana)
    request_of(ana, program("other"))
    with pytest.raises(IntegrityError):
        request_of(ana)
    sql("UPDATE record_reviewrequest SET state = 'cancelled' WHERE id = %s", first.pk)
    assert request_of(ana).pk


def test_a_wait_never_starts_anew(record_db: str) -> None:
    request = request_of(person("Ana"))
    with pytest.raises(IntegrityError):
        sql("UPDATE record_reviewrequest SET waiting_since = %s", str(NOW + timedelta(days=1)))
    sql("UPDATE record_reviewrequest SET waiting_since = %s", str(NOW - timedelta(days=1)))
    request.refresh_from_db()
    assert request.waiting_since == NOW - timedelta(days=1)


def test_only_the_two_people_of_a_session_rate_it(record_db: str) -> None:
    ana, bo, eve = person("Ana"), person("Bo"), person("Eve")
    session = session_of(ana, bo)
    Rating.objects.create(session=session, person=ana, stars=5, rated_at=NOW)
    with pytest.raises(IntegrityError):
        Rating.objects.create(session=session, person=eve, stars=1, rated_at=NOW)
    with pytest.raises(IntegrityError):
        Rating.objects.create(session=session, person=bo, stars=6, rated_at=NOW)


def test_nobody_meets_themselves(record_db: str) -> None:
    ana = person("Ana")
    with pytest.raises(IntegrityError):
        session_of(ana, ana)


def test_sixteen_writers_get_one_booking_of_one_hour(record_db: str) -> None:
    bo, students = person("Bo"), [person(f"S{number}") for number in range(16)]
    where = program()

    def book(number: int) -> str:
        try:
            session_of(students[number], bo, TEN + timedelta(minutes=number), program=where)
        except IntegrityError:
            return "refused"
        return "booked"

    assert Counter(at_once(16, book)) == {"booked": 1, "refused": 15}
    assert Attendance.objects.filter(person=bo).count() == 1


def test_sixteen_writers_get_one_active_request(record_db: str) -> None:
    ana, where = person("Ana"), program()

    def ask(_number: int) -> str:
        try:
            request_of(ana, where)
        except IntegrityError:
            return "refused"
        return "asked"

    assert Counter(at_once(16, ask)) == {"asked": 1, "refused": 15}
    assert ReviewRequest.objects.count() == 1


def test_the_models_and_the_migrations_agree(embedded_db: object) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_guards_survive_a_migration_back_and_forth(record_db: str) -> None:
    call_command("migrate", "record", "0001", verbosity=0)
    call_command("migrate", "record", verbosity=0)
    bo = person("Bo")
    session_of(person("Ana"), bo)
    with pytest.raises(IntegrityError):
        session_of(person("Cy"), bo)
