"""Who may do what: every role, every endpoint, every method. A new endpoint must be entered here."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import get_resolver

from backend.record.models import (
    ApiKey,
    AuditEntry,
    Membership,
    Person,
    ProfessionalAvailability,
    Run,
    ScheduledSession,
)
from backend.record.models.states import MembershipState
from tests.backend.record.api.callers import MATCHING, World, soon

ROLES = ("anonymous", "read", "write", "ana", "pat", "bot", "bot-stranger", "bot-ana", "bot-pat", "bot-viewer",
         "bot-coordinator", "bot-owner")  # fmt: skip
VIEW = {"read", "write", "bot-viewer", "bot-coordinator", "bot-owner"}
WRITE = {"write", "bot-coordinator", "bot-owner"}
ANA, PAT = {"ana", "bot-ana"}, {"pat", "bot-pat"}
OWN = ANA | PAT
ALL = set(ROLES) - {"anonymous", "bot"}


def offer_of(world: World) -> ProfessionalAvailability:
    member = Membership.objects.get(person=world.pat, role="professional")
    return ProfessionalAvailability.objects.create(
        membership=member, valid_from=soon().date(), valid_until=soon().date(), zone="UTC"
    )


def endpoints(world: World) -> list[tuple[str, str, Any, set[str]]]:
    """Method, path, body, and the roles that get past the door. Bodies are wrong on purpose where writing is shown
    elsewhere: whoever is let in hears 400, 404 or 409, nobody else does."""
    session, past = f"scheduled-sessions/{world.session.public_id}/", f"scheduled-sessions/{world.past.public_id}/"
    ben, ana = f"students/{world.ben.public_id}/", f"students/{world.ana.public_id}/"
    quinn, pat = f"professionals/{world.quinn.public_id}/", f"professionals/{world.pat.public_id}/"
    wish = f"review-requests/{world.session.request.public_id}/"  # type: ignore[union-attr]
    offer = f"professional-availability/{offer_of(world).public_id}/"
    return [
        ("GET", "scheduled-sessions/", None, VIEW | OWN),
        ("POST", "scheduled-sessions/", {}, WRITE),
        ("GET", session, None, VIEW | OWN),
        ("PATCH", session, {}, WRITE),
        ("DELETE", session, None, WRITE | OWN),
        ("PUT", session, {}, set()),
        ("POST", f"{session}cancel/", {"x": 1}, WRITE | OWN),
        ("POST", f"{session}reschedule/", {"x": 1}, WRITE | OWN),
        ("POST", f"{session}complete/", {"x": 1}, WRITE | OWN),
        ("POST", f"{session}no-show/", {}, WRITE | OWN),
        ("POST", f"{session}confirm/", {}, OWN),
        ("POST", f"{session}rate/", {}, VIEW | OWN),
        ("GET", past, None, VIEW | PAT),
        ("GET", "review-requests/", None, VIEW | OWN),
        ("POST", "review-requests/", {"wanted": 0}, WRITE | OWN),
        ("GET", wish, None, VIEW | ANA),
        ("PATCH", wish, {"wanted": 0}, WRITE | ANA | PAT),
        ("DELETE", wish, None, WRITE | ANA),
        ("GET", "students/", None, VIEW | OWN),
        ("POST", "students/", {}, WRITE),
        ("GET", ana, None, VIEW | ANA),
        ("GET", ben, None, VIEW),
        ("PATCH", ben, {"name": "Mallory"}, WRITE),
        ("PATCH", ana, {"zone": "Mars"}, WRITE | ANA | PAT),
        ("DELETE", ana, None, WRITE),
        ("POST", f"{ben}pause/", {}, WRITE),
        ("POST", f"{ben}resume/", {}, WRITE),
        ("GET", "professionals/", None, VIEW | OWN),
        ("POST", "professionals/", {}, WRITE),
        ("GET", pat, None, VIEW | PAT),
        ("GET", quinn, None, VIEW),
        ("PATCH", quinn, {"name": "Mallory"}, WRITE),
        ("DELETE", pat, None, WRITE),
        ("POST", f"{quinn}pause/", {}, WRITE),
        ("POST", f"{quinn}resume/", {}, WRITE),
        ("GET", "professional-availability/", None, VIEW | OWN),
        ("POST", "professional-availability/", {}, WRITE | OWN),
        ("GET", offer, None, VIEW | PAT),
        ("PATCH", offer, {"text": ""}, WRITE | ANA | PAT),
        ("DELETE", offer, None, WRITE | PAT),
        ("GET", "runs/", None, VIEW),
        ("GET", "runs/r-1/", None, VIEW),
        ("POST", "runs/", {}, set()),
        ("GET", "stats/", None, VIEW),
        ("GET", "people/?text=a", None, VIEW),
        ("GET", "suggestions/", None, VIEW),
        ("GET", "explanations/?zone=Mars", None, VIEW | OWN),
        ("GET", "me/", None, ALL),
        ("PATCH", "me/", {}, VIEW | OWN),
        ("POST", "me/pause/", {"x": 1}, VIEW | OWN),
        ("DELETE", "me/pause/", None, OWN),
        ("POST", "me/availability/", {}, VIEW | OWN),
        ("POST", "me/claim/", {}, {"bot-stranger"}),
        ("POST", "me/feed/", {"x": 1}, VIEW | OWN),
        ("DELETE", "me/feed/", None, OWN),
        ("GET", "me/form-links/", None, ALL),
        ("GET", "me/keys/", None, OWN),
        ("POST", "me/keys/", {"x": 1}, VIEW | OWN),
        ("DELETE", "me/keys/x/", None, OWN),
        ("POST", "availability-preview/", {}, ALL),
        ("POST", "moment-preview/", {}, ALL),
        ("POST", "whatif/", {}, VIEW),
        ("GET", f"{session}menu/", None, VIEW),
        ("POST", f"{session}menu/", {}, WRITE),
        ("GET", "runs/r-1/certificate/", None, VIEW),
    ]  # fmt: skip


def get_in(code: int) -> bool:
    return code not in (401, 403, 405)


def test_each_role_gets_in_where_it_may_and_nowhere_else(small_world: World) -> None:
    world = small_world
    Run.objects.create(key="r-1", program=world.program, night="x", as_of=soon(), inputs_hash="", started_at=soon())
    wrong = []
    for method, path, body, allowed in endpoints(world):
        for role in ROLES:
            answer = world.as_[role].call(method, f"/api/{path}", body, If_Match='"none"')
            let_in = get_in(answer.status_code)
            hidden = answer.status_code == 404 and role in OWN  # other people's things do not exist
            if answer.status_code >= 500 or (let_in and not hidden) != (role in allowed and not hidden):
                wrong.append((method, path, role, answer.status_code))
            if role == "anonymous" and answer.status_code != 401:
                wrong.append((method, path, role, answer.status_code))
    assert wrong == []


def test_a_method_that_is_not_there_is_said_to_be_so(small_world: World) -> None:
    for method, path in (("PUT", "runs/"), ("GET", "whatif/"), ("DELETE", "stats/")):
        assert small_world.as_["write"].call(method, f"/api/{path}", {}).status_code == 405
        assert small_world.as_["anonymous"].call(method, f"/api/{path}", {}).status_code == 401


def test_other_peoples_things_do_not_exist_for_participants(world: World) -> None:
    offer = offer_of(world)
    for path in (
        f"scheduled-sessions/{world.session.public_id}/",
        f"review-requests/{world.session.request.public_id}/",  # type: ignore[union-attr]
        f"students/{world.ana.public_id}/",
        f"professionals/{world.pat.public_id}/",
        f"professional-availability/{offer.public_id}/",
    ):
        for method in ("GET", "DELETE", "PATCH"):
            answer = world.as_["ben"].call(method, f"/api/{path}", {}, If_Match="*")
            assert answer.status_code in (400, 403, 404), (method, path)
        assert world.as_["ben"].get(f"/api/{path}").status_code == 404


def test_nobody_writes_by_being_refused(small_world: World) -> None:
    world = small_world
    before = (Person.objects.count(), ScheduledSession.objects.count(), AuditEntry.objects.count())
    for method, path, body, allowed in endpoints(world):
        for role in set(ROLES) - allowed:
            world.as_[role].call(method, f"/api/{path}", body, If_Match="*")
    assert (Person.objects.count(), ScheduledSession.objects.count(), AuditEntry.objects.count()) == before


@pytest.mark.parametrize("role", ["write", "bot-owner"])
def test_fields_that_are_not_ones_to_set_are_refused_by_name(world: World, role: str) -> None:
    bodies = {
        "students/": {"name": "Eve", "email": "eve@example.org", "role": "staff"},
        "professionals/": {"name": "Eve", "is_staff": True, "verified": True},
        "review-requests/": {"student": world.ana.public_id, "waiting_since": "2020-01-01T00:00:00Z"},
        "scheduled-sessions/": {
            "student": world.ben.public_id, "professional": world.quinn.public_id, "starts_at": soon(90).isoformat(),
            "state": "completed", "program": 7,
        },
    }  # fmt: skip
    for path, body in bodies.items():
        answer = world.as_[role].post(f"/api/{path}", body)
        assert answer.status_code == 400, path
        assert "cannot be set here" in answer.json()["detail"]
    assert not Person.objects.filter(name="Eve").exists()


def test_nobody_makes_themselves_staff(world: World) -> None:
    for body in ({"role": "staff"}, {"scope": "write"}, {"label": "x", "scope": "write"}, {"level": "owner"}):
        assert world.as_["ana"].post("/api/me/keys/", body).status_code == 400
        assert world.as_["ana"].patch("/api/me/", {"zone": "UTC", **body}).status_code == 400
    for role in ("students", "professionals", "review-requests"):
        assert world.as_["bot-stranger"].post(f"/api/{role}/", {"name": "Eve"}).status_code == 403
    assert not Membership.objects.filter(role="staff").exists()


def test_a_participant_changes_their_zone_and_nothing_else_of_theirs(world: World) -> None:
    path = f"/api/students/{world.ana.public_id}/"
    assert world.as_["ana"].patch(path, {"zone": "Europe/Berlin"}).json()["zone"] == "Europe/Berlin"
    assert world.as_["ana"].patch(path, {"name": "Queen"}).status_code == 403
    host = f"/api/professionals/{world.pat.public_id}/"
    assert world.as_["pat"].patch(host, {"capacity_per_week": 900}).status_code == 403


def test_students_cannot_jump_the_queue(world: World) -> None:
    path = f"/api/review-requests/{world.waiting.public_id}/"
    assert world.as_["ben"].patch(path, {"priority": 9}).status_code == 403
    assert world.as_["ben"].post("/api/review-requests/", {"priority": 9}).status_code == 403
    assert world.as_["ben"].post("/api/review-requests/", {"student": world.ana.public_id}).status_code == 403
    assert world.as_["pat"].post("/api/review-requests/", {}).status_code == 403
    assert world.as_["write"].patch(path, {"priority": 9}).json()["priority"] == 9


def test_only_a_bots_key_may_act_for_somebody(world: World) -> None:
    for role in ("read", "write", "ana"):
        answer = world.as_[role].get("/api/me/", X_Discord_Member=str(world.ben.discord_id))
        assert answer.status_code == 403


def test_discord_roles_count_only_beside_a_bots_key(world: World) -> None:
    roles = ",".join(MATCHING.discord.owner_roles)
    assert world.as_["read"].post("/api/students/", {"name": "Eve"}, X_Discord_Roles=roles).status_code == 403


def test_a_discord_id_that_nobody_confirmed_opens_nothing(world: World) -> None:
    Person.objects.filter(pk=world.ana.pk).update(discord_verified_at=None)
    me = world.as_["bot-ana"].get("/api/me/").json()
    assert (me["known"], me["claimable"], me["email"], me["sessions"]) == (False, True, None, [])
    assert world.as_["bot-ana"].get(f"/api/scheduled-sessions/{world.session.public_id}/").status_code == 403
    assert world.as_["bot-ana"].post("/api/me/claim/", {"mine": True}).status_code == 204
    assert world.as_["bot-ana"].get("/api/me/").json()["known"]


def test_a_claim_that_is_denied_takes_the_id_away(world: World) -> None:
    Person.objects.filter(pk=world.ana.pk).update(discord_verified_at=None)
    assert world.as_["bot-ana"].post("/api/me/claim/", {"mine": False}).status_code == 204
    assert Person.objects.get(pk=world.ana.pk).discord_id is None
    assert world.as_["bot-ana"].post("/api/me/claim/", {"mine": True}).status_code == 404


def test_staff_memberships_have_the_level_that_is_set(world: World) -> None:
    staff = Membership.objects.create(program=world.program, person=world.ana, role="staff")
    assert world.as_["bot-ana"].get("/api/me/").json()["acts_as"] == "viewer"
    staff.details = {"level": "owner"}
    staff.save()
    assert world.as_["bot-ana"].get("/api/me/").json()["acts_as"] == "owner"
    assert world.as_["ana"].get("/api/me/").json()["acts_as"] == "participant"
    Membership.objects.filter(pk=staff.pk).update(state=MembershipState.LEFT)
    assert world.as_["bot-ana"].get("/api/me/").json()["acts_as"] == "participant"


def test_a_revoked_or_unknown_key_opens_nothing(world: World) -> None:
    ApiKey.objects.filter(scope="read").update(revoked_at=soon(-1))
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer"}):
        answer = world.as_["anonymous"].call("GET", "/api/stats/", **headers)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="matching"')
    assert world.as_["read"].get("/api/stats/").status_code == 401


def test_keys_are_kept_as_hashes(world: World) -> None:
    token = world.as_["ana"].headers["Authorization"].removeprefix("Bearer ")
    kept = " ".join(str(value) for row in ApiKey.objects.values() for value in row.values())
    assert token not in kept
    secret = token.split("_", 2)[2]  # which may have underscores of its own
    assert len(secret) == 43
    assert secret not in kept


def test_no_answer_shows_an_address_but_ones_own(world: World) -> None:
    addresses = {str(one.email) for one in (world.ana, world.ben, world.pat, world.quinn)}
    paths = ("scheduled-sessions/", "review-requests/", "students/", "professionals/", "people/?text=", "stats/", "me/")
    for role in ROLES:
        for path in paths:
            text = world.as_[role].get(f"/api/{path}").content.decode()
            shown = {one for one in addresses if one in text}
            own = {"ana": {str(world.ana.email)}, "pat": {str(world.pat.email)}}.get(role.removeprefix("bot-"), set())
            assert shown <= (own if path == "me/" else set()), (role, path)


def test_every_address_of_the_api_is_in_the_table(small_world: World) -> None:
    tested = {path.split("?")[0].split("/")[0] for _, path, _, _ in endpoints(small_world)}
    open_to_all = {"", "schema", "docs", "feeds", "form-submission", "forms", "<path:rest>"}
    api: Any = next(one for one in get_resolver().url_patterns if str(one.pattern) == "api/")
    known = {str(one.pattern).lstrip("^").split("/")[0] for one in api.url_patterns}
    assert known - open_to_all == tested
