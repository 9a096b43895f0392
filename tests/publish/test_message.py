"""The night's message: short enough, findable, and nothing in it calls or exposes anybody."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.domain import Professional, Student
from publish.booking import Booking
from publish.message import MOST_UNITS, Message, Names, Night, discord_text, night_messages, public_name, units
from publish.text import one_line
from tests.publish.publish_builders import PROFESSIONAL, PROGRAM, START, STUDENT, make_booking

CHANNEL = "200000000000000001"
PINGS = re.compile(r"@(everyone|here)|(?<!\\)<[@#:/a]|(?<!\\)<id:")
LINKS = re.compile(r"https?://\w|discord\.gg/\w")
HOSTILE = st.one_of(
    st.text(st.characters(), max_size=90),
    st.text("@everyone<>#&!:/\\*_~`|[]()-+. 0123456789tFaid", max_size=90),
    st.sampled_from(
        ["@everyone", "<@123>", "<@&9>", "<#5>", "<t:0:R>", "[x](https://evil.example)", "discord.gg/abc", "# big\n> x"]
    ),
)


def night(*bookings: Booking, unmatched: int = 5, booked_earlier: int = 0) -> Night:
    return Night(PROGRAM, "2026-03-01", bookings, unmatched, booked_earlier)


def texts(of: Night, names: Names = "short") -> list[str]:
    return [message.text for message in night_messages(of, CHANNEL, names)]


def many(count: int) -> tuple[Booking, ...]:
    return tuple(make_booking(start=START + timedelta(minutes=30 * k), session_key=f"s{k}") for k in range(count))


def test_the_message_reads_as_staff_expect_it() -> None:
    booking = make_booking()
    (message,) = night_messages(night(booking, booked_earlier=29), CHANNEL)
    assert message.text.split("\n") == [
        "**Resume reviews: Spring Cohort, night of 2026-03-01**",
        "1 session booked, 5 students still waiting, 29 students booked earlier. Times are shown in your own zone.",
        f"• <t:{int(START.timestamp())}:F> · 30 min · Ana R. with Bob O. · {booking.reference}",
        f"-# {message.reference}",
    ]


def test_a_night_without_sessions_says_so() -> None:
    assert "0 sessions booked, 1 student still waiting." in texts(night(unmatched=1))[0]


def test_sessions_come_by_time_and_cancelled_ones_not_at_all() -> None:
    late, early = make_booking(start=START + timedelta(hours=2), session_key="b"), make_booking(session_key="a")
    gone = make_booking(session_key="c", cancelled=True)
    (text,) = texts(night(late, gone, early))
    assert re.findall(r"#\w{6}", text)[:2] == [early.reference, late.reference]
    assert "2 sessions booked" in text


@pytest.mark.parametrize("count", [40, 300])
def test_a_long_night_is_split_between_lines(count: int) -> None:
    messages = night_messages(night(*many(count)), CHANNEL)
    assert len(messages) > 1
    assert all(units(message.text) <= MOST_UNITS for message in messages)
    lines = [line for message in messages for line in message.text.split("\n")]
    assert sum(line.startswith("•") for line in lines) == count
    assert len({message.key for message in messages}) == len({one.reference for one in messages}) == len(messages)
    assert messages[-1].text.endswith(f"part {len(messages)} of {len(messages)} · {messages[-1].reference}")


def test_the_same_night_has_the_same_keys_whatever_it_says() -> None:
    before, after = (night_messages(night(*many(count)), CHANNEL)[0] for count in (1, 3))
    assert (before.key, before.reference, before.nonce) == (after.key, after.reference, after.nonce)
    assert before.text != after.text
    assert len(before.nonce) == 25


def test_another_channel_has_another_nonce() -> None:
    nonces = {night_messages(night(), channel)[0].nonce for channel in ("1", "2")}
    assert len(nonces) == 2


@given(HOSTILE, HOSTILE, HOSTILE, st.sampled_from(["short", "full"]))
def test_no_typed_name_calls_links_or_breaks_out(student: str, professional: str, program: str, names: Names) -> None:
    booking = make_booking(
        program=replace(PROGRAM, name=program),
        student=replace(STUDENT, name=student),
        professional=replace(PROFESSIONAL, name=professional),
    )
    for text in texts(Night(booking.program, "2026-03-01", (booking,) * 30, 0), names):
        ours = text.replace(f"<t:{int(START.timestamp())}:F>", "")
        assert units(text) <= MOST_UNITS
        assert not PINGS.search(ours)
        assert not LINKS.search(ours)
        assert all(line.startswith(("**", "•", "-# ", "30 sessions")) for line in text.split("\n"))


@given(HOSTILE)
def test_escaping_loses_no_letter(text: str) -> None:
    shown = re.sub(r"\\([\\`*_~|<>\[\]()#])", r"\1", discord_text(text, 500).replace("\u200b", ""))
    assert shown == one_line(text, 500)


@pytest.mark.parametrize("names", ["short", "full"])
def test_no_private_fact_is_posted(names: Names) -> None:
    (text,) = texts(night(make_booking(why="Because Ana said so")), names)
    private = (
        *(STUDENT.email, STUDENT.resume_link, STUDENT.target_role, STUDENT.target_industry, STUDENT.level, STUDENT.id),
        *(PROFESSIONAL.email, PROFESSIONAL.title, PROFESSIONAL.company, PROFESSIONAL.id, "Because"),
    )
    assert not any(fact in text for fact in private)


@pytest.mark.parametrize(
    ("typed", "short", "full"),
    [
        ("Ana López Ruiz", "Ana R.", "Ana López Ruiz"),
        ("ana", "ana", "ana"),
        ("  Ana   de la  cruz ", "Ana C.", "Ana de la cruz"),
        ("Dr. Bob Smith (he/him)", "Bob S.", "Dr. Bob Smith"),
        ("Dr.", "Dr.", "Dr."),
        ("李 小龙", "李 小.", "李 小龙"),
        ("Ana 🎉", "Ana", "Ana 🎉"),
        ("ana@students.example", "a student", "a student"),
        ("https://ana.example", "a student", "a student"),
        ("Ana 555 0199", "a student", "a student"),
        ("", "a student", "a student"),
        ("\u202e\n", "a student", "a student"),
    ],
)
def test_names_for_the_public(typed: str, short: str, full: str) -> None:
    assert public_name(typed, "short", "a student") == short
    assert public_name(typed, "full", "a student") == full


def test_a_message_that_could_not_be_posted_or_found_again_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 2000"):
        Message(CHANNEL, "k", "x" * 2000 + "#K3F9QX", "#K3F9QX")
    with pytest.raises(ValueError, match="must end"):
        Message(CHANNEL, "k", "text", "#K3F9QX")


def test_people_without_names_still_fit_the_sentence() -> None:
    nameless = make_booking(
        student=Student("st-1", "", "", "UTC"), professional=Professional("pr-1", "bob@work.example", "", "UTC")
    )
    assert "a student with a professional" in texts(night(nameless))[0]
