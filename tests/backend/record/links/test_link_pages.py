"""Each act by link: what it does to the record, who is said to have done it, and what a second click finds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from backend.record.actor import CONSOLE, Actor
from backend.record.models import (
    AuditEntry,
    FormResponse,
    OutboxItem,
    ProfessionalAvailability,
    ReviewRequest,
    ScheduledSession,
    SessionAcceptance,
)
from backend.record.models.states import ActorKind, Cause, Channel
from backend.record.services.requests import is_paused
from backend.record.services.sessions import Slot, cancel_session, reschedule_session
from publish.booking import Recipient
from publish.links import ABOUT_SESSION, LinkAct
from tests.backend.record.links.conftest import Doors, everything, text
from tests.standins.databases import at_once

PRO = Recipient.PROFESSIONAL


def by_link(entry: AuditEntry, person: Any) -> bool:
    return (entry.actor_kind, entry.channel, entry.actor_id) == ("participant", "link", person.public_id)


def test_looking_changes_nothing_whatever_a_scanner_opens(doors: Doors) -> None:
    before = everything()
    for whose in Recipient:
        for act in LinkAct:
            if act in (LinkAct.SKIP, LinkAct.AFTER):
                continue
            path = doors.path(act, whose)
            assert doors.call("get", path).status_code == 200
            assert doors.call("head", path).status_code == 200
            assert doors.call("options", path).status_code == 405
            assert doors.call("post", path).status_code == 200  # a form that was never looked at
    assert everything() == before


def test_confirming(doors: Doors) -> None:
    path = doors.path(LinkAct.CONFIRM, PRO)
    assert "you have confirmed" in text(doors.press(path))
    said = SessionAcceptance.objects.get()
    assert (said.person, said.revision) == (doors.john, 0)
    assert by_link(doors.last_note(), doors.john)
    again = doors.call("get", path)
    assert (again.status_code, "confirmed already" in text(again)) == (200, True)
    assert doors.session.state == "scheduled"


@pytest.mark.parametrize(
    ("act", "cause"), [(LinkAct.DECLINE, Cause.DECLINED), (LinkAct.CANCEL, Cause.STUDENT)], ids=["decline", "cancel"]
)
def test_a_student_gives_the_session_up_and_keeps_the_place_in_the_queue(
    doors: Doors, act: LinkAct, cause: str
) -> None:
    waiting = ReviewRequest.objects.get(student=doors.ana).waiting_since
    path = doors.path(act)
    seal = doors.seal(path)
    assert "The session is" in text(doors.call("post", path, {"seal": seal}))
    session, request = doors.session, ReviewRequest.objects.get(student=doors.ana)
    assert (session.state, session.revisions.get().cause) == ("cancelled", cause)
    assert (request.state, request.waiting_since) == ("pending", waiting)
    assert by_link(AuditEntry.objects.get(action="cancel"), doors.ana)
    assert OutboxItem.objects.filter(key__contains="/cancel/").count() == 2
    after = everything()
    for answer in (doors.call("get", path), doors.call("post", path, {"seal": seal})):
        assert (answer.status_code, "Already done" in text(answer)) == (200, True)
    assert everything() == after


def test_who_gave_a_time_up_is_not_matched_there_before_they_correct_their_times(small_doors: Doors) -> None:
    from backend.record.services.past import record_state

    session = small_doors.session
    small_doors.press(small_doors.path(LinkAct.DECLINE))
    busy = record_state(session.program).decided.busy
    assert [one.start for one in busy[session.student_code]] == [session.starts_at]
    assert session.professional_code not in busy
    small_doors.clock.at += timedelta(minutes=5)
    store(small_doors, "Mon, Wed 2-5pm", LinkAct.TIMES)
    assert session.student_code not in record_state(session.program).decided.busy


def test_a_student_may_take_the_wish_back_with_the_session(small_doors: Doors) -> None:
    assert "not matched any more" in text(small_doors.press(small_doors.path(LinkAct.CANCEL), stop="on"))
    assert ReviewRequest.objects.get(student=small_doors.ana).state == "cancelled"


def test_a_professional_may_take_the_offer_back_with_the_session(small_doors: Doors) -> None:
    small_doors.press(small_doors.path(LinkAct.CANCEL, PRO), stop="on")
    assert ReviewRequest.objects.get(student=small_doors.ana).state == "pending"
    assert ProfessionalAvailability.objects.get().state == "withdrawn"


def test_a_new_time_with_the_same_person(doors: Doors) -> None:
    path = doors.path(LinkAct.MOVE)
    page = doors.call("get", path).content.decode()
    start = page.split('type="radio" name="start" value="')[1].split('"')[0]
    seal = doors.seal(path)
    assert "has a new time" in text(doors.call("post", path, {"seal": seal, "start": start}))
    session = doors.session
    assert (session.starts_at.isoformat(), session.revision, session.state) == (start, 1, "scheduled")
    assert by_link(doors.last_note(), doors.ana)
    assert "Already done: this session has a new time" in text(doors.call("post", path, {"seal": seal, "start": start}))
    assert doors.session.revision == 1


def test_anyone_instead(small_doors: Doors) -> None:
    small_doors.press(small_doors.path(LinkAct.MOVE, PRO), start="anyone")
    assert (small_doors.session.state, small_doors.session.revisions.get().cause) == ("cancelled", "professional")


@pytest.mark.parametrize("start", ["", "2026-11-25T19:05:00+00:00", "nonsense"])
def test_a_time_that_does_not_suit_both_is_refused(small_doors: Doors, start: str) -> None:
    before = everything()
    assert small_doors.press(small_doors.path(LinkAct.MOVE), start=start).status_code == 400
    assert everything() == before


def test_shortly_before_it_no_other_time_is_offered(small_doors: Doors) -> None:
    small_doors.clock.at = small_doors.session.starts_at - timedelta(hours=2)
    page = text(small_doors.call("get", small_doors.path(LinkAct.MOVE)))
    assert "No other time that suits both of you is known." in page


def test_pausing_and_coming_back(small_doors: Doors) -> None:
    path = small_doors.path(LinkAct.PAUSE, PRO)
    assert "You are paused" in text(small_doors.press(path, until="2026-12-07"))
    member = small_doors.member(small_doors.john)
    assert member.paused_until is not None
    assert member.paused_until.isoformat().startswith("2026-12-07T05:00")  # midnight in New York
    assert by_link(small_doors.last_note(), small_doors.john)
    entries = AuditEntry.objects.count()
    assert "Already done" in text(small_doors.press(path, until="2026-12-07"))
    assert AuditEntry.objects.count() == entries
    assert "matched again" in text(small_doors.press(path, resume="yes"))
    assert not is_paused(small_doors.member(small_doors.john), small_doors.clock())
    assert small_doors.session.state == "scheduled"


@pytest.mark.parametrize("until", ["", "2026-11-23", "2019-01-01", "2999-01-01", "soon"])
def test_a_pause_needs_a_day_to_come(small_doors: Doors, until: str) -> None:
    before = everything()
    assert small_doors.press(small_doors.path(LinkAct.PAUSE), until=until).status_code == 400
    assert everything() == before


def store(doors: Doors, words: str, act: LinkAct, whose: Recipient = Recipient.STUDENT, **more: str) -> Any:
    path = doors.path(act, whose)
    shown = doors.press(path, text=words, **more).content.decode()
    seen = shown.split('name="seen" value="')[1].split('"')[0]
    return doors.press(path, text=words, seen=seen, store="yes", **more)


def test_times_are_shown_as_they_are_read_and_stored_after_that(doors: Doors) -> None:
    path = doors.path(LinkAct.TIMES)
    answers = FormResponse.objects.count()
    looked = text(doors.press(path, text="Thu 3-5pm"))
    assert "This is how we read it" in looked
    assert "Thu" in looked
    assert FormResponse.objects.count() == answers
    assert "Your times are stored" in text(store(doors, "Thu 3-5pm", LinkAct.TIMES))
    row = FormResponse.objects.order_by("pk").last()
    assert row is not None
    assert (row.state, row.person, row.readings.get().text) == ("current", doors.ana, "Thu 3-5pm")
    assert by_link(AuditEntry.objects.filter(action="answer").latest("pk"), doors.ana)
    store(doors, "Thu 3-5pm", LinkAct.TIMES)
    assert FormResponse.objects.count() == answers + 1


def test_a_professional_says_until_when(small_doors: Doors) -> None:
    store(small_doors, "Fri 9-11am", LinkAct.TIMES, PRO, until="2026-12-31")
    offer = ProfessionalAvailability.objects.get(state="active")
    assert str(offer.valid_until) == "2026-12-31"
    assert offer.per_week == 2


@pytest.mark.parametrize("words", ["", "   ", "no idea", "x" * 2001])
def test_what_cannot_be_read_is_not_stored(small_doors: Doors, words: str) -> None:
    before = everything()
    answer = small_doors.press(small_doors.path(LinkAct.TIMES), text=words, seen="", store="yes")
    assert "stored" not in text(answer)
    assert everything() == before


def test_words_that_changed_after_the_look_are_shown_again_first(small_doors: Doors) -> None:
    path = small_doors.path(LinkAct.TIMES)
    shown = small_doors.press(path, text="Thu 3-5pm").content.decode()
    seen = shown.split('name="seen" value="')[1].split('"')[0]
    answer = small_doors.press(path, text="Fri 3-5pm", seen=seen, store="yes")
    assert "This is how we read it" in text(answer)
    assert FormResponse.objects.filter(source="direct").count() == 0


def test_a_session_moved_since(small_doors: Doors) -> None:
    paths = [small_doors.path(act) for act in ABOUT_SESSION]
    seals = [small_doors.seal(path) for path in paths]
    session = small_doors.session
    reschedule_session(session, Slot(session.starts_at + timedelta(days=2)), CONSOLE, small_doors.clock())
    before = everything()
    for path, seal in zip(paths, seals, strict=True):
        answer = small_doors.call("post", path, {"seal": seal, "start": "anyone"})
        assert (answer.status_code, "was moved since" in text(answer)) == (410, True)
    assert everything() == before
    assert small_doors.call("get", small_doors.path(LinkAct.CONFIRM)).status_code == 200  # the newer message's


def test_a_session_cancelled_since(small_doors: Doors) -> None:
    path, seal = small_doors.path(LinkAct.CONFIRM), small_doors.seal(small_doors.path(LinkAct.CONFIRM))
    actor = Actor.participant(small_doors.john, Channel.LINK)
    cancel_session(small_doors.session, Cause.PROFESSIONAL, actor, small_doors.clock())
    answer = small_doors.call("post", path, {"seal": seal})
    assert (answer.status_code, "was cancelled meanwhile" in text(answer)) == (410, True)
    assert not SessionAcceptance.objects.exists()


def test_a_session_that_has_begun(small_doors: Doors) -> None:
    path = small_doors.path(LinkAct.CANCEL)
    seal = small_doors.seal(path)
    small_doors.clock.at = small_doors.session.starts_at
    answer = small_doors.call("post", path, {"seal": seal})
    assert (answer.status_code, "has begun" in text(answer)) == (410, True)
    assert small_doors.session.state == "scheduled"


def test_of_clicks_at_once_one_acts_and_all_are_answered_kindly(doors: Doors) -> None:
    path, seal = doors.path(LinkAct.DECLINE), doors.seal(doors.path(LinkAct.DECLINE))
    answers = at_once(6, lambda _: doors.call("post", path, {"seal": seal}))
    assert [one.status_code for one in answers] == [200] * 6
    assert sum("Already done" in text(one) for one in answers) == 5
    assert AuditEntry.objects.filter(action="cancel").count() == 1
    assert doors.session.revision == 1


def test_the_same_times_sent_at_once_are_stored_once(doors: Doors) -> None:
    path = doors.path(LinkAct.TIMES)
    shown = doors.press(path, text="Thu 3-5pm").content.decode()
    seen, seal = shown.split('name="seen" value="')[1].split('"')[0], doors.seal(path)
    data = {"seal": seal, "seen": seen, "text": "Thu 3-5pm", "store": "yes"}
    answers = at_once(4, lambda _: doors.call("post", path, data))
    assert all("Your times are stored" in text(one) for one in answers)
    assert FormResponse.objects.filter(source="direct").count() == 1


def test_only_a_start_that_suits_both_is_open_to_the_two(small_doors: Doors) -> None:
    from backend.record.refusal import Refused

    session = small_doors.session
    actor = Actor(ActorKind.PARTICIPANT, Channel.API, small_doors.ana.public_id)
    with pytest.raises(Refused, match="only staff"):
        reschedule_session(session, Slot(session.starts_at + timedelta(days=3)), actor, small_doors.clock())
    assert ScheduledSession.objects.get().revision == 0
