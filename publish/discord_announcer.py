"""Discord behind the `Announcer` port: posts as the bot over HTTP, without a gateway connection.

A repeat is harmless twice over: before posting, the channel's latest messages of ours are searched for the visible
reference (needs "Read Message History"), and the nonce that discord.py sends with `enforce_nonce` makes Discord
drop a second copy within a few minutes, for example when the library itself repeats a request after a 5xx.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Coroutine
from datetime import timedelta
from types import TracebackType
from typing import Any, Self, TypeVar

import aiohttp
import discord

from publish.message import Message
from publish.ports import ClosedDoorError, Posted, PublishError, Receipt
from publish.waiting import asked_to_wait

_SEARCHED = 500  # latest messages of a channel, of everybody
_LONGEST_WAIT = 30.0  # seconds; discord.py takes no less before it gives a rate limit back to us
_CLOSED = (50007, 50278)  # direct messages refused; no server in common
_TOO_FAST = (40003,)  # "You are opening direct messages too fast", which comes as 403
_A_WHILE = timedelta(minutes=10)
_IMAGE = "night.png"
_RIGHTS = "the bot needs View Channel, Send Messages and Read Message History there"
_Result = TypeVar("_Result")


class DiscordAnnouncer:
    """Posts with a bot's token; `timeout` in seconds for each act as a whole. Close it, or use it in a `with` block.

    Channels are given by their numeric id, as text.
    """

    def __init__(self, token: str, *, timeout: float = 60.0) -> None:
        self._token = token
        self._timeout = timeout
        self._runner = asyncio.Runner()
        self._client: discord.Client | None = None

    def close(self) -> None:
        """Close the session and its loop."""
        if self._client is not None:
            self._runner.run(self._client.close())
            self._client = None
        self._runner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def find(self, channel: str, reference: str) -> Posted | None:
        """See `Announcer.find`."""
        found = self._run(self._find(channel, reference), writes=False)
        return None if found is None else Posted(str(found.id), found.content)

    def post(self, message: Message) -> Receipt:
        """See `Announcer.post`."""
        found = self.find(message.channel, message.reference)
        if found is None:
            return self._run(self._send(message), writes=True)
        if found.text == message.text:
            return Receipt(found.message_id, repeated=True)
        return self.edit(found.message_id, message)

    def direct_channel(self, user: str) -> str:
        """The channel in which we write to this person, by their numeric id. Opening it tells them nothing."""
        return self._run(self._open_direct(user), writes=False)

    def edit(self, message_id: str, message: Message) -> Receipt:
        """See `Announcer.edit`."""
        return self._run(self._edit(message_id, message), writes=True)

    async def _find(self, channel: str, reference: str) -> discord.Message | None:
        client = await self._logged_in()
        async for message in _channel(client, channel).history(limit=_SEARCHED):
            ours = client.user is not None and message.author.id == client.user.id
            if ours and message.content.endswith(reference):
                return message
        return None

    async def _open_direct(self, user: str) -> str:
        client = await self._logged_in()
        return str((await client.create_dm(discord.Object(_number(user, "person")))).id)

    async def _send(self, message: Message) -> Receipt:
        channel = _channel(await self._logged_in(), message.channel)
        sent = await channel.send(
            message.text,
            files=_files(message),
            nonce=message.nonce,
            allowed_mentions=discord.AllowedMentions.none(),
            suppress_embeds=True,
        )
        return Receipt(str(sent.id))

    async def _edit(self, message_id: str, message: Message) -> Receipt:
        channel = _channel(await self._logged_in(), message.channel)
        changes: dict[str, Any] = {"attachments": _files(message)} if message.image else {}
        edited = await channel.get_partial_message(int(message_id)).edit(
            content=message.text, allowed_mentions=discord.AllowedMentions.none(), **changes
        )
        return Receipt(str(edited.id), version=edited.edited_at.isoformat() if edited.edited_at else "")

    async def _logged_in(self) -> discord.Client:
        if self._client is None:
            client = discord.Client(intents=discord.Intents(guilds=True), max_ratelimit_timeout=_LONGEST_WAIT)
            try:
                await client.login(self._token)
            except BaseException:  # whatever stopped it, its session must not stay open
                await client.close()
                raise
            self._client = client
        return self._client

    def _run(self, act: Coroutine[Any, Any, _Result], *, writes: bool) -> _Result:
        """The act's result, or `PublishError`. Discord's own words stay out of it: they may quote what was sent."""
        lost: dict[str, Any] = {"permanent": False, "uncertain": writes}
        try:
            return self._runner.run(asyncio.wait_for(act, self._timeout))
        except discord.LoginFailure:
            raise PublishError(
                "Discord refused the bot's token: set the current one", permanent=True, blocks_channel=True
            ) from None
        except discord.RateLimited as error:
            wait = timedelta(seconds=error.retry_after)
            raise PublishError(
                "Discord asks for patience", permanent=False, retry_after=wait, blocks_channel=True
            ) from None
        except discord.HTTPException as error:
            raise _refusal(error, lost) from None
        except TimeoutError:
            raise PublishError("Discord did not answer in time", **lost, blocks_channel=True) from None
        except aiohttp.ClientConnectorError:
            raise PublishError("Discord was not reached", permanent=False, blocks_channel=True) from None
        except ValueError:  # discord.py reads JSON wherever the header says so
            raise PublishError("Discord's answer cannot be read", **lost) from None
        except (aiohttp.ClientError, OSError):
            raise PublishError("the connection to Discord broke off", **lost) from None


def _channel(client: discord.Client, channel: str) -> discord.PartialMessageable:
    """The channel by its id alone; whether it exists and lets us in, Discord says when it is used."""
    return client.get_partial_messageable(_number(channel, "channel"))


def _number(text: str, what: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 20):
        raise PublishError(f"a Discord {what} is named by its numeric id", permanent=True)
    return int(text)


def _files(message: Message) -> list[discord.File]:
    return [discord.File(io.BytesIO(message.image()), _IMAGE)] if message.image else []


def _refusal(error: discord.HTTPException, lost: dict[str, Any]) -> PublishError:
    said = f"Discord answered {error.status}" + (f" (code {error.code})" if error.code else "")
    if error.status == 401:
        return PublishError(f"{said}: set the bot's current token", permanent=True, blocks_channel=True)
    if error.code in _CLOSED:
        return ClosedDoorError(f"{said}: this person takes no direct messages from the bot")
    if error.code in _TOO_FAST:
        return PublishError(f"{said}: too many", permanent=False, retry_after=_A_WHILE, blocks_channel=True)
    if error.status == 403:
        return PublishError(f"{said}: {_RIGHTS}", permanent=True)
    if error.status == 404:
        return PublishError(f"{said}: no such channel or message, or not visible to the bot", permanent=True)
    if error.status == 429:
        wait = asked_to_wait(str(error.response.headers.get("Retry-After", "")))
        return PublishError(f"{said}: too many requests", permanent=False, retry_after=wait, blocks_channel=True)
    if error.status >= 500:
        return PublishError(said, **lost)
    return PublishError(said, permanent=True)
