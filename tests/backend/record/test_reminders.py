"""Reminders from the record, over the wire: by Discord and by mail, once, and only while they are true."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from backend.commands import main
from backend.nightly.channels import Channels
from backend.nightly.exits import Exit, Stop
from backend.nightly.lock import only_run
from backend.nightly.reminding import Reminded, remind
from backend.record.actor import CONSOLE, Actor
from backend.record.django_record import DjangoRecord
from backend.record.jobs import Job, Rounds
from backend.record.mail import SmtpMailer
from backend.record.models import AuditEntry, JobPass, OutboxItem, Person, ScheduledSession
from backend.record.models.states import Cause, Channel
from backend.record.refusal import Refused
from backend.record.services.direct import set_reminders
from backend.record.services.erasing import erase
from backend.record.services.links import read_link
from backend.record.services.sessions import Slot, book_session, cancel_session, reschedule_session
from publish.discord_announcer import DiscordAnnouncer
from publish.links import ABOUT_ME, ABOUT_SESSION
from publish.message import MOST_UNITS, units
from tests.backend.nightly.nights import make_settings
from tests.backend.record.rows import NOW, TEN, member, person, program
from tests.standins.discord_http import TOKEN, DiscordStandIn
from tests.standins.smtp_server import SmtpServer

ANA_CHAT = "700000000000000001"
DAY, HALF_HOUR = TEN - timedelta(days=1), TEN - timedelta(minutes=30)
STEP = timedelta(minutes=5)
BASE = "https://program.example"
SETTINGS = make_settings(publish={"enabled": True, "direct_messages": True})


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as running:
        yield running


def booked(**of_ana: object) -> ScheduledSession:
    """Ana, reached by Discord, with Bo, by mail; booked on the 23rd for the 25th at 10:00 UTC."""
    where = program("demo")
    ana = person("Ana", discord_id=ANA_CHAT, discord_verified_at=NOW, **of_ana)
    bo = person("Bo", zone="Europe/Berlin")
    for one, role in ((ana, "student"), (bo, "professional")):
        member(one, role, where)
    return book_session(where, ana, bo, Slot(TEN), CONSOLE, NOW)


@contextmanager
def ports(server: SmtpServer) -> Iterator[Channels]:
    settings = make_settings(mail={"host": "127.0.0.1", "port": server.port, "tls": "none"})
    with DiscordAnnouncer(TOKEN) as announcer, SmtpMailer(settings, None) as mailer:
        yield Channels(announcer=announcer, mailer=mailer)


def passes(server: SmtpServer, *moments: object) -> list[Reminded]:
    """One pass at each moment, each by a process of its own as far as the record can tell."""
    told = []
    with ports(server) as channels:
        for at in moments:
            told.append(remind(SETTINGS, DjangoRecord(SETTINGS, lambda at=at: at), channels, lambda at=at: at))
    return told


def test_both_hear_a_day_and_half_an_hour_before_each_by_their_way_and_once(
    record_db: str, server: SmtpServer, discord_server: DiscordStandIn
) -> None:
    booked()
    times = [at + n * STEP for at in (DAY - STEP, HALF_HOUR - STEP) for n in range(4)]
    told = passes(server, *times, *times)
    assert [sum(one.sent.values()) for one in told] == [0, 2, 0, 0, 0, 2, 0, 0, *[0] * 8]
    assert told[1].sent == {"discord": 1, "email": 1}
    messages = discord_server.direct(ANA_CHAT)
    assert len(messages) == 2
    assert f"<t:{int(TEN.timestamp())}:F>" in messages[0]["content"]
    assert [one.recipients[0][:2] for one in server.taken] == ["bo", "bo"]
    mail = server.taken[0].message
    assert mail["Subject"] == "Reminder: your resume review, Wed 25 November 2026, 11:00 (Europe/Berlin)"
    assert OutboxItem.objects.filter(channel__startswith="reminder").exclude(state="sent").count() == 0


def test_a_reminder_carries_the_links_of_its_own_person_in_chat_and_mail(
    embedded_db: Path, server: SmtpServer, discord_server: DiscordStandIn
) -> None:
    booked()
    here = SETTINGS.model_copy(update={"web": make_settings(web={"public_url": BASE}).web})
    with ports(server) as channels:
        for at in (DAY - STEP, DAY):
            remind(here, DjangoRecord(here, lambda at=at: at), channels, lambda at=at: at)
    session = ScheduledSession.objects.get()
    (chat,) = discord_server.direct(ANA_CHAT)
    plain = server.taken[0].message.get_body(("plain",))
    assert plain is not None
    for text, whose in ((chat["content"], session.student), (plain.get_content(), session.professional)):
        read = [read_link(session.program, token) for token in re.findall(rf"{BASE}/l/([^/]+)/", text)]
        acts = {one.act for one in read if one is not None and one.person == whose.public_id}
        assert acts == {*ABOUT_SESSION, *ABOUT_ME}
        assert len(read) == len(acts)
    assert units(chat["content"]) <= MOST_UNITS


def test_a_moved_session_reminds_of_its_new_time_only_and_a_cancelled_one_of_nothing(
    embedded_db: Path, server: SmtpServer, discord_server: DiscordStandIn
) -> None:
    session = booked()
    passes(server, DAY - STEP)
    session = reschedule_session(session, Slot(TEN + timedelta(days=1)), CONSOLE, DAY - timedelta(minutes=1))
    assert passes(server, DAY + STEP, TEN)[1].counts["sent"] == 2
    cancel_session(session, Cause.STUDENT, CONSOLE, TEN + timedelta(hours=1))
    assert passes(server, TEN + timedelta(days=1) - timedelta(minutes=29))[0] == Reminded()


def test_what_changes_between_the_queue_and_the_wire_is_dropped_as_outdated(
    embedded_db: Path, server: SmtpServer, discord_server: DiscordStandIn
) -> None:
    session = booked()
    passes(server, DAY - STEP)
    server.answers = {"MAIL": ["421 closing"]}
    first = passes(server, DAY)[0]
    assert (first.counts["sent"], first.waiting, first.exit) == (1, 1, Exit.PARTIAL)
    cancel_session(session, Cause.STUDENT, CONSOLE, DAY)
    second = passes(server, DAY + STEP)[0]
    assert (second.outdated, second.exit) == (1, Exit.DONE)
    assert server.taken == []
    assert DjangoRecord(SETTINGS, lambda: DAY).given_up() == 0


def test_a_timer_that_stood_still_drops_what_is_late_and_counts_it(
    embedded_db: Path, server: SmtpServer, discord_server: DiscordStandIn
) -> None:
    booked()
    passes(server, DAY - STEP)
    (late,) = passes(server, DAY + timedelta(minutes=16))
    assert (late.late, late.counts["sent"], late.exit) == (2, 0, Exit.DONE)
    assert JobPass.objects.get(job="remind").outcome["late"] == 2
    (after,) = passes(server, TEN + timedelta(minutes=1))
    assert after.late == 2
    assert discord_server.direct(ANA_CHAT) == []
    assert DjangoRecord(SETTINGS, lambda: DAY).given_up() == 0


def test_a_reply_that_was_lost_is_looked_up_and_not_doubled_in_the_chat(
    embedded_db: Path, server: SmtpServer, discord_server: DiscordStandIn
) -> None:
    booked()
    passes(server, DAY)
    OutboxItem.objects.filter(channel="reminder-discord").update(state="unknown", attempts=1)
    discord_server.forget_nonces()
    assert passes(server, DAY + STEP)[0].sent == {"discord": 1}
    assert len(discord_server.direct(ANA_CHAT)) == 1


def test_closed_doors_get_a_mail_and_who_wants_none_gets_none(
    embedded_db: Path, server: SmtpServer, discord_server: DiscordStandIn
) -> None:
    session = booked()
    discord_server.closed.add(ANA_CHAT)
    bo = Actor.participant(session.professional, Channel.API)
    set_reminders(session.professional, "none", "", bo, NOW, session.program)
    passes(server, DAY)
    assert [one.recipients[0][:3] for one in server.taken] == ["ana"]
    assert AuditEntry.objects.get(action="reminders").after == {"reminders": "none"}


def test_somebody_without_a_way_is_counted(embedded_db: Path) -> None:
    booked()
    nobody = Channels()
    told = remind(SETTINGS, DjangoRecord(SETTINGS, lambda: DAY), nobody, lambda: DAY)
    assert told.unreachable == 2
    assert not OutboxItem.objects.filter(channel__startswith="reminder").exists()


def test_moments_that_pass_while_publishing_is_off_are_not_made_up_for(
    embedded_db: Path, server: SmtpServer, discord_server: DiscordStandIn
) -> None:
    booked()
    off = make_settings()
    assert remind(off, DjangoRecord(off, lambda: DAY), Channels(), lambda: DAY) == Reminded()
    assert passes(server, DAY + STEP)[0] == Reminded()


def test_a_phone_number_is_kept_for_its_way_alone_and_goes_with_an_erasure(embedded_db: Path) -> None:
    session = booked()
    ana, own = session.student, Actor.participant(session.student, Channel.API)
    with pytest.raises(Refused, match="in full"):
        set_reminders(ana, "phone", "0151 1234567", own, NOW, session.program)
    with pytest.raises(Refused, match="only they and staff"):
        set_reminders(session.professional, "none", "", own, NOW, session.program)
    assert set_reminders(ana, "phone", "+49 (151) 1234567", own, NOW, session.program).phone == "+491511234567"
    assert set_reminders(ana, "email", "+49 151 1234567", own, NOW, session.program).phone == ""
    set_reminders(ana, "phone", "+49 151 1234567", own, NOW, session.program)
    erase(ana, CONSOLE, NOW)
    gone = Person.objects.get(pk=ana.pk)
    assert (gone.phone, gone.reminders) == ("", "")


def test_the_command_says_what_it_did_and_only_one_is_at_work(
    embedded_db: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(embedded_db.parent)
    assert main(["remind"]) == Exit.DONE
    told = capsys.readouterr()
    assert told.out == "0 reminders sent\n"
    assert "publishing is off" in told.err
    assert main(["remind", "--dry-run"]) == Exit.DONE
    with only_run(embedded_db, "remind"):
        assert main(["remind"]) == Exit.LOCK_HELD


def test_a_job_that_fails_stops_neither_the_others_nor_the_server(embedded_db: Path) -> None:
    done: list[str] = []

    def breaks() -> None:
        done.append("breaks")
        raise (Stop(Exit.USAGE, "no token") if len(done) > 2 else ValueError("a secret"))

    soon = timedelta(milliseconds=1)
    rounds = Rounds((Job("one", breaks, soon), Job("two", lambda: done.append("two"), soon)))
    with rounds:
        while min(done.count("breaks"), done.count("two")) < 2:
            time.sleep(0.001)
    assert done[:2] == ["breaks", "two"]
