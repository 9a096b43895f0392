"""A place that is free again: staff are told how many could take it, and nothing happens before they approve."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import connections
from django.test import Client

from backend.nightly.act import book
from backend.nightly.night import think
from backend.record.actor import CONSOLE, Actor
from backend.record.delivering import deliver_pass
from backend.record.django_record import DjangoRecord
from backend.record.jobs import jobs_of
from backend.record.models import AuditEntry, CalendarFlag, OutboxItem, Person, ReviewRequest, ScheduledSession
from backend.record.models.states import Cause, Channel
from backend.record.refusal import Refused
from backend.record.services.freed import Freed, can_be_filled, fill_place, freed_places, menu_of_place
from backend.record.services.requests import pause
from backend.record.services.sessions import cancel_session
from backend.settings import Settings
from tests.backend.nightly.nights import AS_OF, crowd, make_settings, make_sheets
from tests.backend.record.links.conftest import BASE, everything
from tests.standins.databases import point_at, sqlite_copy
from tests.standins.discord_http import CHANNEL_ID, TOKEN, DiscordStandIn

MATCHING = make_settings(
    web={"public_url": BASE},
    publish={"enabled": True, "staff_channel_id": CHANNEL_ID},
    matching={"limit_per_week": 1, "default_per_week": 1},
)
NOW = AS_OF + timedelta(hours=9)


def one_night() -> None:
    """Six students want one professional, who has time for one of them each week: some have a session, some wait."""
    record = DjangoRecord(MATCHING, lambda: AS_OF)
    tonight = record.open_night("n0", AS_OF, lambda: make_sheets(crowd(6)))
    book(think(MATCHING, tonight.sheets, tonight.state, AS_OF, lambda _: None), record, approved=True)


@pytest.fixture(scope="module")
def crowded_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    database = sqlite_copy(migrated_file, tmp_path_factory.mktemp("crowded"))
    point_at(database)
    one_night()
    connections.close_all()
    return Path(database["NAME"])


@pytest.fixture
def session(crowded_file: Path, tmp_path: Path) -> Iterator[ScheduledSession]:
    """The earliest session of the night."""
    point_at(sqlite_copy(crowded_file, tmp_path / "var"))
    settings.MATCHING = MATCHING
    yield first_session()
    connections.close_all()


def first_session() -> ScheduledSession:
    found = ScheduledSession.objects.order_by("starts_at").select_related("student", "professional", "program").first()
    assert found is not None
    return found


def given_up(session: ScheduledSession, whose: Person) -> ScheduledSession:
    cause = Cause.STUDENT if whose == session.student else Cause.PROFESSIONAL
    return cancel_session(session, cause, Actor.participant(whose, Channel.LINK), NOW)


def free(session: ScheduledSession) -> list[Freed]:
    return freed_places(session.program, MATCHING, NOW)


def test_a_place_that_its_student_gave_up_could_be_taken_by_those_who_wait(session: ScheduledSession) -> None:
    assert free(session) == []
    waiting = ReviewRequest.objects.filter(state="pending").count()
    assert waiting > 0
    given_up(session, session.student)
    (found,) = free(session)
    assert (found.session.pk, found.takers) == (session.pk, waiting)


def test_nothing_is_given_away_before_staff_approve_it(session: ScheduledSession) -> None:
    given_up(session, session.student)
    before = everything()
    menu = menu_of_place(session, MATCHING, NOW).menu
    assert menu is not None
    assert menu.options
    assert everything() == before
    with pytest.raises(Refused, match="only staff"):
        fill_place(session, 1, MATCHING, Actor.participant(session.student, Channel.LINK), NOW)
    assert everything() == before


def test_what_staff_approve_is_booked_told_and_audited(record_db: str) -> None:
    one_night()
    session = first_session()
    session = given_up(session, session.student)
    sent = OutboxItem.objects.count()
    menu = menu_of_place(session, MATCHING, NOW).menu
    assert menu is not None
    (placed,) = menu.options[0].placed
    assert (placed.professional, placed.start) == (session.professional_code, session.starts_at)
    assert placed.student != session.student_code
    assert fill_place(session, 1, MATCHING, CONSOLE, NOW) == 1
    booked = ScheduledSession.objects.get(state="scheduled", starts_at=session.starts_at)
    assert (booked.professional, booked.student_code) == (session.professional, placed.student)
    assert AuditEntry.objects.filter(action="book", actor_kind="owner").count() == 1
    assert OutboxItem.objects.count() == sent + 2
    assert free(session) == []
    with pytest.raises(Refused):
        fill_place(session, 1, MATCHING, CONSOLE, NOW)


def test_a_time_that_its_professional_gave_up_is_no_free_place(session: ScheduledSession) -> None:
    given_up(session, session.professional)
    assert free(session) == []
    assert not can_be_filled(session, MATCHING, NOW)


@pytest.mark.parametrize("recipient", ["professional", "student"])
def test_who_declined_in_the_calendar_is_not_asked_again_for_that_time_when_staff_took_it_over(
    session: ScheduledSession, recipient: str
) -> None:
    session = cancel_session(session, Cause.DECLINED, CONSOLE, NOW)
    before = free(session)[0].takers
    CalendarFlag.objects.create(
        program=session.program, session=session, recipient=recipient, event_id="e", kind="declined", reason="near",
        frozen=True, raised_at=NOW, closed_at=NOW, outcome="taken",
    )  # fmt: skip
    assert [one.takers for one in free(session)] == ([before - 1] if recipient == "student" else [])


def test_nor_one_of_a_professional_who_paused_or_one_that_is_too_near(session: ScheduledSession) -> None:
    session = given_up(session, session.student)
    late = session.starts_at - timedelta(hours=MATCHING.matching.notice_hours - 1)
    assert freed_places(session.program, MATCHING, late) == []
    pause(session.professional.memberships.get(), None, CONSOLE, NOW)
    assert free(session) == []


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The program with a folder of its own, and the bot's token."""
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    return MATCHING.model_copy(update={"state_dir": str(tmp_path / "var")})


def test_staff_hear_of_it_by_day_in_their_channel_once_and_without_names(
    session: ScheduledSession, here: Settings, discord_server: DiscordStandIn
) -> None:
    session = given_up(session, session.student)
    assert "deliver" in [job.name for job in jobs_of(here, lambda: NOW)]
    for _ in range(2):
        deliver_pass(here, lambda: NOW)
    told = [one["content"] for one in discord_server.messages if "free again" in one["content"]]
    assert len(told) == 1
    assert f"{BASE}/admin/record/scheduledsession/{session.pk}/do/fill/" in told[0]
    assert not any(person.name in told[0] for person in Person.objects.all())


def test_the_message_is_edited_once_the_place_is_taken_or_too_near(
    session: ScheduledSession, here: Settings, discord_server: DiscordStandIn
) -> None:
    session = given_up(session, session.student)
    deliver_pass(here, lambda: NOW)
    said = [one["id"] for one in discord_server.messages]
    assert fill_place(session, 1, MATCHING, CONSOLE, NOW) == 1
    deliver_pass(here, lambda: NOW)
    places = [one["content"] for one in discord_server.messages if "place" in one["content"]]
    assert len(places) == 1
    assert places[0].startswith(f"**Settled:** the place of <t:{int(session.starts_at.timestamp())}:F>")
    assert [one["id"] for one in discord_server.messages] == said
    for _ in range(2):
        deliver_pass(here, lambda: session.starts_at + timedelta(hours=1))
    assert [one["id"] for one in discord_server.messages] == said


def test_a_place_that_was_over_before_staff_heard_of_it_is_not_told(
    session: ScheduledSession, here: Settings, discord_server: DiscordStandIn
) -> None:
    session = given_up(session, session.student)
    fill_place(session, 1, MATCHING, CONSOLE, NOW)
    deliver_pass(here, lambda: NOW)
    assert not any("place" in one["content"] for one in discord_server.messages)


def test_staff_approve_it_in_the_admin(session: ScheduledSession, monkeypatch: pytest.MonkeyPatch) -> None:
    session = given_up(session, session.student)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    staff = User.objects.create_user("kim", is_staff=True)
    staff.groups.add(Group.objects.get(name="coordinator"))
    client = Client(SERVER_NAME="localhost")
    client.force_login(staff)
    assert "1 place that is free again" in client.get("/admin/").content.decode()
    path = f"/admin/record/scheduledsession/{session.pk}/do/fill/"
    page = client.get(path).content.decode()
    assert "who wait could come then" in page
    (option, *_) = re.findall(r'name="option" value="([^"]+)"', page)
    assert client.post(path, {"option": "1-another"}).status_code == 422  # not what they saw
    assert not ScheduledSession.objects.filter(state="scheduled", starts_at=session.starts_at).exists()
    client.post(path, {"option": option})
    entry = AuditEntry.objects.filter(action="book").latest("pk")
    assert (entry.actor_kind, entry.actor_id, entry.channel) == ("coordinator", "kim", "admin")
    assert "free again" not in client.get("/admin/").content.decode()
