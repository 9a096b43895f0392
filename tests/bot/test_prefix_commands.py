"""Each prefix command for each role, good and bad, in dpytest: another's idea of what Discord does."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import discord
import discord.ext.test as dpytest
import pytest
from discord.ext import commands

from bot.app import MatchingBot
from bot.config import BotConfig
from bot.errors import example_of
from tests.bot.people import STAFF, Cast
from tests.bot.wire import Clock

GOOD = {
    "resume": ("", "How to get a resume review"),
    "review_status": ("", ""),
    "timezone": ("Europe/Berlin", ""),
    "reminders": ("email", ""),
    "availability": ("Tue 18-19", "This is how I understand you"),
    "pause": ("2 weeks", ""),
    "help": ("", "What I can do"),
    "cancel": ("", ""),
    "reschedule": ("", ""),
    "complete": ("", ""),
    "no_show": ("", ""),
    "rate": ("5", ""),
    "pending_reviews": ("", "Pending reviews"),
    "suggest_matches": ("Chen Wei", "Olga Sidorova"),
    "schedule_session": ('"Chen Wei" “John Doe” "Tuesday 2:00 PM"', "Book this session?"),
    "review_stats": ("", "chart.png"),  # of a message with a file, dpytest keeps the file alone
    "add_professional": ('"Eve Moss" "Art"', "Added"),
    "list_professionals": ("", "Professionals:"),
    "whatif": ("John Doe out", "Nothing was changed"),
    "why": ("Max Oduya", "Nothing was changed"),
    "run_status": ("", "Last runs"),
}
"""What is typed behind each command, and what its answer says to whoever may use it ("": that depends on who asks)."""
STAFF_ONLY = (
    "pending_reviews", "suggest_matches", "schedule_session", "review_stats", "add_professional", "list_professionals",
    "whatif", "why", "run_status",
)  # fmt: skip
CHANGING = ("schedule_session", "add_professional")
BAD = {
    "availability": ("", "Write it like this"),
    "timezone": ("Atlantis", "I do not know you yet"),
    "reminders": ("pigeon", "I do not know you yet"),
    "pause": ("soonish", "I do not know you yet"),
    "suggest_matches": ("", "Write it like this"),
    "why": ("Nobody At All", "I know no one"),
    "schedule_session": ("Chen Wei John Doe", "cannot tell"),
    "add_professional": ("Eve Moss Art", "quotation marks"),
    "rate": ("7", "1 to 5"),
    "whatif": ("gibberish", "not understood"),
    "cancel": ("#AAAAAA", "Nothing fits"),
    "reschedule": ("a b #c #d e", "I know no one"),
    "complete": ("#AAAAAA", "Nothing fits"),
    "no_show": ("#AAAAAA", "Nothing fits"),
}
"""What is wrong, and what a coordinator whom the record does not know as a person hears."""


class Office:
    """The bot in dpytest, with the cast as members."""

    def __init__(self, bot: MatchingBot, cast: Cast) -> None:
        dpytest.configure(bot, guilds=1, text_channels=1, members=0)
        state = dpytest.backend.get_state()
        state.member_cache_flags = discord.MemberCacheFlags.all()  # dpytest lives off it
        self._guild: discord.Guild = dpytest.get_config().guilds[0]
        assert state.user is not None
        dpytest.backend.make_member(state.user, self._guild)
        self.members = {name: self._member(name, cast) for name in cast.members}

    def _member(self, name: str, cast: Cast) -> discord.Member:
        who = cast.members[name]
        user = dpytest.backend.make_user(name, 1, id_num=int(who.id))
        roles = [
            self._guild.get_role(int(role)) or dpytest.backend.make_role(role, self._guild, id_num=int(role))
            for role in who.roles
        ]
        return dpytest.backend.make_member(user, self._guild, roles=roles)

    async def say(self, who: str, text: str) -> str:
        """What the bot answers, anywhere."""
        try:
            await dpytest.message(text, member=self.members[who])
        except commands.CommandError:
            await dpytest.run_all_events()  # dpytest raises what the bot has dealt with
        told = []
        while not dpytest.sent_queue.empty():
            message = dpytest.sent_queue.get_nowait()
            embeds = message.embeds
            told += [message.content or "", *(f"{one.title}\n{one.description}" for one in embeds)]
            told += [f"{field.name}\n{field.value}" for one in embeds for field in one.fields]
            told += [str(one.footer.text) for one in embeds] + [one.filename for one in message.attachments]
        return "\n".join(told).replace("\\", "")


def in_office(api: str, cast: Cast, clock: Clock, act: Any) -> Any:
    async def run() -> Any:
        bot = MatchingBot(BotConfig("t", api, cast.key), clock)
        await bot._async_setup_hook()
        await bot.prepare()
        try:
            return await act(Office(bot, cast))
        finally:
            await dpytest.empty_queue()
            setattr(bot, "ws", None)  # noqa: B010 - dpytest's own cannot be closed
            await bot.close()

    return asyncio.run(run())


def answers(api: str, cast: Cast, clock: Clock, who: str, lines: dict[str, str]) -> dict[str, str]:
    async def act(office: Office) -> dict[str, str]:
        return {name: await office.say(who, line) for name, line in lines.items()}

    found: Coroutine[Any, Any, dict[str, str]] = in_office(api, cast, clock, act)
    return found  # type: ignore[return-value]


@pytest.fixture(autouse=True)
def _mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """dpytest writes attachments into the current folder, and its reactions lack what discord.py 2.7 reads."""

    async def reacted(*_given: Any) -> None:
        return None

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(dpytest.backend.FakeHttp, "add_reaction", reacted)


def test_the_table_names_every_command(cast: Cast, clock: Clock) -> None:
    async def names() -> set[str]:
        bot = MatchingBot(BotConfig("t", "http://127.0.0.1:1", "k"), clock)
        await bot.prepare()
        found = {one.name for one in bot.commands}
        assert all(example_of(one).startswith(one.name) for one in bot.commands)
        await bot.close()
        return found

    assert asyncio.run(names()) == set(GOOD)


@pytest.mark.parametrize("who", ["chen", "max", "john", "stranger", "viewer", "coordinator", "owner"])
def test_each_command_answers_each_role(api: str, cast: Cast, clock: Clock, who: str) -> None:
    told = answers(api, cast, clock, who, {name: f"!{name} {rest}".strip() for name, (rest, _) in GOOD.items()})
    for name, (_, expected) in GOOD.items():
        text = told[name]
        assert text, name
        may_not = who not in STAFF or (who == "viewer" and name in CHANGING)
        refused = "for program staff" in text
        assert refused == (name in STAFF_ONLY and may_not), (name, text)
        assert refused or expected in text, (name, text)
        assert "went wrong" not in text, name


@pytest.mark.parametrize("who", ["coordinator", "carlos"])
def test_bad_input_is_answered_with_what_to_do(api: str, cast: Cast, clock: Clock, who: str) -> None:
    told = answers(api, cast, clock, who, {name: f"!{name} {rest}".strip() for name, (rest, _) in BAD.items()})
    for name, (_, expected) in BAD.items():
        text = told[name]
        assert text, name
        assert "went wrong" not in text, (name, text)
        assert who != "coordinator" or expected in text, (name, text)
