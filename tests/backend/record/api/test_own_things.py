"""What people see and do for themselves, by their own key or through the bot."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from icalendar import Calendar

from backend.record.models import (
    ApiKey,
    FeedToken,
    FormResponse,
    Membership,
    Person,
    ProfessionalAvailability,
    ReviewRequest,
    StoredAnswer,
)
from backend.record.services.tokens import proven_discord_id
from backend.settings import from_mapping
from tests.backend.record.api.callers import COORDINATORS, STRANGER, World, bearer, soon
from tests.backend.record.api.forms import PROFESSIONAL_ANSWERS, PROFESSIONALS, form_post, send


def test_me_tells_all_about_me(world: World) -> None:
    world.as_["bot-ana"].post("/api/me/availability/", {"text": "Tue 10-12", "zone": "Europe/Berlin"})
    me = world.as_["bot-ana"].get("/api/me/").json()
    assert (me["name"], me["email"], me["acts_as"]) == ("Ana", world.ana.email, "participant")
    assert me["request"]["state"] == "scheduled"
    assert [one["professional"]["name"] for one in me["sessions"]] == ["Pat"]
    assert me["understood"][0]["echo"] == "Tue 10:00-12:00; Europe/Berlin time"


def test_i_say_how_i_am_reminded(world: World) -> None:
    me = world.as_["bot-ana"].patch("/api/me/", {"reminders": "phone", "phone": "+49 151 1234567"}).json()
    assert (me["reminders"], me["phone"]) == ("phone", "+491511234567")
    assert world.as_["bot-ana"].patch("/api/me/", {"zone": "UTC"}).json()["reminders"] == "phone"
    assert world.as_["bot-ana"].patch("/api/me/", {"reminders": "none"}).json()["phone"] == ""
    refused = world.as_["bot-ana"].patch("/api/me/", {"reminders": "phone", "phone": "0151 1234567"})
    assert (refused.status_code, "in full" in refused.content.decode()) == (400, True)
    assert world.as_["bot-ana"].patch("/api/me/", {"reminders": "pigeon"}).status_code == 400


def test_a_preview_stores_nothing(world: World) -> None:
    told = world.as_["bot-stranger"].post("/api/availability-preview/", {"text": "Mon 2-4pm, blah"}).json()
    assert (told["status"], told["not_understood"]) == ("partial", ["blah"])
    assert not FormResponse.objects.exists()


def test_times_said_through_the_bot_count_as_ones_own_answer(world: World) -> None:
    said = world.as_["bot-ben"].post("/api/me/availability/", {"text": "Mon 2-4pm"}, Idempotency_Key="k")
    assert (said.status_code, said.json()["state"]) == (201, "current")
    row = FormResponse.objects.get()
    assert (row.person, row.verified, row.source) == (world.ben, True, "direct")
    again = world.as_["bot-ben"].post("/api/me/availability/", {"text": "Mon 2-4pm"}, Idempotency_Key="k")
    assert again.json() == said.json()
    request = ReviewRequest.objects.get(student=world.ben)
    assert (request.pk, request.waiting_since) == (world.waiting.pk, world.waiting.waiting_since)


def test_later_times_keep_the_other_answers(world: World) -> None:
    Person.objects.filter(pk=world.pat.pk).update(discord_verified_at=None, email="rae@example.com")
    send(PROFESSIONALS, form_post(PROFESSIONAL_ANSWERS))
    Person.objects.filter(pk=world.pat.pk).update(discord_verified_at=datetime.now(UTC))
    assert world.as_["pat"].post("/api/me/availability/", {"text": "Thu 3-5pm", "zone": "UTC"}).status_code == 201
    row = FormResponse.objects.get(state="current")
    assert row.raw["Company/Organization"] == "Acme"
    offer = ProfessionalAvailability.objects.get(state="active")
    assert (offer.per_week, offer.industries) == (3, ["Finance/Banking"])
    assert {one.starts_at.weekday() for one in offer.windows.all()} == {3}


def test_offers_are_written_in_words_and_withdrawn(world: World) -> None:
    path = "/api/professional-availability/"
    body = {"text": "Mon and Wed 2-4pm", "zone": "Europe/Berlin", "valid_until": soon(24 * 20).date().isoformat()}
    made = world.as_["pat"].post(path, body)
    assert made.status_code == 201, made.content
    assert made.json()["understood"] == "Mon 14:00-16:00; Wed 14:00-16:00; Europe/Berlin time"
    changed = world.as_["write"].patch(f"{path}{made.json()['id']}/", {"text": "Fri 9-11am"})
    assert changed.status_code == 200, changed.content
    assert changed.json()["id"] != made.json()["id"]
    states = {row["id"]: row["state"] for row in world.as_["read"].get(path).json()["results"]}
    assert states == {made.json()["id"]: "superseded", changed.json()["id"]: "active"}
    assert world.as_["pat"].delete(f"{path}{changed.json()['id']}/").status_code == 204
    assert not FormResponse.objects.filter(state="current").exists()


@pytest.mark.parametrize("text", ["purple", "never", "Mon 2-4pm last year"])
def test_a_text_without_times_takes_no_offer_away(world: World, text: str) -> None:
    path = "/api/professional-availability/"
    world.as_["pat"].post(path, {"text": "Mon 2-4pm"})
    refused = world.as_["pat"].post(path, {"text": text})
    assert (refused.status_code, ProfessionalAvailability.objects.get().state) == (400, "active")


def test_staff_offer_for_somebody_and_professionals_for_themselves(world: World) -> None:
    path = "/api/professional-availability/"
    other = {"text": "Mon 2-4pm", "professional": world.quinn.public_id}
    assert world.as_["pat"].post(path, other).status_code == 403
    assert world.as_["ana"].post(path, {"text": "Mon 2-4pm"}).status_code == 403
    assert world.as_["bot-coordinator"].post(path, other).json()["professional"]["name"] == "Quinn"
    host = world.as_["read"].get(f"/api/professionals/{world.quinn.public_id}/").json()
    assert host["next_free"] is not None


def test_a_pause_ends_by_itself_or_by_resuming(world: World) -> None:
    until = soon(200)
    paused = world.as_["bot-ben"].post("/api/me/pause/", {"until": until.isoformat()}).json()
    assert paused["roles"][0]["state"] == "paused"
    Membership.objects.filter(person=world.ben).update(paused_until=soon(-1))
    assert world.as_["bot-ben"].get("/api/me/").json()["roles"][0]["state"] == "active"
    assert world.as_["write"].post(f"/api/students/{world.ben.public_id}/pause/").json()["state"] == "paused"
    assert world.as_["bot-ben"].call("DELETE", "/api/me/pause/").json()["roles"][0]["state"] == "active"
    assert world.as_["bot-ben"].post("/api/me/pause/", {"until": soon(-5).isoformat()}).status_code == 400


def test_a_zone_is_asked_once_and_kept(world: World) -> None:
    assert world.as_["bot-ana"].get("/api/me/").json()["zone_chosen"] is False
    assert world.as_["bot-ana"].patch("/api/me/", {"zone": "Asia/Tokyo"}).json()["zone"] == "Asia/Tokyo"
    assert world.as_["bot-ana"].patch("/api/me/", {"zone": "EST5EDT7"}).status_code == 400


def test_the_form_link_proves_the_member(world: World) -> None:
    link = "https://docs.google.com/forms/d/e/x/viewform?entry.1={token}"
    settings.MATCHING = from_mapping({"program": {"key": "demo"}, "forms": {"students": link}})
    told = world.as_["bot-stranger"].get("/api/me/form-links/").json()
    token = told["students"].partition("entry.1=")[2]
    assert proven_discord_id(world.program, token) == STRANGER
    assert proven_discord_id(world.program, token[:-1] + ("A" if token[-1] != "A" else "B")) == ""
    assert (told["professionals"], told["proves_discord_id"]) == (None, True)
    assert world.as_["ana"].get("/api/me/form-links/").json()["proves_discord_id"] is False


def feed(url: str) -> Any:
    return Client(SERVER_NAME="localhost").get(url.partition("localhost")[2].partition("/")[1] + url.split("/", 3)[3])


def test_a_feed_shows_ones_own_sessions_until_it_is_taken_back(world: World) -> None:
    url = world.as_["ana"].post("/api/me/feed/").json()["url"]
    answer = feed(url)
    events: list[Any] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [str(one["summary"]) for one in events] == ["Resume review with Pat"]
    assert events[0]["dtstart"].dt == world.session.starts_at
    said = re.sub(rb"(?m)^UID:.*$|#[0-9A-Z]+", b"", answer.content)  # random letters may spell a name
    assert b"pat" not in said.lower().replace(b"with pat", b"").replace(b"professional: pat", b"")
    token = url.rpartition("/")[2].removesuffix(".ics")
    assert not FeedToken.objects.filter(digest__contains=token[:20]).exists()
    newer = world.as_["ana"].post("/api/me/feed/").json()["url"]
    assert (feed(url).status_code, feed(newer).status_code) == (404, 200)
    world.as_["ana"].post(f"/api/scheduled-sessions/{world.session.public_id}/cancel/")
    assert not Calendar.from_ical(feed(newer).content).walk("VEVENT")
    assert world.as_["ana"].call("DELETE", "/api/me/feed/").status_code == 204
    assert feed(newer).status_code == 404
    assert world.as_["ana"].call("DELETE", "/api/me/feed/").status_code == 404


def test_a_feed_is_the_same_bytes_until_something_changes(world: World) -> None:
    url = world.as_["pat"].post("/api/me/feed/").json()["url"]
    first, second = feed(url), feed(url)
    assert (first.content, first["ETag"]) == (second.content, second["ETag"])


def test_keys_of_ones_own_are_made_shown_once_and_revoked(world: World) -> None:
    made = world.as_["bot-ana"].post("/api/me/keys/", {"label": "phone"}).json()
    assert made["token"].startswith(made["prefix"])
    phone = bearer(made["token"])
    assert phone.get("/api/me/").json()["name"] == "Ana"
    listed = phone.get("/api/me/keys/").json()["results"]
    assert [one["token"] for one in listed] == [None, None]
    assert phone.call("DELETE", f"/api/me/keys/{made['id']}/").status_code == 204
    assert phone.get("/api/me/").status_code == 401
    other = ApiKey.objects.get(person=world.pat)
    assert world.as_["ana"].call("DELETE", f"/api/me/keys/{other.public_id}/").status_code == 404


def test_staff_add_and_let_go(world: World) -> None:
    staff = world.as_["bot-coordinator"]
    body = {"name": "Dr. Zo", "email": "Zo@Example.org", "specialties": "fintech", "capacity_per_week": 3}
    made = staff.post("/api/professionals/", body)
    assert (made.status_code, made.json()["specialties"], "email" in made.json()) == (201, "fintech", False)
    assert Person.objects.get(name="Dr. Zo").email == "zo@example.org"
    assert staff.post("/api/professionals/", body).status_code == 409
    assert staff.post("/api/professionals/", {**body, "email": "zo"}).status_code == 400
    path = f"/api/professionals/{made.json()['id']}/"
    assert staff.patch(path, {"capacity_per_week": None}).json()["capacity_per_week"] is None
    assert staff.delete(path).status_code == 204
    assert staff.post("/api/professionals/", body).status_code == 201
    assert staff.delete(f"/api/professionals/{world.pat.public_id}/").status_code == 409


def test_people_are_found_by_words_ids_and_discord_ids(world: World) -> None:
    Person.objects.filter(pk=world.ben.pk).update(name="John Doe")
    Person.objects.filter(pk=world.ana.pk).update(name="John Doerr")
    found = world.as_["bot-viewer"].get("/api/people/?text=john%20doe").json()["results"]
    assert [(one["name"], one["exact"]) for one in found] == [("John Doe", True), ("John Doerr", False)]
    by_id = world.as_["read"].get(f"/api/people/?text={world.pat.discord_id}&role=professional").json()["results"]
    assert [one["id"] for one in by_id] == [world.pat.public_id]
    assert world.as_["read"].get("/api/people/?role=king").status_code == 400


def test_waiting_students_come_longest_waiting_first(world: World) -> None:
    rows = world.as_["bot-viewer"].get("/api/review-requests/?state=pending&order=waiting_since").json()["results"]
    assert [row["student"]["name"] for row in rows] == ["Ben"]
    assert world.as_["read"].get("/api/review-requests/?readable=true").json()["count"] == 0
    world.as_["bot-ben"].post("/api/me/availability/", {"text": "Mon 2-4pm"})
    readable = world.as_["read"].get("/api/review-requests/?readable=true&state=pending").json()["results"]
    assert readable[0]["availability"].startswith("Mon 14:00-16:00")


def test_statistics_are_computed(world: World) -> None:
    world.as_["ben"].post(f"/api/scheduled-sessions/{world.past.public_id}/rate/", {"stars": 4})
    world.as_["write"].post(f"/api/scheduled-sessions/{world.past.public_id}/no-show/", {"absent": "professional"})
    told = world.as_["read"].get("/api/stats/").json()
    assert (told["students"], told["asked"], told["matched_share"], told["rating_mean"]) == (2, 2, 0.5, 4.0)
    assert (told["sessions"]["no_show"], told["no_show_share"]) == (1, 1.0)
    assert told["loads"][0] == {"id": world.pat.public_id, "name": "Pat", "upcoming": 1, "held": 0}


def test_who_calls_too_often_is_told_when_to_come_back(small_world: World) -> None:
    settings.API_RATES = {**settings.API_RATES, "member": "3/minute"}
    cache.clear()
    codes = [small_world.as_["bot-ana"].get("/api/me/").status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    assert small_world.as_["bot-pat"].get("/api/me/").status_code == 200
    assert int(small_world.as_["bot-ana"].get("/api/me/")["Retry-After"]) <= 61


def test_stored_answers_are_not_kept_for_ever(world: World) -> None:
    for number in range(2):
        world.as_["ben"].post("/api/me/pause/", {}, Idempotency_Key=f"p{number}")
        StoredAnswer.objects.update(created_at=datetime.now(UTC) - timedelta(days=3))
    assert StoredAnswer.objects.count() == 1


def test_roles_of_the_guild_make_staff(world: World) -> None:
    token = world.as_["bot"].headers["Authorization"].removeprefix("Bearer ")
    assert bearer(token, STRANGER, f"5,{COORDINATORS}").get("/api/me/").json()["acts_as"] == "coordinator"
