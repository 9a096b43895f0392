"""What staff ask and do, and that nobody else can."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import pytest
from django.db import connection

from backend.record.models import AuditEntry, Membership, OutboxItem, Person, ScheduledSession
from tests.bot.people import Cast, session_between
from tests.bot.test_own_commands import only
from tests.bot.wire import Wire
from tests.standins.discord_server import STAFF_ROOM

STAFF_ONLY = (
    "!pending_reviews", "!suggest_matches Chen Wei", '!schedule_session Chen "John Doe" "Tuesday 2:00 PM"',
    "!review_stats", '!add_professional "Eve" "Art"', "!list_professionals", "!why Chen Wei", "!whatif John Doe out",
    "!run_status",
)  # fmt: skip
READ_ONLY = (
    "!pending_reviews", "!suggest_matches Chen Wei", "!why Max Oduya", "!whatif John Doe out", "!review_stats",
    "!list_professionals", "!run_status", "!review_status", "!help",
)  # fmt: skip


def dump() -> list[str]:
    """Every row of the record, as text."""
    with closing(sqlite3.connect(str(connection.settings_dict["NAME"]))) as own:
        return list(own.iterdump())


@pytest.mark.parametrize("who", ["chen", "john", "stranger"])
def test_staff_commands_are_refused_to_everybody_else(wire: Wire, who: str) -> None:
    wire.say(who, "!help")  # the day's first use of a key is noted
    before = dump()
    for command in STAFF_ONLY:
        told = only(wire.say(who, command))
        assert "for program staff" in told.text or "cannot tell where one name ends" in told.text, told.text
        assert told.labels == []
    assert dump() == before


def test_commands_that_only_read_write_nothing(wire: Wire) -> None:
    """The database is compared before and after, whole."""
    wire.say("owner", "!help")  # the day's first use of a key is noted
    before = dump()
    for command in READ_ONLY:
        assert wire.say("owner", command, STAFF_ROOM)
    assert dump() == before


def test_viewers_look_and_do_not_change(wire: Wire) -> None:
    assert "Pending reviews" in only(wire.say("viewer", "!pending_reviews")).text
    for command in ('!schedule_session "Chen Wei" "John Doe" "Tuesday 2:00 PM"', '!add_professional "Eve" "Art"'):
        assert "for program staff" in only(wire.say("viewer", command)).text


def test_roles_count_in_direct_messages_too(wire: Wire) -> None:
    assert "Pending reviews" in only(wire.say("viewer", "!pending_reviews", "dm")).text
    assert (
        wire.discord.asked.count(f"GET /guilds/{wire.bot.guilds[0].id}/members/{wire.discord.people['viewer'].id}") == 1
    )


def test_waiting_students_come_in_pages_the_longest_waiting_first(wire: Wire) -> None:
    told = only(wire.say("coordinator", "!pending_reviews"))
    assert "Pending reviews: 18 students" in told.text
    names = re.findall(r"\*\*(.+?)\*\* since", told.text)
    assert names[0] == "Chen Wei"
    second = only(wire.press("coordinator", told, "Next"))
    assert "Page 2 of 3" in second.text
    assert not set(names) & set(re.findall(r"\*\*(.+?)\*\* since", second.text))
    sorted_ = only(wire.press("coordinator", second, "By name"))
    assert re.findall(r"\*\*(.+?)\*\* since", sorted_.text)[0] == "Amy Quist"
    assert (
        "Back" in only(wire.press("coordinator", only(wire.press("coordinator", sorted_, "Next")), "◀ Back")).labels[0]
    )


def test_waiting_students_are_found_by_name_and_sorted_by_word(wire: Wire) -> None:
    assert "Pending reviews: 1 student" in only(wire.say("coordinator", "!pending_reviews chen")).text
    assert "by name" in only(wire.say("coordinator", "!pending_reviews name")).text
    assert "highest priority" in only(wire.slash("coordinator", "pending_reviews", order="priority")).text
    assert "No waiting student fits" in only(wire.slash("coordinator", "pending_reviews", filter="nobody")).text


@pytest.mark.parametrize("named", ["{mention}", "Chen Wei", '"Chen Wei"', "“Chen Wei”", "chen", "{id}", "{discord}"])
def test_matches_are_suggested_for_a_student_however_they_are_named(wire: Wire, cast: Cast, named: str) -> None:
    text = named.format(mention=cast.at("chen"), id=cast.ids["chen"], discord=cast.members["chen"].id)
    told = only(wire.say("coordinator", f"!suggest_matches {text}"))
    assert "Chen Wei, all times America/New_York" in told.text
    assert "Olga Sidorova" in told.text
    assert re.search(r"Fit \d+ of 20", told.text)
    assert "Nothing was changed." in told.text


def test_suggestions_come_in_pages(wire: Wire) -> None:
    told = only(wire.slash("coordinator", "suggest_matches", student="Nia Bauer"))
    assert "More ▶" in told.labels
    assert "Page 2 of" in only(wire.press("coordinator", told, "More")).text


@pytest.mark.parametrize("text", ["<@&510000000000000001>", "@everyone", "Nobody Known", "<@999999999999999999>"])
def test_who_is_nobody_is_said_so_and_nobody_is_pinged(wire: Wire, text: str) -> None:
    told = only(wire.say("coordinator", f"!suggest_matches {text}"))
    assert "I know no student" in told.text or "Name one student" in told.text


@pytest.mark.parametrize("quotes", ['"{}"', "“{}”", "„{}“", "'{}'", "{}"])
def test_a_session_is_booked_by_the_documented_form(wire: Wire, cast: Cast, quotes: str) -> None:
    given = " ".join(quotes.format(one) for one in ("John Doe", "Tuesday 2:00 PM"))
    told = only(wire.say("coordinator", f"!schedule_session {cast.at('chen')} {given}"))
    assert "Tuesday 8 December 2026, 14:00 (America/New_York), on your clock <t:1796756400:F>" in told.text
    assert not ScheduledSession.objects.filter(student__name="Chen Wei").exists()
    after = only(wire.press("coordinator", told, "Book it"))
    assert "The session is booked" in after.text
    session = session_between("Chen Wei", "John Doe")
    assert session.starts_at.isoformat() == "2026-12-08T19:00:00+00:00"
    assert OutboxItem.objects.filter(payload__session=session.key).exists()
    entry = AuditEntry.objects.get(action="book", channel="bot")
    assert (entry.actor_kind, entry.actor_id) == ("coordinator", f"discord:{cast.members['coordinator'].id}")


def test_with_a_slash_people_are_completed_and_the_zone_is_stated(wire: Wire, cast: Cast) -> None:
    offered = wire.complete("coordinator", "schedule_session", "professional", "john")
    assert [one["name"] for one in offered] == ["John Doe", "John Doerr"]
    given = {"student": cast.ids["chen"], "professional": offered[0]["value"], "time": "2026-12-09 10:30"}
    told = only(wire.slash("coordinator", "schedule_session", zone="berlin", **given))
    assert "Wednesday 9 December 2026, 10:30 (Europe/Berlin)" in told.text
    assert told.ephemeral
    assert wire.complete("chen", "schedule_session", "professional", "john") == []


def test_several_people_of_a_name_are_offered_as_a_choice(wire: Wire, cast: Cast) -> None:
    told = only(wire.say("coordinator", f'!schedule_session {cast.at("chen")} "John" "Tuesday 2:00 PM"'))
    assert "Several people fit “John”" in told.text
    echoed = only(wire.pick("coordinator", told, "John Doe"))
    assert "**Professional:** John Doe\n" in echoed.text
    assert "Tuesday 8 December 2026" in echoed.text
    wire.press("coordinator", echoed, "Book it")
    assert session_between("Chen Wei", "John Doe").state == "scheduled"


@pytest.mark.parametrize(("given", "answer"), [
    ('"John Doe" "Monday 2:00 PM"', "John Doe has another session then"), ('"John Doe" "yesterday 2pm"', "say it as"),
    ('"John Doe" "Tuesday"', "no time of day"), ('"John Doe" "Mon and Tue 2pm"', "not understood as one time"),
    ('"Jane Roe" "Tuesday 2pm"', "I know no professional"), ('"John Doe"', "cannot tell where one name ends"),
    ('"John Doe" "Tuesday 2pm', "quotation mark"), ("", "Write it like this: !schedule_session"),
    ('"John Doe" "Tuesday 2pm" Mars', "no time zone"),
])  # fmt: skip
def test_a_session_that_cannot_be_is_refused_in_a_sentence(wire: Wire, given: str, answer: str) -> None:
    student = '"Chen Wei" ' if given else ""
    told = only(wire.say("coordinator", f"!schedule_session {student}{given}"))
    assert answer in told.text
    assert told.labels == []


def test_only_owners_go_beyond_a_professionals_week(wire: Wire) -> None:
    Membership.objects.filter(person__name="John Doe").update(capacity_per_week=1)
    line = '!schedule_session "Chen Wei" "John Doe" "Tuesday 2:00 PM"'
    heard = only(wire.press("coordinator", only(wire.say("coordinator", line)), "Book it"))
    assert "1 of 1 reviews in that week already" in heard.text
    asked = only(wire.press("owner", only(wire.say("owner", line)), "Book it"))
    assert "Book it anyway" in asked.labels
    assert "The session is booked" in only(wire.press("owner", asked, "Book it anyway")).text


def test_somebody_booked_meanwhile_is_not_booked_twice(wire: Wire) -> None:
    Membership.objects.filter(person__name="John Doe").update(capacity_per_week=5)
    line = '!schedule_session "{}" "John Doe" "Tuesday 2:00 PM"'
    first, second = (only(wire.say("owner", line.format(name))) for name in ("Chen Wei", "Zoe Martin"))
    wire.press("owner", first, "Book it")
    assert "in another session at that time" in only(wire.press("owner", second, "Book it")).text


def test_a_professional_is_added_and_their_address_leaves_the_channel(wire: Wire) -> None:
    told = only(wire.say("coordinator", "!add_professional “Eve Moss” “Design, UX” eve.moss@example.org"))
    assert "Eve Moss" in told.text
    assert "@" not in told.text
    assert any(one.startswith("deleted") for one in wire.discord.reactions)
    person = Person.objects.get(name="Eve Moss")
    assert (person.email, person.email_verified_at) == ("eve.moss@example.org", None)
    assert Membership.objects.get(person=person).details["specialties"] == "Design, UX"


def test_without_the_right_to_delete_staff_are_asked_to(wire: Wire) -> None:
    wire.discord.may_delete = False
    told = only(wire.say("coordinator", '!add_professional "Eve Moss" "Design" eve.moss@example.org'))
    assert "Please delete your message" in told.text


def test_an_address_that_is_there_already_is_refused_without_naming_anybody(wire: Wire) -> None:
    wire.say("coordinator", '!add_professional "Eve Moss" "Design" eve.moss@example.org')
    told = only(wire.say("coordinator", '!add_professional "Eva Moss" "Design" EVE.MOSS@example.org'))
    assert "professional of the program already" in told.text
    assert "Eve Moss" not in told.text


@pytest.mark.parametrize(
    "text", ["Eve Moss Design", '"Eve Moss"', "eve@example.org", '"a@b.org" "Art"', '"Eve" "Art" x y']
)
def test_a_new_name_without_its_quotes_is_refused_with_the_form(wire: Wire, text: str) -> None:
    told = only(wire.say("coordinator", f"!add_professional {text}"))
    assert "quotation marks" in told.text
    assert '!add_professional "John Doe"' in told.text


def test_professionals_are_listed_with_load_and_next_free_time(wire: Wire) -> None:
    told = only(wire.say("viewer", "!list_professionals"))
    assert re.search(r"Professionals: \d+", told.text)
    assert re.search(r"\d+ to come, \d+ held; next free <t:\d+:F>", told.text)
    found = only(wire.say("viewer", "!list_professionals john"))
    assert "Professionals: 2" in found.text
    assert "Page 2 of" in only(wire.press("viewer", told, "Next")).text


def test_statistics_come_with_a_chart(wire: Wire) -> None:
    told = only(wire.say("viewer", "!review_stats", STAFF_ROOM))
    for part in ("Matched", "Waiting now", "no-shows", "Ratings", "Load"):
        assert part in told.text
    assert told.files["chart.png"].startswith(b"\x89PNG")
    slashed = only(wire.slash("viewer", "review_stats"))
    assert slashed.files["chart.png"].startswith(b"\x89PNG")


def test_why_and_what_if_answer_in_sentences(wire: Wire, cast: Cast) -> None:
    told = only(wire.say("viewer", f"!why {cast.at('max')}"))
    assert "Max Oduya" in told.text
    assert "John Doe" in told.text
    changed = only(wire.say("viewer", "!whatif John Doe out"))
    assert "Nothing was changed" in changed.text
    assert "What if what?" in only(wire.say("viewer", '!whatif ""')).text
    assert "no person of tonight is called" in only(wire.say("viewer", "!whatif Nobody out")).text


def test_private_decisions_do_not_stand_in_a_channel_that_many_read(wire: Wire) -> None:
    told = only(wire.say("owner", "!why Chen Wei"))
    assert wire.discord.where(told) == "dm"


def test_run_status_names_runs_proof_and_dead_letters(wire: Wire) -> None:
    told = only(wire.say("viewer", "!run_status"))
    assert "night of 2026-12-02" in told.text
    assert "Proven best, rule by rule" in told.text
    assert "given up" in told.text


def test_the_bots_answers_hold_no_address_at_all(wire: Wire) -> None:
    for command in (*READ_ONLY, "!resume"):
        for one in wire.say("owner", command, STAFF_ROOM):
            assert not re.search(r"\w@\w", one.text), command
