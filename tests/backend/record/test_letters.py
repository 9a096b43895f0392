"""A night that writes to single people, over the wire: only to proven Discord ids, and no letter twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.test import override_settings

from backend.nightly.act import Delivery, book, work_off
from backend.nightly.channels import Channels
from backend.nightly.night import Night, think
from backend.record.actor import CONSOLE
from backend.record.django_record import DjangoRecord
from backend.record.mail import SmtpMailer
from backend.record.models import Person, ScheduledSession
from backend.record.models.states import Cause
from backend.record.services.sessions import Slot, cancel_session, reschedule_session
from backend.settings import Settings
from optimizer.domain import Stage
from publish.direct import HELP, waiting_item
from publish.discord_announcer import DiscordAnnouncer
from tests.backend.nightly.nights import AS_OF, crowd, make_settings, make_sheets
from tests.standins.discord_http import TOKEN, DiscordStandIn
from tests.standins.smtp_server import SmtpServer

SETTINGS = make_settings(
    publish={"enabled": True, "direct_messages": True}, matching={"limit_per_week": 1, "default_per_week": 1}
)
FIRST, LATER = "700000000000000001", "700000000000000002"


def night_on(record: DjangoRecord, settings: Settings = SETTINGS, as_of: datetime = AS_OF) -> Night:
    tonight = record.keep(make_sheets(crowd(9)), as_of)
    return think(settings, tonight.sheets, tonight.state, as_of, lambda _: None)


def proves(record: DjangoRecord, code: str, discord_id: str, *, proven: bool = True) -> None:
    reach = record.reach(code)
    assert reach is not None
    at = AS_OF if proven else None
    Person.objects.filter(email=reach.email).update(discord_id=discord_id, discord_verified_at=at)


def sent(record: DjangoRecord) -> Delivery:
    with DiscordAnnouncer(TOKEN) as announcer:
        return work_off(SETTINGS, record, Channels(announcer=announcer), lambda: AS_OF, lambda _: None)


def test_who_proved_their_id_hears_of_a_session_or_of_what_would_help(
    embedded_db: Path, discord_server: DiscordStandIn
) -> None:
    record = DjangoRecord(SETTINGS, lambda: AS_OF)
    night = night_on(record)
    matched, left = night.plan.sessions[0].student, night.unmatched[0]
    proves(record, matched, FIRST)
    proves(record, left.student, LATER)
    proves(record, night.unmatched[1].student, "700000000000000003", proven=False)
    book(night, record, approved=False)
    assert sent(record).sent == 2
    assert sent(record).sent == 0
    (first,), (later,) = discord_server.direct(FIRST), discord_server.direct(LATER)
    assert "you have a resume review in Demo Program" in first["content"]
    assert HELP[left.stage.value] in later["content"]
    assert discord_server.direct("700000000000000003") == []
    assert {item.payload["act"] for item in record.told("direct")} == {"matched", "waiting"}


def test_of_letters_that_could_not_be_sent_for_weeks_only_the_last_is_sent(
    embedded_db: Path, discord_server: DiscordStandIn
) -> None:
    """Publishing was off, or the bot out of reach: each week's night added a letter with another reason."""
    record = DjangoRecord(SETTINGS, lambda: AS_OF)
    night = night_on(record)
    student = night.unmatched[0].student
    proves(record, student, LATER)
    book(night, record, approved=False)
    stages = (Stage.LOST, Stage.NO_COMMON_TIME, Stage.OFF_GRID)
    days = (AS_OF + timedelta(weeks=week) for week in (1, 2, 3))
    record.outbox.add(waiting_item(student, stage, day.date()) for stage, day in zip(stages, days, strict=True))
    assert sent(record).dead == 0
    (letter,) = discord_server.direct(LATER)
    assert HELP[Stage.OFF_GRID] in letter["content"]


def test_the_next_night_writes_to_nobody_whose_state_is_the_same(
    embedded_db: Path, discord_server: DiscordStandIn
) -> None:
    record = DjangoRecord(SETTINGS, lambda: AS_OF)
    night = night_on(record)
    proves(record, night.unmatched[0].student, LATER)
    book(night, record, approved=False)
    sent(record)
    again = night_on(record, as_of=AS_OF + timedelta(days=1))
    book(again, record, approved=False)
    sent(record)
    assert len(discord_server.direct(LATER)) == 1


def test_a_move_and_a_cancellation_are_written_to_who_is_in_the_chat(
    embedded_db: Path, discord_server: DiscordStandIn
) -> None:
    record = DjangoRecord(SETTINGS, lambda: AS_OF)
    night = night_on(record)
    proves(record, night.plan.sessions[0].student, FIRST)
    book(night, record, approved=False)
    sent(record)
    row = ScheduledSession.objects.get(student__discord_id=FIRST)
    with override_settings(MATCHING=SETTINGS):
        row = reschedule_session(row, Slot(row.starts_at + timedelta(days=7)), CONSOLE, AS_OF)
        row = reschedule_session(row, Slot(row.starts_at + timedelta(days=7)), CONSOLE, AS_OF)
        assert sent(record).sent == 1
        cancel_session(row, Cause.STAFF, CONSOLE, AS_OF)
    assert sent(record).sent == 1
    told = [one["content"] for one in discord_server.direct(FIRST)]
    assert ["has a new time" in one for one in told] == [False, True, False]
    assert f"<t:{int(row.starts_at.timestamp())}:F>" in told[1]
    assert "is cancelled" in told[2]
    assert "You keep your place in the queue" in told[2]
    assert DjangoRecord(SETTINGS, lambda: AS_OF).given_up() == 0


def test_a_letter_about_a_session_that_was_cancelled_meanwhile_is_not_sent(
    embedded_db: Path, discord_server: DiscordStandIn
) -> None:
    record = DjangoRecord(SETTINGS, lambda: AS_OF)
    night = night_on(record)
    proves(record, night.plan.sessions[0].student, FIRST)
    book(night, record, approved=False)
    cancel_session(ScheduledSession.objects.get(student__discord_id=FIRST), Cause.STAFF, CONSOLE, AS_OF)
    told = sent(record)
    assert (told.sent, told.problems) == (0, ())
    assert discord_server.direct(FIRST) == []


def test_without_google_a_closed_door_gives_no_second_mail_about_a_session(
    embedded_db: Path, discord_server: DiscordStandIn
) -> None:
    with SmtpServer() as server:
        mail = {"host": "127.0.0.1", "port": server.port, "tls": "none"}
        settings = make_settings(publish={"enabled": True, "direct_messages": True}, mail=mail)
        record = DjangoRecord(settings, lambda: AS_OF)
        night = night_on(record, settings)
        proves(record, night.plan.sessions[0].student, FIRST)
        proves(record, night.unmatched[0].student, LATER)
        discord_server.closed |= {FIRST, LATER}
        book(night, record, approved=False)
        with SmtpMailer(settings, None) as mailer, DiscordAnnouncer(TOKEN) as announcer:
            ports = Channels(announcer=announcer, mailer=mailer)
            told = work_off(settings, record, ports, lambda: AS_OF, lambda _: None)
        assert (told.dead, told.problems, record.given_up()) == (0, (), 0)
        invited = [one for one in server.taken if "Resume review with" in one.message["Subject"]]
        letters = [one.message["Subject"] for one in server.taken if one not in invited]
        assert len(invited) == 2 * len(night.plan.sessions)
        assert letters == ["Your resume review in Demo Program: not yet, and what would help"]


def test_who_waits_without_discord_hears_by_mail_if_the_program_wants_that(embedded_db: Path) -> None:
    with SmtpServer() as server:
        mail = {"host": "127.0.0.1", "port": server.port, "tls": "none", "letters": True}
        settings = make_settings(
            publish={"enabled": True}, matching={"limit_per_week": 1, "default_per_week": 1}, mail=mail
        )
        record = DjangoRecord(settings, lambda: AS_OF)
        night = night_on(record, settings)
        book(night, record, approved=False)
        with SmtpMailer(settings, None) as mailer:
            work_off(settings, record, Channels(mailer=mailer), lambda: AS_OF, lambda _: None)
        letters = [one for one in server.taken if "not yet" in one.message["Subject"]]
        assert len(letters) == len(night.unmatched)
        assert len(server.taken) == len(letters) + 2 * len(night.plan.sessions)
        assert all("at most once a week" in one.content.decode() for one in letters)
        again = night_on(record, settings, AS_OF + timedelta(days=1))
        known = {item.payload["person"] for item in record.told("letter-email")}
        book(again, record, approved=False)
        assert {item.payload["person"] for item in record.told("letter-email")} == known


def test_who_hears_by_mail_of_no_session_hears_it_again_after_a_session_that_was_cancelled(embedded_db: Path) -> None:
    settings = make_settings(mail={"host": "127.0.0.1", "port": 1, "tls": "none", "letters": True})
    record = DjangoRecord(settings, lambda: AS_OF)
    told = []
    for days, times in ((0, "Sunday 8-9pm"), (0.1, "Mon, Wed 2-4pm"), (9, "Sunday 8-9pm"), (18, "Sunday 8-9pm")):
        as_of = AS_OF + timedelta(days=days)
        tonight = record.keep(make_sheets([{"Availability": times}]), as_of)
        night = think(settings, tonight.sheets, tonight.state, as_of, lambda _: None)
        book(night, record, approved=False)
        for booked in night.bookings:
            row = ScheduledSession.objects.get(key=booked.session_key)
            cancel_session(row, Cause.STAFF, CONSOLE, AS_OF)
        told.append([str(item.payload["on"]) for item in record.told("letter-email")])
    assert told == [["2026-11-23"], ["2026-11-23"], ["2026-11-23", "2026-12-02"], ["2026-11-23", "2026-12-02"]]


def test_without_the_setting_nobody_is_written_to(embedded_db: Path, discord_server: DiscordStandIn) -> None:
    quiet = make_settings(publish={"enabled": True})
    record = DjangoRecord(quiet, lambda: AS_OF)
    night = night_on(record, quiet)
    proves(record, night.plan.sessions[0].student, FIRST)
    book(night, record, approved=False)
    assert record.told("direct") == []
