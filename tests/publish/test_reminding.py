"""Which reminders come due: each once, none after the start, whatever the calls, the breaks and the moves."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publish.booking import Recipient
from publish.direct import Letter, Reached
from publish.message import MOST_UNITS, units
from publish.ports import Item, PublishError, Receipt, State
from publish.reminding import (
    GRACE,
    LateError,
    Reminder,
    Standing,
    Way,
    arrived,
    channel_of,
    refuse_late,
    reminder_letter,
    reminder_senders,
    way_for,
)
from publish.texting import Texter, TextingError
from tests.publish.publish_builders import START, make_booking
from tests.standins.hook_receiver import receiver

OFFSETS = (1440, 30)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
SESSION = Standing("k", 0, START, LONG_AGO)
BEFORE = START - timedelta(days=1)
ANA = Reached("Ana", "ana@students.example", "700000000000000001", "America/New_York", "+15555550123")
minutes = st.integers(0, 3 * 1440)


def moments(found: list[Reminder]) -> set[tuple[int, Recipient]]:
    return {(one.minutes, one.recipient) for one in found}


def test_both_people_are_due_a_day_and_half_an_hour_before() -> None:
    at = BEFORE + timedelta(minutes=3)
    assert moments(arrived([SESSION], OFFSETS, BEFORE - timedelta(minutes=2), at)) == {(1440, one) for one in Recipient}
    assert arrived([SESSION], OFFSETS, at, at + timedelta(minutes=5)) == []
    soon = START - timedelta(minutes=29)
    assert moments(arrived([SESSION], OFFSETS, soon - timedelta(minutes=5), soon)) == {(30, one) for one in Recipient}


def test_who_was_told_of_the_time_after_a_moment_gets_no_reminder_of_that_moment() -> None:
    booked_late = replace(SESSION, since=BEFORE + timedelta(hours=1))
    assert arrived([booked_late], OFFSETS, BEFORE - timedelta(hours=1), BEFORE + timedelta(hours=2)) == []


def test_the_first_look_ever_counts_nothing_as_missed() -> None:
    late = BEFORE + GRACE + timedelta(minutes=1)
    assert arrived([SESSION], OFFSETS, None, late) == []
    assert len(arrived([SESSION], OFFSETS, None, BEFORE + GRACE - timedelta(seconds=1))) == 2


@pytest.mark.parametrize(("late", "refused"), [(0, False), (15, False), (16, True)])
def test_late_by_more_than_a_quarter_of_an_hour_is_dropped(late: int, refused: bool) -> None:
    now = BEFORE + timedelta(minutes=late)
    if not refused:
        refuse_late(START, 1440, now)
        return
    with pytest.raises(LateError) as caught:
        refuse_late(START, 1440, now)
    assert caught.value.state is State.DEAD


@settings(max_examples=150, deadline=None)
@given(
    calls=st.lists(minutes, min_size=1, max_size=40).map(sorted),
    moves=st.lists(st.tuples(minutes, minutes), max_size=3).map(sorted),
    cancelled=st.none() | minutes,
    crashes=st.sets(st.integers(0, 39), max_size=8),
)
def test_each_revision_offset_and_person_is_reminded_at_most_once_and_never_after_the_start(
    calls: list[int], moves: list[tuple[int, int]], cancelled: int | None, crashes: set[int]
) -> None:
    """`calls`: when passes run; `moves`: (when, to which start); a pass in `crashes` forgets that it was."""
    origin = START - timedelta(days=2)
    sent: Counter[tuple[str, int]] = Counter()
    known: set[str] = set()
    last: datetime | None = None
    for number, call in enumerate(calls):
        now = origin + timedelta(minutes=call)
        session = SESSION
        for when, start in moves:
            if when <= call:
                at = origin + timedelta(minutes=when)
                session = Standing("k", session.revision + 1, origin + timedelta(minutes=start), at)
        standing = [] if cancelled is not None and cancelled <= call else [session]
        for one in arrived(standing, OFFSETS, last, now):
            key = one.item(Way.EMAIL).key
            if key in known:
                continue
            known.add(key)
            try:
                refuse_late(session.start, one.minutes, now)
            except LateError:
                continue
            sent[key, session.revision] += 1
            assert now < session.start
            assert one.at <= now <= one.at + GRACE
        last = last if number in crashes else now
    assert all(number == 1 for number in sent.values())


@settings(max_examples=100, deadline=None)
@given(first=st.integers(0, 4), gap=st.integers(1, 14))
def test_passes_that_are_never_further_apart_than_the_grace_miss_nobody(first: int, gap: int) -> None:
    now, last = START - timedelta(days=1, minutes=20 + first), None
    sent: Counter[tuple[int, Recipient]] = Counter()
    while now < START:
        for one in arrived([SESSION], OFFSETS, last, now):
            refuse_late(START, one.minutes, now)
            sent[one.minutes, one.recipient] += 1
        last, now = now, now + timedelta(minutes=gap)
    assert sent == Counter({(offset, one): 1 for offset in OFFSETS for one in Recipient})


def test_a_day_before_is_24_hours_before_over_a_change_of_clocks() -> None:
    start = datetime(2026, 3, 8, 16, tzinfo=UTC)  # New York moved its clocks on that morning
    (one, _) = arrived([replace(SESSION, start=start)], (1440,), start - timedelta(days=2), start)
    assert one.at == datetime(2026, 3, 7, 16, tzinfo=UTC)
    text = reminder_letter(make_booking(start), one.item(Way.EMAIL), Recipient.STUDENT, ANA).mail
    assert "When: Sun 8 March 2026, 12:00 (America/New_York), 30 minutes" in text


@pytest.mark.parametrize(
    ("wish", "person", "there_are", "way"),
    [
        ("", ANA, Way, Way.DISCORD),
        ("", replace(ANA, discord_id=""), Way, Way.EMAIL),
        ("email", ANA, Way, Way.EMAIL),
        ("phone", ANA, Way, Way.PHONE),
        ("phone", replace(ANA, phone=""), Way, Way.DISCORD),
        ("phone", ANA, [Way.EMAIL], Way.EMAIL),
        ("none", ANA, Way, Way.NONE),
        ("", replace(ANA, discord_id="", email="nonsense"), Way, None),
        ("", ANA, [Way.PHONE], None),
    ],
)
def test_the_persons_wish_decides_then_what_there_is(
    wish: str, person: Reached, there_are: list[Way], way: Way | None
) -> None:
    assert way_for(person, wish, list(there_are)) is way


def test_only_the_professional_reads_the_resume() -> None:
    booking = make_booking()
    one, other = (reminder_letter(booking, _item(who), who, ANA) for who in Recipient)
    assert "Resume: https://files.example/cv-7731" in one.mail
    assert "Resume: <https://files.example/cv-7731>" in one.chat
    assert "cv-7731" not in str(other)
    assert "Reminder: your resume review" in other.subject


def test_a_text_message_goes_to_the_number_once_and_is_never_tried_twice() -> None:
    with receiver() as system:
        texter = Texter(system.url.replace("http://", "json://").replace("/points", "/{to}"))
        item = _item(Recipient.STUDENT)
        sender = reminder_senders(None, None, texter, _written)[channel_of(Way.PHONE)]
        assert isinstance(sender.send([item])[0], Receipt)
        again = sender.send([replace(item, tried=True)])[0]
    assert isinstance(again, PublishError)
    assert again.state is State.DEAD
    assert len(system.got) == 1
    assert b"Reminder: your resume review, Mon 2 March 2026, 10:00" in system.got[0][1]


@pytest.mark.parametrize("address", ["json://127.0.0.1/", "nonsense-secret/{to}"])
def test_an_address_without_place_or_unknown_is_refused_and_not_quoted(address: str) -> None:
    with pytest.raises(TextingError) as caught:
        Texter(address)
    assert "secret" not in str(caught.value)


def test_a_way_that_is_gone_keeps_its_reminders_until_they_are_late() -> None:
    sender = reminder_senders(None, None, None, _written)[channel_of(Way.EMAIL)]
    outcome = sender.send([_item(Recipient.STUDENT)])[0]
    assert isinstance(outcome, PublishError)
    assert outcome.state is State.PENDING


def _item(who: Recipient) -> Item:
    return Reminder(SESSION, 30, who).item(Way.PHONE)


def _written(item: Item) -> Letter:
    return reminder_letter(make_booking(), item, Recipient.STUDENT, ANA)


def long_links(number: int, length: int) -> dict[str, str]:
    return {f"Act {one}": f"https://program.example/l/{'x' * length}" for one in range(number)}


@settings(max_examples=60, deadline=None)
@given(
    resume=st.integers(0, 1900),
    room=st.integers(0, 1900),
    typed=st.text("*_`~|é😀", max_size=400),
    link=st.integers(10, 400),
    who=st.sampled_from(list(Recipient)),
)
def test_a_reminder_fits_into_a_message_whatever_people_typed(
    resume: int, room: int, typed: str, link: int, who: Recipient
) -> None:
    one = make_booking()
    student = replace(one.student, name=typed, resume_link=f"https://files.example/{'r' * resume}")
    professional = replace(one.professional, name=typed, meeting_link=f"https://meet.example/{'m' * room}")
    told = replace(one, student=student, professional=professional)
    item = Reminder(SESSION, 30, who).item(Way.DISCORD)
    text = reminder_letter(told, item, who, ANA, long_links(6, link)).message("4").text
    assert units(text) <= MOST_UNITS
    assert f"Reference {one.reference}" in text
    assert f"<t:{int(START.timestamp())}:F>" in text


def test_what_gives_way_are_long_addresses_and_then_the_last_links() -> None:
    item = Reminder(SESSION, 30, Recipient.PROFESSIONAL).item(Way.DISCORD)
    one = make_booking()
    long = replace(one, student=replace(one.student, resume_link=f"https://files.example/{'r' * 1500}"))
    text = reminder_letter(long, item, Recipient.PROFESSIONAL, ANA, long_links(6, 100)).message("4").text
    assert "Resume: see the invitation" in text
    assert "Act 5: <https://program.example/l/" in text
    text = reminder_letter(one, item, Recipient.PROFESSIONAL, ANA, long_links(6, 350)).message("4").text
    assert "Act 0: <" in text
    assert "Act 5: <" not in text
