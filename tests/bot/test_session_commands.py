"""Sessions cancelled, moved, closed and rated by the people in them and by staff."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backend.record.models import AuditEntry, Person, Rating, ScheduledSession, SessionConfirmation
from tests.bot.people import Cast, session_between, wish_of
from tests.bot.test_own_commands import only
from tests.bot.wire import Wire


def state(student: str, professional: str) -> str:
    return str(session_between(student, professional).state)


def mark(wire: Wire, who: str) -> str:
    told = only(wire.slash(who, "review_status")).text
    return next(word.strip("`") for word in told.split() if word.startswith("`#"))


def test_a_student_cancels_after_being_asked_and_waits_with_their_old_place(wire: Wire, cast: Cast) -> None:
    since = wish_of("Max Oduya").waiting_since
    told = only(wire.say("max", "!cancel"))
    assert told.labels == ["Cancel it", "Keep it"]
    assert "old place in the queue" in told.text
    assert state("Max Oduya", "John Doe") == "scheduled"
    after = only(wire.press("max", told, "Cancel it"))
    assert "The session is cancelled" in after.text
    assert state("Max Oduya", "John Doe") == "cancelled"
    assert (wish_of("Max Oduya").state, wish_of("Max Oduya").waiting_since) == ("pending", since)
    entry = AuditEntry.objects.get(action="cancel", channel="bot")
    assert (entry.actor_kind, entry.actor_id) == ("participant", cast.ids["max"])


def test_keeping_it_changes_nothing(wire: Wire) -> None:
    wire.press("max", only(wire.slash("max", "cancel")), "Keep it")
    assert state("Max Oduya", "John Doe") == "scheduled"


def test_a_session_that_changed_meanwhile_is_not_cancelled_unseen(wire: Wire) -> None:
    told = only(wire.say("max", "!cancel"))
    ScheduledSession.objects.filter(student__name="Max Oduya").update(revision=5, why="changed")
    heard = only(wire.press("max", told, "Cancel it"))
    assert "has changed since you read it" in heard.text
    assert heard.ephemeral or wire.discord.where(heard) == "dm"
    assert state("Max Oduya", "John Doe") == "scheduled"


def test_professionals_cancel_too(wire: Wire) -> None:
    wire.press("john", only(wire.say("john", "!cancel max")), "Cancel it")
    assert state("Max Oduya", "John Doe") == "cancelled"


def test_staff_see_what_else_a_cancellation_makes_possible_and_do_it(wire: Wire) -> None:
    told = only(wire.say("coordinator", f"!cancel {mark(wire, 'max')}"))
    assert "Option 1: 0 people moved" in told.text
    assert "Do option 1" in told.labels
    after = only(wire.press("coordinator", told, "Do option 1"))
    assert "option 1 was done" in after.text
    assert state("Max Oduya", "John Doe") in ("cancelled", "scheduled")
    assert ScheduledSession.objects.filter(student__name="Max Oduya", state="cancelled").count() == 1
    assert AuditEntry.objects.filter(action="cancel", channel="bot", actor_kind="coordinator").exists()


def test_viewers_read_and_do_not_cancel(wire: Wire) -> None:
    told = only(wire.say("viewer", f"!cancel {mark(wire, 'max')}"))
    heard = only(wire.press("viewer", told, "Cancel it"))
    assert "Only" in heard.text
    assert state("Max Oduya", "John Doe") == "scheduled"


def test_nobody_reaches_a_session_of_others(wire: Wire) -> None:
    told = only(wire.say("chen", f"!cancel {mark(wire, 'max')}"))
    assert "No session is booked" in told.text
    theirs = session_between("Max Oduya", "John Doe").public_id
    assert "nothing here that you may see" in only(wire.slash("chen", "cancel", session=theirs)).text
    assert "I do not know you yet" in only(wire.say("stranger", "!cancel")).text


def test_staff_who_are_in_no_session_say_which(wire: Wire) -> None:
    assert "Say which session" in only(wire.say("coordinator", "!cancel")).text
    several = only(wire.say("coordinator", '!cancel "Olga Sidorova"'))
    assert "Which session do you mean?" in several.text
    asked = only(wire.pick("coordinator", several, "Ray Coleman"))
    assert "Cancel this session?" in asked.text
    assert "Ray Coleman with Olga Sidorova" in asked.text


def test_a_participant_reschedules_without_naming_a_time(wire: Wire) -> None:
    assert "Only staff set a time" in only(wire.say("max", f"!reschedule {mark(wire, 'max')} Tuesday 3pm")).text
    told = only(wire.say("max", "!reschedule"))
    after = only(wire.press("max", told, "Find another time"))
    assert "You wait again" in after.text
    assert wish_of("Max Oduya").state == "pending"


def test_staff_move_a_session_to_a_time_in_words(wire: Wire) -> None:
    told = only(wire.say("coordinator", f"!reschedule {mark(wire, 'max')} “Tuesday 3:00 PM”"))
    assert "Tuesday 8 December 2026, 15:00 (America/New_York)" in told.text
    wire.press("coordinator", told, "Move it")
    assert session_between("Max Oduya", "John Doe").starts_at.isoformat() == "2026-12-08T20:00:00+00:00"


@pytest.mark.parametrize(
    ("rest", "answer"),
    [("", "Which time?"), ("soonish", "not understood"), ("Tuesday", "no time of day"), ("yesterday 3pm", "say it as")],
)
def test_staff_hear_what_is_wrong_with_a_time(wire: Wire, rest: str, answer: str) -> None:
    told = only(wire.slash("owner", "reschedule", session=mark(wire, "max"), time=rest))
    assert answer in told.text


def test_a_session_that_took_place_is_closed_and_rated_by_clicks(wire: Wire) -> None:
    told = only(wire.say("carlos", "!complete"))
    assert state("Carlos Rivera", "John Doe") == "completed"
    assert told.labels == ["★" * number for number in range(1, 6)]
    after = only(wire.press("carlos", told, "★★★★"))
    assert "Rated ★★★★" in after.text
    assert Rating.objects.get(session=session_between("Carlos Rivera", "John Doe")).stars in (4, 5)


def test_rating_by_number_with_and_without_a_mark(wire: Wire) -> None:
    assert "Rated ★★★★★" in only(wire.say("carlos", "!rate 5")).text
    reference = next(word for word in only(wire.say("carlos", "!rate")).text.split() if "#" in word).strip("`")
    assert "Rated ★★" in only(wire.say("carlos", f"!rate {reference} 2")).text
    assert Rating.objects.get(session=session_between("Carlos Rivera", "John Doe")).stars == 2
    for wrong in ("0", "6", "99"):
        assert "1 to 5" in only(wire.say("carlos", f"!rate {wrong}")).text
    assert "Only the two people" in only(wire.say("coordinator", f"!rate {reference} 5")).text


def test_a_participants_word_that_nobody_came_waits_for_staff(wire: Wire) -> None:
    told = only(wire.say("carlos", "!no_show"))
    assert "Staff look at it" in told.text
    session = session_between("Carlos Rivera", "John Doe")
    assert session.state == "scheduled"
    assert SessionConfirmation.objects.get(session=session).verdict == "no_show"


def test_staff_decide_who_did_not_come(wire: Wire) -> None:
    reference = mark(wire, "carlos")
    assert "Who did not come" in only(wire.say("coordinator", f"!no_show {reference}")).text
    assert "the student did not come" in only(wire.say("coordinator", f"!no_show {reference} student")).text
    assert state("Carlos Rivera", "John Doe") == "no_show"


def test_what_is_not_over_cannot_be_closed(wire: Wire) -> None:
    assert "No session is over" in only(wire.say("max", "!complete")).text
    theirs = session_between("Max Oduya", "John Doe").public_id
    assert "not over yet" in only(wire.slash("max", "complete", session=theirs)).text


def test_a_name_is_completed_among_any_number_of_sessions(wire: Wire) -> None:
    like = session_between("Max Oduya", "John Doe")
    first, others = datetime(2026, 1, 1, tzinfo=UTC), ("Carlos Rivera", "Olga Sidorova")
    student, professional = (Person.objects.get(name=name) for name in others)
    ScheduledSession.objects.bulk_create(
        ScheduledSession(
            key=f"k-{day}", program=like.program, student=student, professional=professional, student_code="s",
            professional_code="p", starts_at=first + timedelta(days=day),
            ends_at=first + timedelta(days=day, minutes=30),
        )
        for day in range(101)
    )  # fmt: skip
    wire.say("viewer", "!run_status")  # completions wait two seconds at most: let the server be awake
    assert [one["value"] for one in wire.complete("viewer", "cancel", "session", "max")] == [like.public_id]


def test_sessions_are_completed_by_name_or_mark(wire: Wire, cast: Cast) -> None:
    own = wire.complete("max", "cancel", "session", "john")
    assert [one["value"] for one in own] == [session_between("Max Oduya", "John Doe").public_id]
    assert len(wire.complete("viewer", "cancel", "session", "")) == 21
    assert wire.complete("stranger", "cancel", "session", "") == []
