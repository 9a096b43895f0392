"""Every page for every role: who may see it, and what it shows to whom."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Model

from backend.record.models import (
    ApiKey,
    AuditEntry,
    ForbiddenPair,
    FormPost,
    FormResponse,
    Membership,
    OutboxItem,
    Person,
    Pin,
    Program,
    ReviewRequest,
    Run,
    ScheduledSession,
)
from tests.backend.record.admin.conftest import Desk, open_desk, place
from tests.backend.record.admin.seeded import Clock, seed
from tests.backend.record.rows import member, person, program

OPEN: tuple[type[Model], ...] = (
    AuditEntry, FormPost, FormResponse, ForbiddenPair, Membership, OutboxItem, Person, Pin, ReviewRequest, Run,
    ScheduledSession,
)  # fmt: skip
STAFF = ("viewer", "coordinator", "owner")


def lists(model: type[Model]) -> str:
    return f"/admin/record/{model._meta.model_name}/"


def text_of(answer: Any) -> str:
    return str(
        answer.render().content.decode()
        if hasattr(answer, "render") and not answer.is_rendered
        else answer.content.decode()
    )


@pytest.mark.parametrize("role", STAFF)
def test_staff_see_every_list_and_page(desk: Desk, role: str) -> None:
    for model in OPEN:
        assert desk.get(role, lists(model)).status_code == 200, model
        row = model._default_manager.order_by("pk").first()
        assert row is not None
        assert desk.get(role, f"{place(row)}change/").status_code == 200, model
    for path in ("/admin/", "/admin/advice/"):
        assert desk.get(role, path).status_code == 200


def test_keys_are_not_for_viewers(desk: Desk) -> None:
    key = ApiKey.objects.order_by("pk").first()
    assert key is not None
    assert desk.get("viewer", lists(ApiKey)).status_code == 403
    assert desk.get("viewer", f"{place(key)}change/").status_code == 403
    for role in ("coordinator", "owner"):
        assert desk.get(role, f"{place(key)}change/").status_code == 200


@pytest.mark.parametrize("role", ["anonymous", "nobody"])
def test_who_has_no_role_is_asked_to_sign_in(desk: Desk, role: str) -> None:
    paths = ["/admin/", "/admin/advice/", *(lists(model) for model in OPEN)]
    row = Person.objects.order_by("pk").first()
    paths += [f"{place(row)}change/", f"{place(row)}why/", f"{place(row)}do/erase/", f"{lists(Person)}export.csv"]
    for path in paths:
        answer = desk.get(role, path)
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/admin/login/")


def test_no_page_adds_edits_or_deletes_a_row(desk: Desk) -> None:
    for model in OPEN:
        row = model._default_manager.order_by("pk").first()
        assert desk.get("owner", f"{lists(model)}add/").status_code == 403
        assert desk.get("owner", f"{place(row)}delete/").status_code == 403
        before = model._default_manager.filter(pk=row.pk).values().get()  # type: ignore[union-attr]
        desk.clients["owner"].post(f"{place(row)}change/", {"name": "changed", "state": "active"})
        assert model._default_manager.filter(pk=row.pk).values().get() == before  # type: ignore[union-attr]


def test_rows_of_another_program_are_not_there(desk: Desk) -> None:
    stranger = person("Zed Elsewhere")
    joined = member(stranger, where=program("other"))
    assert desk.get("owner", f"{place(stranger)}change/").status_code == 404
    assert desk.get("owner", f"{place(joined)}change/").status_code == 404
    assert "Zed Elsewhere" not in text_of(desk.get("owner", lists(Person)))


def test_odd_ids_are_not_found(desk: Desk) -> None:
    for odd in ("0", "999999", "x", "1%00", "-1"):
        assert desk.get("owner", f"/admin/record/person/{odd}/change/").status_code == 404


@pytest.mark.parametrize("role", ["viewer", "coordinator"])
def test_addresses_are_for_owners_alone(desk: Desk, role: str) -> None:
    asked = Person.objects.filter(email__contains="chen.wei").get()
    answer = FormResponse.objects.filter(person=asked, state="current").get()
    refused = FormPost.objects.filter(state="refused").get()
    known = str(Person.objects.exclude(email_verified_at=None).order_by("pk").first())
    for path in (f"{place(asked)}change/", f"{place(answer)}change/", f"{place(refused)}change/", lists(Person)):
        shown = text_of(desk.get(role, path))
        assert "@example" not in shown.replace("•••@example", ""), path
        assert known
    assert "chen.wei@example.org" in text_of(desk.get("owner", f"{place(asked)}change/"))
    assert "chen.wei@example.org" in text_of(desk.get("owner", f"{place(answer)}change/"))


def test_addresses_are_not_found_by_guessing(desk: Desk) -> None:
    def found(role: str, wanted: str) -> bool:
        return "Chen Wei" in text_of(desk.get(role, f"{lists(Person)}?q={wanted}"))

    assert found("viewer", "Chen")
    assert not found("viewer", "chen.wei@example.org")
    assert found("coordinator", "chen.wei@example.org")
    assert not found("coordinator", "chen.wei@")
    assert found("owner", "chen.wei@")


def test_lists_are_searched_and_filtered(desk: Desk) -> None:
    sessions = text_of(desk.get("viewer", f"{lists(ScheduledSession)}?state__exact=no_show"))
    assert "no show" in sessions
    assert "scheduled</" not in sessions.replace("scheduled sessions</", "")
    assert desk.get("viewer", f"{lists(Pin)}?ended_at__isempty=1").status_code == 200
    assert desk.get("viewer", f"{lists(Person)}?memberships__role__exact=professional&q=olga").status_code == 200


@pytest.mark.parametrize("probe", ["email__startswith=c", "discord_id__gt=1", "responses__raw__contains=a"])
def test_filters_of_ones_own_are_refused(desk: Desk, probe: str) -> None:
    for role in STAFF:
        assert desk.get(role, f"{lists(Person)}?{probe}").status_code == 400


def test_a_persons_page_tells_what_was_said_and_how_it_was_read(desk: Desk) -> None:
    asked = Person.objects.get(name="Chen Wei")
    shown = text_of(desk.get("viewer", f"{place(asked)}change/"))
    for part in ("Tue/Thu 9-11am, Sat 10-2", "Tue 09:00-11:00; Thu 09:00-11:00; Sat 10:00-14:00", "98 % sure"):
        assert part in shown
    assert 'class="r-chart r-week"' in shown
    assert "<title id=" in shown
    for title in ("Requests", "Sessions", "Pins and kept apart", "All answers", "Audit"):
        assert f"<h2>{title}</h2>" in shown


def test_what_was_not_understood_is_marked(desk: Desk) -> None:
    reading = next(
        one for answer in FormResponse.objects.filter(state="current") for one in answer.readings.all()
        if one.result["unparsed"] and one.result["unparsed"][0] in one.text
    )  # fmt: skip
    shown = text_of(desk.get("viewer", f"{place(reading.response)}change/"))
    assert '<mark title="not understood">' in shown


def test_a_professionals_week_shows_the_offer_and_what_is_booked(desk: Desk) -> None:
    session = ScheduledSession.objects.filter(state="scheduled", starts_at__gt=desk.clock()).first()
    assert session is not None
    shown = text_of(desk.get("viewer", f"{place(session.professional)}change/"))
    assert 'class="sure"' in shown
    assert 'class="booked"' in shown


def test_what_people_wrote_cannot_become_a_script(desk: Desk) -> None:
    bad = "<script>alert(1)</script>"
    asked = Person.objects.get(name="Chen Wei")
    Person.objects.filter(pk=asked.pk).update(name=bad)
    answer = FormResponse.objects.filter(person=asked, state="current").get()
    answer.raw = {**answer.raw, bad: bad}
    answer.save()
    answer.readings.update(text=bad)
    for path in (
        f"{place(asked)}change/",
        f"{place(answer)}change/",
        lists(Person),
        f"{place(asked)}do/pin/",
        "/admin/",
    ):
        assert bad not in text_of(desk.get("coordinator", path)), path


def test_a_run_tells_its_certificate_and_who_was_left_out(desk: Desk) -> None:
    shown = text_of(desk.get("viewer", f"{place(desk.plan)}change/"))
    for part in ("Proven best.", "Sessions it would book", "Max Oduya", "Unmatched, and why", "Certificate", "29 days"):
        assert part in shown
    booked = Run.objects.filter(state="booked").order_by("pk").first()
    assert "Sessions it booked" in text_of(desk.get("viewer", f"{place(booked)}change/"))


def test_a_run_that_was_stopped_says_why(desk: Desk) -> None:
    stopped = Run.objects.create(
        program=desk.program, key="a-1", night="2026-12-03", as_of=desk.clock(), state="held",
        outcome={"reason": "the sheet shrank"}, started_at=desk.clock(),
    )  # fmt: skip
    shown = text_of(desk.get("viewer", f"{place(stopped)}change/"))
    assert "The sheet shrank" in shown
    assert "Approve" not in text_of(desk.get("owner", f"{place(stopped)}change/"))


def test_the_overview_tells_how_the_program_is_doing(desk: Desk) -> None:
    shown = text_of(desk.get("viewer", "/admin/"))
    for part in (
        "59 %", "83 %", "17 %", "1 plan to approve", "1 answer to confirm", "1 message given up", "Last nights",
        "Proven best", "Unmatched, and why", "Load of professionals", "Olga Sidorova", "Demand: students free",
        "Supply: professionals free", "mean rating of 5",
    ):  # fmt: skip
        assert part in shown, part


def test_the_advice_comes_as_a_part_or_a_page(desk: Desk) -> None:
    part = text_of(desk.get("viewer", "/admin/advice/", headers={"HX-Request": "true"}))
    page = text_of(desk.get("viewer", "/admin/advice/"))
    assert "<html" not in part
    assert "Any one of these adds sessions" in part
    assert "Any one of these adds sessions" in page
    assert "--json" not in page


def test_why_somebody_has_no_session_and_whom_they_could_meet(desk: Desk) -> None:
    asked = Person.objects.get(name="Chen Wei")
    shown = text_of(desk.get("viewer", f"{place(asked)}why/"))
    assert "Chen Wei has no session tonight and has waited 29 days." in shown
    assert "Olga Sidorova" in shown


def test_an_empty_program_has_an_overview_too(desk: Desk) -> None:
    Program.objects.filter(key="demo").update(key="gone")
    shown = text_of(desk.get("owner", "/admin/"))
    assert "No night was run yet." in shown
    assert desk.get("owner", "/admin/advice/").status_code == 200


def test_pages_and_an_act_on_either_database(record_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    with monkeypatch.context() as patch:
        patch.setattr("django.utils.timezone.now", clock)
        seed(clock)
    for desk in open_desk(monkeypatch):
        for model in (*OPEN, ApiKey):
            row = model._default_manager.order_by("pk").first()
            assert desk.get("owner", f"{lists(model)}?q=a").status_code == 200, model
            assert desk.get("owner", f"{place(row)}change/").status_code == 200, model
        assert desk.get("owner", "/admin/").status_code == 200
        assert desk.do(desk.plan, "approve").status_code == 302
        assert Run.objects.filter(state="booked").count() == 3
