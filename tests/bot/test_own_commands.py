"""What everybody can ask for themselves, in a channel, directly, and with a slash."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from backend.record.models import AuditEntry, FormResponse, Membership, Person
from backend.record.services.tokens import proven_discord_id
from tests.bot.people import Cast
from tests.bot.wire import Wire
from tests.standins.discord_server import STAFF_ROOM, Seen


def only(found: list[Seen]) -> Seen:
    assert len(found) == 1, [one.text for one in found]
    return found[0]


def test_resume_explains_and_gives_a_link_that_proves_the_member_by_direct_message(wire: Wire, cast: Cast) -> None:
    told = only(wire.say("stranger", "!resume"))
    assert wire.discord.where(told) == "dm"
    token = re.search(r"entry\.1=(\S+)", told.text)
    assert token is not None
    program = Membership.objects.all()[0].program
    assert proven_discord_id(program, token[1]) == cast.members["stranger"].id
    assert "Every night everybody is matched at once" in told.text
    assert wire.discord.reactions


def test_professionals_get_their_own_form(wire: Wire) -> None:
    told = only(wire.slash("john", "resume"))
    assert "forms/d/e/2/" in told.text
    assert "forms/d/e/1/" not in told.text
    assert told.ephemeral


def test_closed_direct_messages_get_a_hint_and_nothing_else_in_the_channel(wire: Wire, cast: Cast) -> None:
    cast.members["chen"].closed = True
    told = only(wire.say("chen", "!review_status"))
    assert wire.discord.where(told) == "channel"
    assert "Allow messages from members" in told.text
    assert "Chen" not in told.text


def test_who_waits_hears_how_their_times_were_read_since_when_and_what_would_help(wire: Wire) -> None:
    told = only(wire.say("chen", "!review_status"))
    assert "Tue 09:00-11:00; Thu 09:00-11:00; Sat 10:00-14:00" in told.text
    assert re.search(r"Waiting since\n<t:\d+:D> \(30 days\)", told.text)
    assert "No eligible professional is free at any of the times offered." in told.text
    assert "Free for 30 minutes within" in told.text
    assert "times in America/Los_Angeles" in told.text


def test_who_is_matched_sees_when_on_their_own_clock_and_with_whom(wire: Wire) -> None:
    told = only(wire.slash("max", "review_status"))
    assert re.search(r"<t:\d+:F> \(<t:\d+:R>\), 30 minutes, with John Doe", told.text)
    assert [label[:6] for label in told.labels] == ["Cancel"]
    assert told.ephemeral


def test_professionals_see_what_they_offer_whom_they_meet_and_what_is_still_open(wire: Wire) -> None:
    told = only(wire.say("john", "!review_status"))
    assert "open windows" in told.text
    assert "with Max Oduya" in told.text
    assert "Over: how did it go?" in told.text
    assert any(label.endswith("took place") for label in told.labels)


def test_strangers_are_told_how_to_begin(wire: Wire) -> None:
    assert "resume" in only(wire.say("stranger", "!review_status")).text


def test_a_profile_that_names_ones_account_is_confirmed_by_a_click(wire: Wire, cast: Cast) -> None:
    Person.objects.filter(name="Liam Nguyen").update(discord_id=cast.members["stranger"].id)
    told = only(wire.say("stranger", "!review_status"))
    assert told.labels == ["That is me", "Not me"]
    after = only(wire.press("stranger", told, "That is me"))
    assert "Where you stand, Liam Nguyen" in after.text
    assert Person.objects.get(name="Liam Nguyen").discord_verified_at is not None


def test_a_profile_that_is_not_mine_loses_my_account(wire: Wire, cast: Cast) -> None:
    Person.objects.filter(name="Liam Nguyen").update(discord_id=cast.members["stranger"].id)
    wire.press("stranger", only(wire.slash("stranger", "review_status")), "Not me")
    assert Person.objects.get(name="Liam Nguyen").discord_id is None


def test_times_are_shown_as_understood_and_stored_only_on_a_click(wire: Wire) -> None:
    before = FormResponse.objects.count()
    told = only(wire.say("chen", "!availability Mon and Wed 2-4pm, not on Dec 24"))
    assert "Mon 14:00-16:00; Wed 14:00-16:00" in told.text
    assert FormResponse.objects.count() == before
    after = only(wire.press("chen", told, "Store"))
    assert "Your times are stored" in after.text
    assert FormResponse.objects.count() == before + 1
    entry = AuditEntry.objects.filter(channel="bot").order_by("-pk")[0]
    assert (entry.actor_kind, entry.actor_id) == ("participant", Person.objects.get(name="Chen Wei").public_id)
    assert after.labels == []


def test_pressing_twice_stores_once(wire: Wire) -> None:
    before = FormResponse.objects.count()
    told = only(wire.slash("chen", "availability", times="Tue 18-19"))
    body = dict(told.body)
    wire.press("chen", told, "Store")
    told.body = body
    wire.press("chen", told, "Store")
    assert FormResponse.objects.count() == before + 1


def test_no_leaves_everything_as_it_was(wire: Wire) -> None:
    before = FormResponse.objects.count()
    after = only(wire.press("chen", only(wire.say("chen", '!availability "Tue 18-19"')), "No"))
    assert "Nothing was changed" in after.text
    assert FormResponse.objects.count() == before


@pytest.mark.parametrize(("text", "answer"), [
    ("!availability whenever the stars align", "could not read a time"), ("!availability", "Write it like this"),
    ("!availability " + "Mon 2-4pm or " * 100, "longer than 900"),
])  # fmt: skip
def test_texts_without_a_time_have_no_button(wire: Wire, text: str, answer: str) -> None:
    told = only(wire.say("chen", text, "dm"))
    assert answer in told.text
    assert told.labels == []


def test_words_of_yesterday_are_not_stored_today(wire: Wire) -> None:
    told = only(wire.say("chen", "!availability tomorrow 2-4pm"))
    wire.between = timedelta(days=2)
    assert "more than a day old" in only(wire.press("chen", told, "Store")).text


def test_nobody_presses_anothers_buttons(wire: Wire) -> None:
    told = only(wire.say("chen", "!availability Tue 18-19"))
    heard = only(wire.press("max", told, "Store"))
    assert "somebody else" in heard.text
    assert heard.ephemeral


def test_strangers_try_a_text_without_storing_it(wire: Wire) -> None:
    told = only(wire.say("stranger", "!availability Tue 18-19"))
    assert "answer the form once first" in told.text
    assert told.labels == []


def test_a_pause_ends_on_the_named_day_or_by_a_click(wire: Wire) -> None:
    told = only(wire.say("chen", "!pause Dec 14"))
    member = Membership.objects.get(person__name="Chen Wei")
    assert member.state == "paused"
    assert member.paused_until is not None
    assert member.paused_until.isoformat() == "2026-12-14T08:00:00+00:00"  # midnight in Los Angeles
    assert f"<t:{int(member.paused_until.timestamp())}:F>" in told.text
    assert "You are back" in only(wire.press("chen", told, "Come back")).text
    assert Membership.objects.get(person__name="Chen Wei").state == "active"
    wire.slash("chen", "pause", until="2 weeks")
    assert Membership.objects.get(person__name="Chen Wei").state == "paused"
    assert "You are back" in only(wire.say("chen", "!pause off")).text


@pytest.mark.parametrize("text", ["!pause", "!pause Nov 3", "!pause soonish"])
def test_a_pause_needs_a_day_ahead(wire: Wire, text: str) -> None:
    assert "Until when" in (told := only(wire.say("chen", text)).text) or "say it as" in told
    assert Membership.objects.get(person__name="Chen Wei").state == "active"


def test_a_zone_is_stored_by_name_or_city(wire: Wire) -> None:
    assert "Europe/Berlin" in only(wire.say("chen", "!timezone berlin")).text
    assert Person.objects.get(name="Chen Wei").zone == "Europe/Berlin"
    wire.slash("chen", "timezone", zone="America/New York")
    assert Person.objects.get(name="Chen Wei").zone == "America/New_York"
    assert "Did you mean Europe/Berlin" in only(wire.say("chen", "!timezone europe/berlim")).text
    assert "Europe/Berlin" in [one["value"] for one in wire.complete("chen", "timezone", "zone", "berl")]
    assert "I do not know you yet" in only(wire.say("stranger", "!timezone Europe/Berlin")).text


def test_reminders_go_where_their_owner_wants_them(wire: Wire) -> None:
    assert "by e-mail" in only(wire.say("chen", "!reminders e-mail")).text
    assert Person.objects.get(name="Chen Wei").reminders == "email"
    assert "+15551234567" in only(wire.say("chen", "!reminders +1 555 123-4567")).text
    wire.slash("chen", "reminders", way="off")
    chen = Person.objects.get(name="Chen Wei")
    assert (chen.reminders, chen.phone) == ("none", "")
    assert "Write it like this" in only(wire.say("chen", "!reminders by pigeon")).text
    assert "I do not know you yet" in only(wire.say("stranger", "!reminders email")).text


def test_help_lists_what_the_reader_may_use(wire: Wire) -> None:
    own, staff = only(wire.say("chen", "!help")), only(wire.say("viewer", "!help"))
    assert "review_status" in own.text
    assert "For staff" not in own.text
    assert "For staff" in staff.text
    for command in wire.bot.commands:
        assert f"`!{command.name}`" in staff.text
        assert command.short_doc
    assert (
        '!schedule_session @student "John Doe" "Monday 2:00 PM"'
        in only(wire.say("chen", "!help schedule_session")).text
    )
    assert "There is no command" in only(wire.slash("chen", "help", command="nonsense")).text


def test_staff_in_their_channel_are_answered_there(wire: Wire) -> None:
    assert wire.discord.where(only(wire.say("viewer", "!run_status", STAFF_ROOM))) == "channel"
    assert wire.discord.where(only(wire.say("viewer", "!run_status"))) == "dm"


def test_cooldowns_say_how_long(wire: Wire) -> None:
    wire.between = timedelta(seconds=1)
    answers = [told.text for _ in range(4) for told in wire.say("stranger", "!resume")]
    assert "Please wait" in answers[3]
    wire.between = timedelta(seconds=40)
    assert "How to get" in only(wire.say("stranger", "!resume")).text
