"""What people do in Google Calendar comes back: the real client against the stand-in, the record underneath."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import Q

from backend.nightly.act import work_off
from backend.nightly.channels import Channels
from backend.nightly.exits import Exit, Stop
from backend.record.actor import CONSOLE, Actor
from backend.record.models import AuditEntry, CalendarCursor, CalendarFlag, OutboxItem, ReviewRequest
from backend.record.models.states import ActorKind, Cause, Channel
from backend.record.refusal import Refused
from backend.record.services.calendar_flags import expected, restore, take
from backend.record.services.outbox import outdate_given_up
from backend.record.services.sessions import Slot, cancel_session, reschedule_session
from backend.record.syncing import SyncReport, only_sync
from publish.booking import Recipient
from publish.discord_announcer import DiscordAnnouncer
from tests.backend.nightly.nights import make_settings
from tests.backend.record.followed import World
from tests.publish.publish_builders import connected
from tests.standins.discord_http import STAFF_CHANNEL_ID, TOKEN, DiscordStandIn
from tests.standins.google_calendar import CALENDAR_ID
from tests.standins.google_changes import google_error
from tests.standins.loopback import Fault

KIM = Actor(ActorKind.COORDINATOR, Channel.ADMIN, "kim")
SOON = timedelta(hours=47)


def of_student(world: World) -> str:
    return world.event(Recipient.STUDENT)


def nothing_happened(report: SyncReport) -> bool:
    return not report.counts


# -- what we did ourselves is nobody else's doing ---------------------------------------------------------------


def test_what_we_sent_is_not_taken_for_somebodys_change(world: World) -> None:
    assert nothing_happened(world.sync())
    reschedule_session(world.session, Slot(world.session.starts_at + timedelta(hours=1)), CONSOLE, world.now)
    assert nothing_happened(world.sync())
    world.send()
    assert nothing_happened(world.sync())
    assert world.session.revision == 1
    assert nothing_happened(world.sync(complete=True))


def test_a_cancellation_of_ours_comes_back_as_nothing(world: World) -> None:
    cancel_session(world.session, Cause.STAFF, CONSOLE, world.now)
    assert nothing_happened(world.sync())
    world.send()
    assert nothing_happened(world.sync())
    assert world.google.live() == {}


def test_a_change_of_ours_still_on_its_way_wins_over_the_old_time_in_the_calendar(world: World) -> None:
    later = world.session.starts_at + timedelta(days=7)
    reschedule_session(world.session, Slot(later), CONSOLE, world.now)
    world.google.decline(of_student(world), "tentative")
    assert nothing_happened(world.sync())
    world.send()
    assert world.session.starts_at == later
    assert len(world.times()) == 1


# -- declined and deleted -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", list(Recipient))
@pytest.mark.parametrize("way", ["declined", "deleted"])
def test_a_declined_or_deleted_event_cancels_the_session_and_the_student_waits_where_they_did(
    world: World, who: Recipient, way: str
) -> None:
    since = ReviewRequest.objects.get().waiting_since
    act: Callable[[str], None] = world.google.decline if way == "declined" else world.google.remove
    act(world.event(who))
    assert world.sync().counts == {way: 1}
    row, request = world.session, ReviewRequest.objects.get()
    assert (row.state, row.revisions.get().cause) == ("cancelled", way)
    assert (request.state, request.waiting_since) == ("pending", since)
    assert not row.attendance.filter(active=True).exists()
    other = Recipient.STUDENT if who is Recipient.PROFESSIONAL else Recipient.PROFESSIONAL
    world.send()
    assert world.google.live() == {}
    assert ("cancellation", world.event(other)) in {(kind, event) for kind, _, event in world.google.mails}


def test_what_could_not_be_sent_to_a_deleted_event_is_settled_with_its_session(world: World) -> None:
    world.google.remove(of_student(world))
    reschedule_session(world.session, Slot(world.session.starts_at + timedelta(days=7)), CONSOLE, world.now)
    world.send()
    assert world.record.given_up() == 1
    assert world.sync(complete=True).counts == {"deleted": 1}
    assert world.record.given_up() == 0
    item = OutboxItem.objects.get(state="dead")
    assert item.problem == "outdated: the session was cancelled meanwhile"
    entry = AuditEntry.objects.get(action="outdate")
    assert (entry.channel, entry.subject_id, entry.after) == ("google", str(item.pk), {"state": "outdated"})


def test_a_cancellation_that_could_not_be_told_stays_to_do(world: World) -> None:
    OutboxItem.objects.update(state="dead", problem="no such guest")
    cancel_session(world.session, Cause.STAFF, CONSOLE, world.now)
    assert world.record.given_up() == 0
    told = OutboxItem.objects.filter(payload__act="cancel", payload__recipient="student")
    told.update(state="dead", problem="no such guest")
    cancelled = told.get()
    outdate_given_up(world.record.program, Q(payload__session=world.session.key), "again", CONSOLE, world.now)
    cancelled.refresh_from_db()
    assert cancelled.problem == "no such guest"
    assert world.record.given_up() == 1


def test_who_declined_is_audited_as_themselves_and_a_deletion_as_the_calendars(world: World) -> None:
    world.google.decline(of_student(world))
    world.sync()
    entry = AuditEntry.objects.filter(action="cancel").get()
    assert (entry.actor_kind, entry.channel, entry.actor_id) == (
        "participant", "google", world.session.student.public_id
    )  # fmt: skip
    assert entry.after["cause"] == "declined"


def test_the_same_changes_twice_change_nothing_more(world: World) -> None:
    token = CalendarCursor.objects.get().token
    world.google.decline(of_student(world))
    world.sync()
    before = (OutboxItem.objects.count(), AuditEntry.objects.count())
    CalendarCursor.objects.update(token=token)
    assert nothing_happened(world.sync())
    assert nothing_happened(world.sync(complete=True))
    assert (OutboxItem.objects.count(), AuditEntry.objects.count()) == before


def test_an_emptied_calendar_cancels_nobody_by_itself(world: World) -> None:
    none_at_once = make_settings(publish=world.settings.publish.model_dump(), sync={"cancellations_at_once": 0})
    world.settings = none_at_once.model_copy(update={"state_dir": world.settings.state_dir})
    for who in Recipient:
        world.google.remove(world.event(who))
    assert world.sync().counts == {"flagged": 2}
    assert world.session.state == "scheduled"
    take(CalendarFlag.objects.all()[0], KIM, world.now)
    assert world.session.state == "cancelled"
    assert world.sync().waiting == 0


# -- moved --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", list(Recipient))
def test_a_move_inside_both_peoples_times_is_taken_over_and_the_other_event_follows(
    world: World, who: Recipient
) -> None:
    before = world.session.starts_at
    world.move(who, timedelta(hours=1))
    assert world.sync().counts == {"moved": 1}
    row = world.session
    assert (row.starts_at - before, row.revision, row.revisions.get().starts_at) == (timedelta(hours=1), 1, before)
    entry = AuditEntry.objects.filter(action="reschedule").get()
    assert (entry.actor_kind, entry.channel, entry.actor_id) == ("system", "google", "google")
    world.send()
    assert len(world.times()) == 1
    assert nothing_happened(world.sync())
    assert nothing_happened(world.sync(complete=True))


@pytest.mark.parametrize(("by", "says"), [(timedelta(hours=5), "outside"), (timedelta(days=-40), "passed")])
def test_a_move_elsewhere_is_flagged_and_not_taken_over(world: World, by: timedelta, says: str) -> None:
    before = world.session.starts_at
    settings = make_settings(publish={"enabled": True, "calendar_id": CALENDAR_ID}, sync={"freeze_hours": 0})
    world.settings = settings.model_copy(update={"state_dir": world.settings.state_dir})
    world.move(Recipient.STUDENT, by)
    report = world.sync()
    assert (report.counts, report.waiting, report.urgent) == ({"flagged": 1}, 1, 0)
    assert world.session.starts_at == before
    assert says in CalendarFlag.objects.get().reason
    assert nothing_happened(world.sync(complete=True))
    assert CalendarFlag.objects.count() == 1


def test_two_events_at_different_times_are_flagged(world: World) -> None:
    world.move(Recipient.STUDENT, timedelta(hours=1))
    world.move(Recipient.PROFESSIONAL, timedelta(days=2))
    assert world.sync().counts == {"flagged": 2}
    assert world.session.revision == 0


def test_an_event_dragged_back_settles_its_flag(world: World) -> None:
    world.move(Recipient.STUDENT, timedelta(hours=5))
    world.sync()
    world.move(Recipient.STUDENT, timedelta(0))
    assert world.sync().waiting == 0
    assert CalendarFlag.objects.get().outcome == "settled"


def test_staff_put_a_moved_event_back(world: World) -> None:
    world.move(Recipient.STUDENT, timedelta(hours=5))
    world.sync()
    restore(CalendarFlag.objects.get(), KIM, world.now)
    assert nothing_happened(world.sync(complete=True))
    world.send()
    assert len(world.times()) == 1
    assert nothing_happened(world.sync())


def test_staff_follow_a_moved_event(world: World) -> None:
    world.move(Recipient.STUDENT, timedelta(hours=5))
    world.sync()
    take(CalendarFlag.objects.get(), KIM, world.now)
    world.send()
    assert (world.session.revision, len(world.times())) == (1, 1)
    assert world.sync().waiting == 0


def test_a_guest_taken_off_the_list_is_flagged_and_put_back_by_staff(world: World) -> None:
    event = world.google.events[of_student(world)]
    event["attendees"] = []
    world.google.move(event["id"], event["start"]["dateTime"], event["end"]["dateTime"])
    assert world.sync().counts == {"flagged": 1}
    restore(CalendarFlag.objects.get(), KIM, world.now)
    world.send()
    assert [one["email"] for one in world.google.events[event["id"]]["attendees"]] == ["ana@example.org"]


# -- soon ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["declined", "deleted", "moved"])
def test_a_session_that_begins_soon_changes_only_by_an_owners_hand(world: World, way: str) -> None:
    world.now = world.session.starts_at - SOON
    if way == "moved":
        world.move(Recipient.STUDENT, timedelta(hours=1))
    else:
        act: Callable[[str], None] = world.google.decline if way == "declined" else world.google.remove
        act(of_student(world))
    report = world.sync()
    assert (report.counts, report.waiting, report.urgent) == ({"flagged": 1}, 1, 1)
    assert (world.session.state, world.session.revision) == ("scheduled", 0)
    flag = CalendarFlag.objects.get()
    with pytest.raises(Refused, match="only an owner"):
        take(flag, KIM, world.now)
    take(flag, CONSOLE, world.now)
    assert world.session.revision == 1
    assert (world.session.state == "cancelled") is (way != "moved")


def test_a_move_to_a_time_that_is_soon_is_held_for_an_owner_too(world: World) -> None:
    world.now = world.session.starts_at - timedelta(hours=60)
    world.move(Recipient.STUDENT, timedelta(hours=-20))
    assert world.sync().urgent == 1
    assert world.session.revision == 0


def test_an_owner_invites_anew_whose_event_was_deleted_and_the_other_event_stays(world: World) -> None:
    world.now = world.session.starts_at - SOON
    gone, kept = of_student(world), world.event(Recipient.PROFESSIONAL)
    world.google.remove(gone)
    world.sync()
    restore(CalendarFlag.objects.get(), CONSOLE, world.now)
    world.send()
    assert set(world.google.live()) == {kept, of_student(world)}
    assert of_student(world) != gone
    assert nothing_happened(world.sync(complete=True))
    assert [kind for kind, _, event in world.google.mails if event == kept] == ["invitation"]


def test_a_decline_that_an_owner_overrules_is_not_raised_again(world: World) -> None:
    world.now = world.session.starts_at - SOON
    world.google.decline(of_student(world))
    world.sync()
    restore(CalendarFlag.objects.get(), CONSOLE, world.now)
    assert nothing_happened(world.sync(complete=True))
    assert world.session.state == "scheduled"


# -- the token, and comparing everything ------------------------------------------------------------------------


def test_a_token_that_grew_old_means_comparing_everything(world: World) -> None:
    world.google.decline(of_student(world))
    world.google.changes.expire()
    report = world.sync()
    assert (report.complete, report.counts) == (True, {"declined": 1})
    assert not world.sync().complete


def test_pages_are_followed_to_the_end(world: World) -> None:
    world.google.changes.page_size = 1
    world.google.decline(of_student(world))
    world.move(Recipient.PROFESSIONAL, timedelta(0))
    assert world.sync().counts == {"declined": 1}
    assert world.sync(complete=True).complete


def test_a_calendar_out_of_reach_changes_nothing_and_is_followed_later(world: World) -> None:
    world.google.decline(of_student(world))
    world.google.faults.append(Fault("GET", "/events", answer=google_error(503, "backendError")))
    with pytest.raises(Stop) as stop:
        world.sync()
    assert stop.value.code is Exit.TRY_LATER
    assert world.sync().counts == {"declined": 1}


def test_one_sync_at_a_time(world: World) -> None:
    with only_sync(Path(world.settings.state_dir)), pytest.raises(Stop) as stop:
        world.sync()
    assert stop.value.code is Exit.LOCK_HELD


def test_an_event_that_vanished_is_made_again(world: World) -> None:
    name = of_student(world)
    del world.google.events[name]
    assert nothing_happened(world.sync())
    assert world.sync(complete=True).counts == {"made again": 1}
    assert nothing_happened(world.sync(complete=True))
    world.send()
    assert set(world.google.live()) == set(expected(world.session))


def test_an_event_left_over_from_a_cancelled_session_is_taken_out(world: World) -> None:
    cancel_session(world.session, Cause.STAFF, CONSOLE, world.now)
    OutboxItem.objects.filter(key__contains="/cancel/").update(state="dead")
    assert world.sync(complete=True).counts == {"taken out": 2}
    assert nothing_happened(world.sync(complete=True))
    world.send()
    assert world.google.live() == {}


def test_a_copy_that_somebody_made_is_shown_to_staff_and_left_alone(world: World) -> None:
    copy = {**world.google.events[of_student(world)], "id": "copied00000"}
    world.google.events["copied00000"] = copy
    world.google.move("copied00000", copy["start"]["dateTime"], copy["end"]["dateTime"])
    assert world.sync(complete=True).counts == {"strays": 1}
    assert nothing_happened(world.sync(complete=True))
    world.send()
    assert "copied00000" in world.google.live()


def test_events_that_are_not_ours_are_nobodys_business(world: World) -> None:
    event = {**world.google.events[of_student(world)], "id": "staffmeeting"}
    event["extendedProperties"] = {"private": {"program": "another"}}
    world.google.events["staffmeeting"] = event
    world.google.move("staffmeeting", event["start"]["dateTime"], event["end"]["dateTime"])
    assert nothing_happened(world.sync(complete=True))


# -- staff hear of it ---------------------------------------------------------------------------------------------


def test_a_decline_shortly_before_is_told_to_staff_at_once_and_edited_when_settled(
    world: World, discord_server: DiscordStandIn
) -> None:
    staff = {"enabled": True, "calendar_id": CALENDAR_ID, "staff_channel_id": STAFF_CHANNEL_ID}
    world.settings = make_settings(publish=staff).model_copy(update={"state_dir": world.settings.state_dir})
    world.now = world.session.starts_at - SOON
    world.google.decline(of_student(world))
    world.sync()
    with DiscordAnnouncer(TOKEN) as announcer:
        ports = Channels(world.calendar, announcer)
        work_off(world.settings, world.record, ports, lambda: world.now, lambda _: None)
        said = [one["content"] for one in discord_server.messages]
        assert any("The student declined" in text and "an owner decides" in text for text in said)
        assert any("1 change in Google Calendar to decide about" in text for text in said)
        assert not any("Ana" in text for text in said)
        take(CalendarFlag.objects.get(), CONSOLE, world.now)
        assert world.record.free_places() == []  # nobody else waits, and who declined that hour is not offered it
        work_off(world.settings, world.record, ports, lambda: world.now, lambda _: None)
    assert len(discord_server.messages) == len(said)
    assert any("Settled: the student declined" in one["content"] for one in discord_server.messages)


def test_a_decline_after_a_move_and_back_is_still_taken_over(world: World) -> None:
    before = world.session.starts_at
    reschedule_session(world.session, Slot(before + timedelta(hours=1)), CONSOLE, world.now)
    reschedule_session(world.session, Slot(before), CONSOLE, world.now)
    world.send()
    assert OutboxItem.objects.exclude(state="sent").count() == 0
    world.google.decline(world.event(Recipient.STUDENT))
    assert world.sync(complete=True).counts == {"declined": 1}


def test_a_drag_after_a_move_and_back_is_still_noticed(world: World) -> None:
    before = world.session.starts_at
    reschedule_session(world.session, Slot(before + timedelta(hours=1)), CONSOLE, world.now)
    reschedule_session(world.session, Slot(before), CONSOLE, world.now)
    world.send()
    world.move(Recipient.STUDENT, timedelta(hours=5))
    assert world.sync(complete=True).counts


def test_a_cancellation_waits_while_the_calendar_is_not_shared_with_us(world: World) -> None:
    cancel_session(world.session, Cause.STAFF, CONSOLE, world.now)
    with connected(world.google, "mistyped@group.calendar.google.com") as wrong:
        delivery = work_off(world.settings, world.record, Channels(wrong), lambda: world.now, lambda _: None)
    assert delivery.sent == 0, delivery
    assert OutboxItem.objects.filter(payload__act="cancel", state="sent").count() == 0
