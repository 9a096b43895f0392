"""What a bot asks beyond the resources: times in words, the menu of least change, what-if, certificates."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from backend.record.models import AuditEntry, Person, ScheduledSession
from optimizer.domain import Plan
from tests.backend.record.api.callers import STRANGER, World
from tests.backend.record.api.planned import people_of, sample_night, stored_run

MOMENT, WHATIF, SESSIONS = "/api/moment-preview/", "/api/whatif/", "/api/scheduled-sessions/"


@pytest.fixture
def people(world: World) -> dict[str, Person]:
    night = sample_night()
    stored_run(night, world.program)
    return people_of(night, world.program)


def test_a_time_in_words_is_echoed_with_weekday_date_and_zone(world: World) -> None:
    told = world.as_["bot-ana"].post(MOMENT, {"text": "Monday 2:00 PM", "zone": "Europe/Berlin"}).json()
    assert (told["weekday"], told["local"], told["zone"]) == ("Monday", "14:00", "Europe/Berlin")
    assert told["starts_at"].startswith(told["day"])


def test_a_day_has_its_midnight_and_no_start(world: World) -> None:
    told = world.as_["ana"].post(MOMENT, {"text": "in 2 weeks"}).json()
    assert (told["starts_at"], told["local"], told["zone"]) == (None, "", "America/New_York")
    assert datetime.fromisoformat(told["day_begins_at"]).astimezone(ZoneInfo("America/New_York")).hour == 0


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "soonish"}, {"text": "2020-01-01 10:00"},
                                  {"text": "Monday 2pm", "zone": "Mars"}, {"text": "x" * 300}])  # fmt: skip
def test_what_is_no_time_is_refused_in_a_sentence(world: World, body: dict[str, str]) -> None:
    answer = world.as_["bot-stranger"].post(MOMENT, body)
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_what_if_answers_in_sentences_and_stores_nothing(world: World, people: dict[str, Person]) -> None:
    before = (ScheduledSession.objects.count(), AuditEntry.objects.count())
    name = sample_night().professionals[sample_night().plan.sessions[0].professional].name
    told = world.as_["bot-viewer"].post(WHATIF, {"text": f"{name} out"}).json()
    assert told["kind"] == "whatif"
    assert "as in tonight's plan" in told["sentences"][0] or "instead of" in told["sentences"][0]
    assert (ScheduledSession.objects.count(), AuditEntry.objects.count()) == before
    assert world.as_["read"].post(WHATIF, {"text": "nobody knows this"}).status_code == 400


def test_a_certificate_names_each_rule_with_its_bound(world: World, people: dict[str, Person]) -> None:
    told = world.as_["read"].get(f"/api/runs/{sample_night().run}/certificate/").json()
    plan: Plan = sample_night().plan
    assert told["proven"] is plan.proven
    assert [tier["name"] for tier in told["tiers"]] == [tier.name for tier in plan.tiers]
    assert {tier["gap"] for tier in told["tiers"]} == {"0"}


def test_sessions_are_found_by_the_mark_in_their_messages(world: World) -> None:
    mark = world.as_["ana"].get(SESSIONS).json()["results"][0]["reference"]
    for text in (mark, mark.lower(), mark.removeprefix("#")):
        found = world.as_["read"].get(f"{SESSIONS}?reference={text.replace('#', '%23')}").json()["results"]
        assert [row["id"] for row in found] == [world.session.public_id]
    assert world.as_["ben"].get(f"{SESSIONS}?reference={mark[1:]}").json()["count"] == 0
    assert world.as_["read"].get(f"{SESSIONS}?reference=AAAAAA").json()["count"] == 0


def test_an_answer_without_a_body_is_repeated_as_it_was(world: World) -> None:
    Person.objects.filter(pk=world.quinn.pk).update(discord_id=STRANGER, discord_verified_at=None)
    first = world.as_["bot-stranger"].post("/api/me/claim/", {"mine": True}, Idempotency_Key="claim-1")
    assert first.status_code == 204
    Person.objects.filter(pk=world.quinn.pk).update(discord_verified_at=None)
    again = world.as_["bot-stranger"].post("/api/me/claim/", {"mine": True}, Idempotency_Key="claim-1")
    assert (again.status_code, again.content, again["Idempotency-Replayed"]) == (204, b"", "true")
