"""After a session: both are asked, silence is taken for held after a week, and other systems hear of it once."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from backend.nightly.act import work_off
from backend.nightly.channels import Channels
from backend.record.actor import CONSOLE
from backend.record.django_record import DjangoRecord
from backend.record.models import AuditEntry, OutboxItem, Person, Rating, ReviewRequest, ScheduledSession
from backend.record.models.states import Channel, Role, Verdict
from backend.record.refusal import Reason, Refused
from backend.record.services.closing import (
    Ways,
    awaiting_confirmation,
    close_sessions,
    complete,
    confirm,
    no_show,
    rate,
)
from backend.record.services.statistics import statistics
from publish.hook import Hook
from tests.backend.nightly.nights import make_settings
from tests.backend.record.rows import TEN, member, person, program, request_of, session_of
from tests.standins.databases import at_once
from tests.standins.hook_receiver import receiver

END = TEN + timedelta(minutes=30)
DAY = timedelta(days=1)
MAIL = Ways(mail=True)


def one() -> ScheduledSession:
    ana, bo = person("Ana"), person("Bo")
    member(ana)
    member(bo, "professional")
    return session_of(ana, bo, request=request_of(ana, state="scheduled"))


def items(channel: str) -> list[str]:
    return [item.key for item in OutboxItem.objects.filter(channel=channel)]


def test_both_are_asked_once_a_day_after_the_end(record_db: str) -> None:
    session = one()
    assert close_sessions(END + DAY - timedelta(seconds=1), program(), MAIL).asked == 0
    assert awaiting_confirmation(END + DAY, program()) == [session]
    assert [close_sessions(END + DAY + timedelta(hours=n), program(), MAIL).asked for n in range(3)] == [1, 0, 0]
    assert len(items("letter-email")) == 2


def test_after_a_week_of_silence_it_is_taken_for_held_and_kept_apart(record_db: str) -> None:
    session = one()
    assert close_sessions(END + 7 * DAY - timedelta(seconds=1), program(), MAIL).assumed == 0
    assert close_sessions(END + 7 * DAY, program(), MAIL).assumed == 1
    session.refresh_from_db()
    assert (session.state, session.assumed) == ("completed", True)
    told = statistics(program(), END + 8 * DAY)
    assert (told.completed, told.assumed) == (0, 1)
    assert ReviewRequest.objects.get().state == "completed"
    assert items("hook") == [f"hook/session.completed/{session.key}"]
    confirm(session, session.student, Verdict.HELD, Channel.LINK, END + 8 * DAY)
    told = statistics(program(), END + 8 * DAY)
    assert (told.completed, told.assumed) == (1, 0)
    assert len(items("hook")) == 1


def test_a_word_against_it_waits_for_staff_instead(record_db: str) -> None:
    session = one()
    confirm(session, session.professional, Verdict.NOT_HELD, Channel.LINK, END + DAY)
    assert close_sessions(END + 8 * DAY, program(), MAIL).assumed == 0
    no_show(session, Role.STUDENT, CONSOLE, END + 8 * DAY)
    assert ReviewRequest.objects.get().state == "cancelled"
    assert statistics(program(), END + 8 * DAY).no_show_share == 1


def test_the_nightly_job_closes_sessions(record_db: str) -> None:
    one()
    settings = make_settings()
    DjangoRecord(settings, lambda: END + DAY).tidy()
    DjangoRecord(settings, lambda: END + 9 * DAY).tidy()
    assert ScheduledSession.objects.get().assumed
    told = AuditEntry.objects.get(action="complete")
    assert (told.actor_kind, told.channel) == ("system", "night")


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_a_rating_is_1_to_5(record_db: str, stars: int) -> None:
    session = one()
    with pytest.raises(Refused) as refused:
        rate(session, session.student, stars, Channel.API, END + DAY)
    assert refused.value.reason is Reason.INVALID


def test_only_the_two_rate_and_a_second_rating_replaces_the_first(record_db: str) -> None:
    session = one()
    for stars in (2, 5):
        rate(session, session.student, stars, Channel.API, END + DAY)
    assert [rating.stars for rating in Rating.objects.all()] == [5]
    with pytest.raises(Refused):
        rate(session, person("Cy"), 3, Channel.API, END + DAY)
    with pytest.raises(Refused, match="not over"):
        rate(session, session.student, 3, Channel.API, TEN)


def test_of_sixteen_who_complete_it_at_once_one_does_and_the_hook_is_one(record_db: str) -> None:
    session = one()

    def attempt(_number: int) -> str:
        try:
            return str(complete(session, CONSOLE, END + DAY).state)
        except Refused as refusal:
            return refusal.reason.value

    told = at_once(16, attempt)
    assert "completed" in told
    assert len(items("hook")) == 1
    assert ScheduledSession.objects.get().state == "completed"


def test_other_systems_hear_of_a_held_session_by_ids_alone_and_not_of_one_that_was_none(record_db: str) -> None:
    session = one()
    Person.objects.filter(pk=session.student_id).update(discord_id="123456789012345678", discord_verified_at=TEN)
    Person.objects.filter(pk=session.professional_id).update(discord_id="223456789012345678")
    complete(session, CONSOLE, END + DAY)
    settings = make_settings(publish={"enabled": True})
    record = DjangoRecord(settings, lambda: END + DAY)
    with receiver() as system:
        channels = Channels(hook=Hook(system.url, "both-sides-know"))
        assert work_off(settings, record, channels, lambda: END + DAY, lambda _: None).sent == 1
        assert work_off(settings, record, channels, lambda: END + DAY, lambda _: None).sent == 0
    told = json.loads(system.got[0][1])
    assert (told["event"], told["session"], told["assumed"]) == ("session.completed", session.public_id, False)
    assert (told["student_discord_id"], told["professional_discord_id"]) == ("123456789012345678", None)
    ids = {session.public_id, session.student.public_id, session.professional.public_id}
    assert {told["session"], told["student"], told["professional"]} == ids
    said = {name: value for name, value in told.items() if value not in ids}  # random letters may spell a name
    assert "ana" not in json.dumps(said).lower()
    no_show(session, Role.PROFESSIONAL, CONSOLE, END + DAY)
    assert record.completed(session.key) is None
