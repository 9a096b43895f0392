"""A day after a session both are asked how it went; by a click they say so, and rate it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from backend.nightly.act import work_off
from backend.nightly.channels import Channels
from backend.record.actor import CONSOLE
from backend.record.django_record import DjangoRecord
from backend.record.models import OutboxItem, Person, Rating, SessionConfirmation
from backend.record.models.states import Cause
from backend.record.services.links import after_links
from backend.record.services.sessions import cancel_session
from publish.booking import Recipient
from publish.discord_announcer import DiscordAnnouncer
from publish.links import LABELS, LinkAct
from tests.backend.nightly.nights import make_settings
from tests.backend.record.links.conftest import BASE, Doors, Kept, everything, text
from tests.standins.discord_http import TOKEN, DiscordStandIn

MATCHING = make_settings(
    web={"public_url": BASE},
    publish={"enabled": True, "direct_messages": True},
    mail={"host": "127.0.0.1", "tls": "none"},
)
ANA_ON_DISCORD = "700000000000000001"


def path(doors: Doors, whose: Recipient = Recipient.STUDENT) -> str:
    row = doors.session
    return urlsplit(after_links(row.program, row.key, BASE)[whose][LABELS[LinkAct.AFTER]]).path


def over(doors: Doors) -> None:
    doors.clock.at = doors.session.ends_at + timedelta(hours=25)


def asked(doors: Doors, kept: Kept) -> None:
    record = DjangoRecord(MATCHING, doors.clock)
    record.tidy()
    OutboxItem.objects.filter(channel="calendar").delete()
    with DiscordAnnouncer(TOKEN) as announcer:
        work_off(MATCHING, record, Channels(announcer=announcer, mailer=kept), doors.clock, lambda _: None)


def test_both_are_asked_once_and_say_it_by_a_click(small_doors: Doors, discord_server: DiscordStandIn) -> None:
    Person.objects.filter(name="Ana Gomez").update(discord_id=ANA_ON_DISCORD, discord_verified_at=small_doors.clock())
    over(small_doors)
    kept = Kept()
    asked(small_doors, kept)
    asked(small_doors, kept)
    (to_john,) = kept.mails
    (to_ana,) = discord_server.direct(ANA_ON_DISCORD)
    assert "how did your resume review in Demo Program go" in to_ana["content"]
    link = next(line for line in to_john.text.splitlines() if line.startswith("Say how it went: "))
    page = text(small_doors.press(link.split(BASE)[1], verdict="held", stars="5"))
    assert "It is noted that you met" in page
    assert small_doors.session.state == "completed"
    assert [(one.person.name, one.stars) for one in Rating.objects.all()] == [("John Doe", 5)]


def test_nobody_is_asked_about_what_staff_have_settled_meanwhile(small_doors: Doors) -> None:
    over(small_doors)
    DjangoRecord(MATCHING, small_doors.clock).tidy()
    small_doors.press(path(small_doors), verdict="held")
    kept = Kept()
    asked(small_doors, kept)
    assert kept.mails == []


def test_another_word_waits_for_staff_and_a_look_changes_nothing(doors: Doors) -> None:
    over(doors)
    before = everything()
    assert doors.call("get", path(doors)).status_code == doors.call("head", path(doors)).status_code == 200
    assert everything() == before
    assert "staff looks at it" in text(doors.press(path(doors), verdict="no_show", stars="1"))
    assert (doors.session.state, SessionConfirmation.objects.get().verdict) == ("scheduled", "no_show")
    assert not Rating.objects.exists()


def test_an_answer_is_needed_and_may_be_changed(small_doors: Doors) -> None:
    over(small_doors)
    assert small_doors.press(path(small_doors)).status_code == 400
    small_doors.press(path(small_doors), verdict="not_held")
    small_doors.press(path(small_doors), verdict="held", stars="3")
    assert (small_doors.session.state, Rating.objects.get().stars) == ("completed", 3)


def test_too_early_cancelled_and_expired_say_so(small_doors: Doors) -> None:
    link = path(small_doors)
    assert "not over yet" in text(small_doors.call("get", link))
    row, at = small_doors.session, small_doors.clock.at
    small_doors.clock.at = row.ends_at + timedelta(days=29)
    assert "expired" in text(small_doors.call("get", link))
    small_doors.clock.at = at
    cancel_session(row, Cause.STAFF, CONSOLE, at)
    assert "was cancelled" in text(small_doors.call("get", link))
