"""Who staff are: three groups with rights, no account of its own, sessions that end, guesses that are limited."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission, User
from django.core.cache import cache
from django.test import Client

from backend.record.actor import Actor
from backend.record.admin.login import MOST_FAILURES
from backend.record.admin.site import SITE
from backend.record.models.states import ActorKind, Channel
from backend.record.roles import set_roles
from tests.backend.record.admin.conftest import Desk
from tests.backend.record.admin.seeded import PASSWORD


def rights(level: str) -> set[str]:
    return set(Group.objects.get(name=level).permissions.values_list("codename", flat=True))


def test_a_new_record_has_the_roles_and_no_account(embedded_db: Path) -> None:
    assert User.objects.count() == 0
    assert {"coordinate", "own"} & rights("viewer") == set()
    assert {"coordinate", "own"} & rights("coordinator") == {"coordinate"}
    assert {"coordinate", "own"} & rights("owner") == {"coordinate", "own"}
    assert rights("viewer") < rights("coordinator") < rights("owner")
    assert "view_apikey" not in rights("viewer")
    assert all(name.startswith("view_") for name in rights("viewer"))


def test_rights_that_somebody_added_by_hand_are_taken_back(embedded_db: Path) -> None:
    Group.objects.get(name="viewer").permissions.add(Permission.objects.get(codename="delete_person"))
    set_roles()
    assert "delete_person" not in rights("viewer")


def test_accounts_are_not_made_in_the_admin(desk: Desk) -> None:
    for path in ("/admin/auth/user/", "/admin/auth/group/", "/admin/auth/user/add/"):
        assert desk.get("owner", path).status_code == 404


def test_the_audit_names_who_acts_and_as_what(desk: Desk) -> None:
    from django.test import RequestFactory

    from backend.record.admin.staff import actor_of

    for name, kind in (
        ("viewer", ActorKind.VIEWER),
        ("coordinator", ActorKind.COORDINATOR),
        ("owner", ActorKind.OWNER),
    ):
        request = RequestFactory().get("/")
        request.user = User.objects.get(username=name)
        assert actor_of(request) == Actor(kind, Channel.ADMIN, name)


def test_signing_in_ends_with_the_working_day(desk: Desk) -> None:
    assert desk.get("owner", "/admin/").status_code == 200
    desk.clock.at += timedelta(hours=11)
    assert desk.get("owner", "/admin/").status_code == 302


def test_cookies_are_for_this_site_and_its_server_alone(desk: Desk) -> None:
    client = Client(SERVER_NAME="localhost")
    answer = client.post("/admin/login/", {"username": "owner", "password": PASSWORD})
    cookie = answer.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE
    assert cookie["expires"] == ""


@pytest.mark.parametrize("name", ["owner", "nobody-at-all"])
def test_guesses_are_limited(desk: Desk, name: str) -> None:
    client = Client(SERVER_NAME="localhost")
    for _ in range(MOST_FAILURES):
        assert b"Too many" not in client.post("/admin/login/", {"username": name, "password": "wrong"}).content
    blocked = client.post("/admin/login/", {"username": name, "password": PASSWORD})
    assert b"Too many wrong passwords" in blocked.content
    other = client.post("/admin/login/", {"username": "viewer", "password": PASSWORD})
    assert other.status_code == 302
    cache.clear()


def test_somebody_whose_role_was_taken_sees_nothing_any_more(desk: Desk) -> None:
    assert desk.get("viewer", "/admin/").status_code == 200
    User.objects.get(username="viewer").groups.clear()
    assert desk.get("viewer", "/admin/").status_code == 302


def test_the_page_about_the_admin_names_every_button() -> None:
    told = (Path(__file__).resolve().parents[4] / "docs" / "admin.md").read_text()
    labels = {act.label for table in SITE._registry.values() for act in (*table.acts, *table.list_acts)}  # type: ignore[attr-defined]
    assert len(labels) > 20
    assert sorted(label for label in labels if label not in told) == []
