"""`serve` follows the calendar by itself: what came of it is told, and a calendar that fails harms nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from structlog.testing import capture_logs

from backend.record.jobs import Job, jobs_of, one_pass
from backend.record.models import CalendarCursor, JobPass
from backend.record.services.calendar_flags import expected
from backend.record.syncing import only_sync
from backend.settings import Settings
from publish import google_calls
from publish.booking import Recipient
from publish.google_transport import PinnedHttp
from tests.backend.nightly.nights import AS_OF, make_settings
from tests.backend.record.followed import World
from tests.standins.google_changes import google_error
from tests.standins.google_token import service_account_json
from tests.standins.loopback import Fault

LATER = timedelta(minutes=10)


@pytest.fixture
def job(world: World, monkeypatch: pytest.MonkeyPatch) -> Job:
    """The job as `serve` has it, with the program's own credentials; only the wire is turned round."""
    monkeypatch.setenv("GOOGLE_CALENDAR_CREDENTIALS", service_account_json())
    monkeypatch.setattr(google_calls, "PinnedHttp", lambda timeout, _nowhere: PinnedHttp(timeout, world.google.url))
    world.now += LATER
    return next(one for one in jobs_of(world.settings, lambda: world.now) if one.name == "sync")


def names(settings: Settings) -> list[str]:
    return [one.name for one in jobs_of(settings, lambda: AS_OF)]


def test_a_decline_cancels_and_is_told_in_the_same_pass_and_the_server_keeps_its_settings(
    world: World, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(django_settings, "ALLOWED_HOSTS", ["reviews.example"])
    monkeypatch.setattr(django_settings, "SECRET_KEY", "of the running server")
    world.google.decline(next(name for name, who in expected(world.session).items() if who is Recipient.STUDENT))
    assert one_pass(job) == ""
    assert (world.session.state, world.google.live()) == ("cancelled", {})
    assert JobPass.objects.get(job="sync").outcome == {"declined": 1}
    assert CalendarCursor.objects.get().followed_at == world.now
    assert (django_settings.ALLOWED_HOSTS, django_settings.SECRET_KEY) == (["reviews.example"], "of the running server")


def test_a_calendar_that_fails_is_logged_once_and_noted_until_it_works_again(world: World, job: Job) -> None:
    before = CalendarCursor.objects.get().followed_at
    world.google.faults.append(Fault("GET", "/events", google_error(403, "forbidden"), times=3))
    trouble = ""
    with capture_logs() as logged:
        for _ in range(3):
            trouble = one_pass(job, trouble)
            world.now += LATER
            assert trouble.startswith("sync: ")
            assert JobPass.objects.get(job="sync").outcome == {"failed": 1}
        assert CalendarCursor.objects.get().followed_at == before
        assert one_pass(job, trouble) == ""
    told = [entry["event"] for entry in logged if entry["event"].startswith("job ")]
    assert told == ["job stopped; doctor says why", "job works again"]
    assert JobPass.objects.get(job="sync").outcome == {}


def test_a_sync_of_a_timer_that_is_at_work_is_left_alone(world: World, job: Job) -> None:
    with only_sync(Path(world.settings.state_dir)), capture_logs() as logged:
        assert one_pass(job) == ""
    assert logged == []


def test_serve_follows_only_a_google_calendar_that_is_published_to_as_often_as_is_set() -> None:
    google = {"enabled": True, "calendar_id": "c@example"}
    made = make_settings(publish=google, sync={"every_minutes": 7})
    jobs = jobs_of(made, lambda: AS_OF)
    assert [(one.name, one.every) for one in jobs if one.name == "sync"] == [("sync", timedelta(minutes=7))]
    assert names(made) == ["remind", "sync", "deliver"]
    for off in (
        make_settings(publish=google, sync={"every_minutes": 0}),
        make_settings(publish={**google, "enabled": False}),
        make_settings(publish={"enabled": True}),
    ):
        assert names(off) == ["remind", "deliver"]
