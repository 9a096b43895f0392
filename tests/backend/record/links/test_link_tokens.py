"""Who cannot act by a link: forged, cut, expired, other people's, too many, too long; and that no traces stay."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from backend.record.actor import CONSOLE
from backend.record.django_record import DjangoRecord
from backend.record.models import Program
from backend.record.services.erasing import erase
from backend.record.services.links import Link, own_links, read_link, skip_links
from backend.record.services.members import leave
from backend.record.services.merging import merge
from backend.record.services.sessions import Slot, reschedule_session
from publish.booking import Recipient
from publish.links import LABELS, LinkAct
from tests.backend.record.links.conftest import BASE, MATCHING, Doors, everything, text
from tests.backend.record.rows import member, person

DEMO = Program(key="demo", name="Demo")


def token_of(path: str) -> str:
    return path.split("/")[2]


@given(
    act=st.sampled_from(list(LinkAct)),
    revision=st.integers(0, 10_000),
    until=st.integers(0, 250_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    whose=st.text("abcdefghjkmnpqrstvwxyz23456789", min_size=14, max_size=14),
)
def test_a_token_says_what_was_signed_and_the_same_every_night(act: Any, revision: int, until: Any, whose: str) -> None:
    link = Link(act, whose, until, whose, revision)
    token = link.token(DEMO)
    assert token == link.token(DEMO)
    assert read_link(DEMO, token) == link
    assert read_link(Program(key="other"), token) is None


@given(st.text(max_size=300))
def test_nothing_but_a_signed_token_is_read(token: str) -> None:
    assert read_link(DEMO, token) is None


def test_one_changed_letter_opens_nothing(small_doors: Doors) -> None:
    token = token_of(small_doors.path(LinkAct.CANCEL))
    before = everything()
    for place in range(0, len(token), 9):
        other = "x" if token[place] != "x" else "y"
        answer = small_doors.call("post", f"/l/{token[:place]}{other}{token[place + 1 :]}/", {"seal": "x"})
        assert (answer.status_code, "not complete" in text(answer)) == (404, True)
    assert everything() == before


def test_a_link_is_for_one_purpose_one_person_and_one_session(small_doors: Doors) -> None:
    """A seal of one page presses no button of another, and ids cannot be swapped."""
    confirm, cancel = small_doors.path(LinkAct.CONFIRM), small_doors.path(LinkAct.CANCEL, Recipient.PROFESSIONAL)
    before = everything()
    assert "open for long" in text(small_doors.call("post", cancel, {"seal": small_doors.seal(confirm)}))
    row, stranger = small_doors.session, person("Mallory")
    member(stranger, where=row.program)
    forged = Link(LinkAct.CANCEL, stranger.public_id, row.starts_at, row.public_id, 0).address(row.program, "")
    before = everything()
    answer = small_doors.call("get", forged)
    assert (answer.status_code, "leads nowhere" in text(answer)) == (410, True)
    assert "Ana" not in text(answer)
    assert everything() == before


def test_an_expired_link_explains_itself(small_doors: Doors) -> None:
    path = small_doors.path(LinkAct.PAUSE)
    seal = small_doors.seal(path)
    small_doors.clock.at = small_doors.session.starts_at + timedelta(days=28)
    before = everything()
    answer = small_doors.call("post", path, {"seal": seal, "until": "2027-02-01"})
    assert (answer.status_code, "has expired" in text(answer)) == (410, True)
    assert everything() == before


def test_a_page_that_was_left_open_is_shown_again(small_doors: Doors) -> None:
    """The seal's time is the real clock's, so an old one is made of another key's."""
    path = small_doors.path(LinkAct.DECLINE)
    answer = small_doors.call("post", path, {"seal": f"{small_doors.seal(path)[:-1]}_"})
    assert "open for long" in text(answer)
    assert small_doors.session.state == "scheduled"


def test_who_left_was_erased_or_was_joined(small_doors: Doors) -> None:
    ana, session = small_doors.ana, small_doors.session
    path = small_doors.path(LinkAct.PAUSE)
    twin = person("Ana G")
    member(twin, where=session.program)
    merge(twin, ana, CONSOLE, small_doors.clock())
    joined = Link(LinkAct.PAUSE, twin.public_id, session.starts_at).address(session.program, "")
    assert "Pause matching?" in text(small_doors.call("get", joined))
    small_doors.press(small_doors.path(LinkAct.CANCEL))
    leave(small_doors.member(ana), CONSOLE, small_doors.clock())
    assert "no longer part" in text(small_doors.call("get", path))
    erase(ana, CONSOLE, small_doors.clock())
    assert "leads nowhere" in text(small_doors.call("get", path))


def test_no_page_shows_an_address_or_what_the_other_wrote(small_doors: Doors) -> None:
    for whose in Recipient:
        for act in LinkAct:
            if act not in (LinkAct.SKIP, LinkAct.AFTER):
                shown = small_doors.call("get", small_doors.path(act, whose)).content.decode()
                assert "example.org" not in shown.replace(BASE, "")
                assert not any(fact in shown for fact in ("@", "Night Nurse", "ana-private", "Ben Okafor"))


def test_pages_tell_nobody_that_they_were_opened(small_doors: Doors) -> None:
    for path in (small_doors.path(LinkAct.CANCEL), "/l/forged/"):
        answer = small_doors.call("get", path)
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["Cache-Control"] == "no-store"
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Content-Security-Policy"].startswith("default-src 'none'")
        assert not answer.cookies
        assert "http" not in answer.content.decode().replace("http-equiv", "")


def test_no_log_holds_a_token(small_doors: Doors, caplog: pytest.LogCaptureFixture) -> None:
    token = token_of(small_doors.path(LinkAct.CANCEL))
    with caplog.at_level(logging.DEBUG):
        small_doors.call("get", f"/l/{token}x/")
        small_doors.call("put", f"/l/{token}/")
        small_doors.call("get", f"/l/{token}/more")
        small_doors.call("get", f"/api/feeds/{token}.ics")
    told = [record.getMessage() for record in caplog.records if record.name.startswith("django")]
    assert len(told) >= 3
    assert not any(token[:20] in one for one in told)


def test_somebody_who_tries_too_often_has_to_wait(small_doors: Doors) -> None:
    settings.API_RATES = {**settings.API_RATES, "link": "3/minute"}
    cache.clear()
    assert [small_doors.call("get", "/l/guess/").status_code for _ in range(4)] == [404, 404, 404, 429]
    path = small_doors.path(LinkAct.PAUSE)
    assert [small_doors.call("get", path).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_a_form_that_is_too_long_is_not_read(small_doors: Doors) -> None:
    answer = small_doors.call("post", small_doors.path(LinkAct.TIMES), {"text": "x" * 20_000})
    assert answer.status_code == 413


def test_leaving_one_night_out(small_doors: Doors) -> None:
    program, code = small_doors.session.program, small_doors.session.student_code
    run_at = small_doors.clock.at + timedelta(hours=14)  # 21:00 in New York
    (path,) = (where.removeprefix(BASE) for where in skip_links(program, code, run_at, BASE).values())
    assert "left out tonight" in text(small_doors.press(path))
    paused = small_doors.member(small_doors.ana).paused_until
    assert paused is not None
    assert paused.isoformat().startswith("2026-11-24T05:00")  # the next midnight in New York
    entries = everything()
    assert "Already done" in text(small_doors.press(path))
    assert everything() == entries
    small_doors.clock.at = run_at
    assert "has expired" in text(small_doors.call("get", path))


def test_links_stand_in_invitations_and_letters_and_are_the_same_every_night(small_doors: Doors) -> None:
    record = DjangoRecord(MATCHING, small_doors.clock)
    row = small_doors.session
    first = record.links(row.key)
    small_doors.clock.at += timedelta(days=1)
    assert record.links(row.key) == first
    assert set(first[Recipient.STUDENT]) == {LABELS[act] for act in LinkAct if act not in (LinkAct.SKIP, LinkAct.AFTER)}
    assert set(first[Recipient.STUDENT].values()).isdisjoint(first[Recipient.PROFESSIONAL].values())
    written = date(2026, 11, 23)
    assert own_links(row.program, row.student_code, written, BASE) == record.own_links(row.student_code, written)
    reschedule_session(row, Slot(row.starts_at + timedelta(days=2)), CONSOLE, small_doors.clock())
    assert set(record.links(row.key)[Recipient.STUDENT].values()).isdisjoint(first[Recipient.STUDENT].values())


def test_without_an_address_of_the_site_no_message_has_links(small_doors: Doors) -> None:
    record = DjangoRecord(MATCHING.model_copy(update={"web": replace_url("")}), small_doors.clock)
    assert record.links(small_doors.session.key) == {}
    assert record.own_links(small_doors.session.student_code, date(2026, 11, 23)) == {}


def replace_url(url: str) -> Any:
    return MATCHING.web.model_copy(update={"public_url": url})
