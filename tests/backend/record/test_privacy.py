"""Joining profiles, erasing people, forgetting old texts; what is left can still be replayed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType

from backend.nightly.act import book
from backend.nightly.night import think
from backend.nightly.record import Sheets
from backend.record.actor import CONSOLE, Actor
from backend.record.django_record import DjangoRecord
from backend.record.models import (
    ApiKey,
    AuditEntry,
    FormPost,
    FormResponse,
    OutboxItem,
    Person,
    Pin,
    Pseudonym,
    Reading,
    ReviewRequest,
    Run,
    ScheduledSession,
    StoredAnswer,
)
from backend.record.models.states import ActorKind, Channel, Scope
from backend.record.refusal import Reason, Refused
from backend.record.services.erasing import erase
from backend.record.services.keys import create_key
from backend.record.services.merging import merge
from backend.record.services.nights import night_of
from backend.record.services.requests import pin
from backend.record.services.retention import Keep, forget_old
from ingest.accounting import Fate
from ingest.sheet import Form
from optimizer import Solution, solve, verify
from tests.backend.nightly.nights import AS_OF, crowd, make_settings, make_sheets
from tests.backend.record.rows import member, person, program, request_of, session_of

SETTINGS = make_settings()
OWN = {"Resume Link": "https://example.org/only-hers.pdf", "Target Role": "Shipwright", "Availability": "Mon 2-3:30pm"}
SHEETS = make_sheets([OWN, *crowd(2)])
COORDINATOR = Actor(ActorKind.COORDINATOR, Channel.ADMIN, "kim")
PRIVATE = ("ana@example.org", "ana gomez", "only-hers", "shipwright", "mon 2-3:30pm")


def opened(days: int = 0) -> DjangoRecord:
    return DjangoRecord(SETTINGS, lambda: AS_OF + timedelta(days=days))


def booked(sheets: Sheets = SHEETS) -> Run:
    tonight = opened().open_night("n0", AS_OF, lambda: sheets)
    night = think(SETTINGS, tonight.sheets, tonight.state, tonight.as_of, lambda _: None)
    book(night, opened(), approved=True)
    return Run.objects.get(state="booked")


def everything() -> str:
    """All that the database holds, in lower case."""
    rows: list[Any] = []
    for model in apps.get_models():
        rows += model._default_manager.values_list()
    return "\n".join(repr([bytes(one) if isinstance(one, memoryview) else one for one in row]) for row in rows).lower()


def test_an_erased_person_is_nowhere_and_their_night_can_still_be_replayed(record_db: str) -> None:
    run = booked()
    ana = Person.objects.get(name="Ana Gomez")
    before = everything()
    assert all(mark in before for mark in PRIVATE)
    FormPost.objects.create(
        program=run.program, form="students", digest="d", body=b"{Ana@Example.org", state="refused", received_at=AS_OF
    )
    key, _ = create_key(Scope.READ, CONSOLE, AS_OF, program=run.program)
    given = {"name": "Ana Gomez", "id": ana.public_id}
    StoredAnswer.objects.create(key=key, holder="k", idempotency_key="i", fingerprint="f", body=given, created_at=AS_OF)
    kim = User.objects.create(username="kim")
    kind = ContentType.objects.get_for_model(Person)
    named = {"object_id": str(ana.pk), "object_repr": str(ana)}
    LogEntry.objects.create(user=kim, content_type=kind, action_flag=CHANGE, **named)
    create_key(Scope.SELF, CONSOLE, AS_OF, program=run.program, person=ana)
    erase(ana, CONSOLE, AS_OF)
    after = everything()
    assert [mark for mark in PRIVATE if mark in after] == []
    assert not ApiKey.objects.filter(scope="self").exists()
    night = night_of(run, SETTINGS)
    code = next(one.student for one in night.plan.sessions if one.student not in night.names)
    assert code.startswith("s-")
    again = solve(night.problem, night.policy)
    assert again.plan.sessions == night.plan.sessions
    assert verify(night.problem, night.policy, night.plan, night.witness)
    assert Solution(again.plan, again.witness).plan.tiers == night.plan.tiers


def test_who_was_to_meet_an_erased_person_is_told_and_waits_again(record_db: str) -> None:
    booked()
    john = Person.objects.get(name="John Doe")
    sent = OutboxItem.objects.count()
    erase(john, CONSOLE, AS_OF)
    assert set(ScheduledSession.objects.values_list("state", flat=True)) == {"cancelled"}
    assert set(ReviewRequest.objects.values_list("state", flat=True)) == {"pending"}
    assert OutboxItem.objects.count() == sent + 2 * 3


def test_an_erased_person_whose_row_is_still_in_the_sheet_stays_out(record_db: str) -> None:
    booked()
    erase(Person.objects.get(name="Ana Gomez"), CONSOLE, AS_OF)
    tonight = opened(1).open_night("n1", AS_OF + timedelta(days=1), lambda: SHEETS)
    night = think(SETTINGS, tonight.sheets, tonight.state, tonight.as_of, lambda _: None)
    assert night.assembly.fates[Form.STUDENTS][2] is Fate.HELD
    assert "delete the row" in next(one.reason for one in night.assembly.issues if one.row == 2)
    assert not Person.objects.filter(email="ana@example.org").exists()
    assert len(night.state.sessions) == 3


def test_owners_and_the_person_erase_nobody_else_does(record_db: str) -> None:
    ana, bo = person("Ana"), person("Bo")
    with pytest.raises(Refused) as refused:
        erase(ana, COORDINATOR, AS_OF)
    assert refused.value.reason is Reason.NOT_ALLOWED
    with pytest.raises(Refused):
        erase(ana, Actor.participant(bo, Channel.LINK), AS_OF)
    erase(ana, Actor.participant(ana, Channel.LINK), AS_OF)
    with pytest.raises(Refused, match="erased already"):
        erase(ana, CONSOLE, AS_OF)
    assert AuditEntry.objects.get(action="erase").after == {"erased": True}


def test_profiles_are_joined_with_their_sessions_wishes_pins_and_pseudonyms(record_db: str) -> None:
    gone, stays, host = person("Ana", discord_id="123456789012345678"), person("Ann"), person("Bo")
    for one in (gone, stays):
        member(one)
    member(host, "professional")
    early = request_of(gone, waiting_since=AS_OF - timedelta(days=9), priority=2)
    late = request_of(stays, waiting_since=AS_OF)
    session = session_of(gone, host, request=early)
    pin(program(), gone, host, CONSOLE, AS_OF)
    pin(program(), stays, host, CONSOLE, AS_OF)
    Pseudonym.objects.create(program=program(), code="s-old", role="student", person=gone)
    merge(gone, stays, COORDINATOR, AS_OF)
    for row in (session, late, stays, early):
        row.refresh_from_db()
    assert (session.student, session.request) == (stays, late)
    assert (late.waiting_since, late.priority, late.state) == (AS_OF - timedelta(days=9), 2, "scheduled")
    assert early.state == "cancelled"
    assert Pin.objects.filter(student=stays, ended_at=None).count() == 1
    assert Pseudonym.objects.get(code="s-old").person == stays
    assert stays.discord_id == "123456789012345678"
    assert not gone.memberships.exists()
    assert {row.person_id for row in session.attendance.all()} == {stays.pk, host.pk}


def test_profiles_that_cannot_be_one_person_are_not_joined(record_db: str) -> None:
    ana, ann, host = person("Ana"), person("Ann"), person("Bo")
    session_of(ana, host)
    session_of(ann, person("Cy"))
    with pytest.raises(Refused) as refused:
        merge(ana, ann, COORDINATOR, AS_OF)
    assert refused.value.reason is Reason.CLASH
    with pytest.raises(Refused):
        merge(ana, host, COORDINATOR, AS_OF)
    with pytest.raises(Refused):
        merge(ana, ana, COORDINATOR, AS_OF)
    ana.refresh_from_db()
    assert ana.merged_into is None
    merge(person("Di"), ana, COORDINATOR, AS_OF)
    with pytest.raises(Refused, match="joined or erased before"):
        merge(Person.objects.get(name="Di"), ann, COORDINATOR, AS_OF)


def test_what_is_older_than_the_rule_loses_its_text(record_db: str) -> None:
    run = booked()
    late = AS_OF + timedelta(days=100)
    assert forget_old(run.program, Keep(), late) == 0
    assert forget_old(run.program, Keep(answers=timedelta(days=101)), late) == 0
    assert forget_old(run.program, Keep(answers=timedelta(days=99)), late) == 4
    assert set(FormResponse.objects.values_list("state", flat=True)) == {"current"}
    assert not Reading.objects.exists()
    assert "mon, wed 2-4pm" not in everything()
    assert forget_old(run.program, Keep(answers=timedelta(days=99)), late) == 0


def test_the_nightly_job_keeps_to_the_rule(embedded_db: Path) -> None:
    booked()
    settings = make_settings(retention={"answers_days": 10})
    DjangoRecord(settings, lambda: AS_OF + timedelta(days=11)).tidy()
    assert not FormResponse.objects.exclude(raw={}).exists()


def test_profiles_joined_over_several_steps_are_all_erased(record_db: str) -> None:
    first, second, last = person("Ana"), person("Ann"), person("Anna")
    merge(first, second, COORDINATOR, AS_OF)
    merge(second, last, COORDINATOR, AS_OF)
    erase(last, CONSOLE, AS_OF)
    assert not Person.objects.exclude(email=None).exists()
    assert not Person.objects.exclude(name="").exists()
