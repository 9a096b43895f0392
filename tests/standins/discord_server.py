"""Discord on loopback, with a gateway: one server with members, roles and two channels, direct messages, slash
commands, buttons, completions, and a connection that can be dropped.

Written from Discord's API documentation (v10); nothing here was compared with the real service. What the bot sends is
held against the documented limits; `violations` lists what it broke, and what the stand-in did not know.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import BodyPartReader, WSMsgType, web

from tests.standins.discord_limits import faults, items, text_of, unwanted

Json = dict[str, Any]
TOKEN = "bot.token.of-the-tests"
BOT, APP, GUILD = "100000000000000001", "100000000000000001", "200000000000000001"
GENERAL, STAFF_ROOM = "300000000000000001", "300000000000000002"
EPHEMERAL = 64
_DISCORD_EPOCH = 1_420_070_400_000
_ROOT = "/api/v10"
_ESCAPED = re.compile(r"\\([^A-Za-z0-9\s])")


@dataclass
class Seen:
    """Something the bot said. `where`: channel id; `to`: who alone sees it, "" for all."""

    id: str
    where: str
    to: str
    body: Json
    files: dict[str, bytes] = field(default_factory=dict)
    deleted: bool = False

    @property
    def text(self) -> str:
        """As it reads on the screen, buttons and menus included."""
        return _ESCAPED.sub(r"\1", text_of(self.body).replace("\u200b", ""))

    @property
    def said(self) -> str:
        """Without them."""
        return _ESCAPED.sub(r"\1", text_of({**self.body, "components": []}).replace("\u200b", ""))

    @property
    def labels(self) -> list[str]:
        return [one["label"] for one in items(self.body.get("components") or []) if "label" in one]

    @property
    def ephemeral(self) -> bool:
        return bool(self.body.get("flags", 0) & EPHEMERAL)


@dataclass
class Person:
    """A member of the server with role ids. `closed`: takes no direct messages."""

    id: str
    roles: list[str] = field(default_factory=list)
    closed: bool = False

    def user(self) -> Json:
        return {"id": self.id, "username": f"u{self.id}", "discriminator": "0", "avatar": None, "global_name": None}

    def member(self) -> Json:
        return {"user": self.user(), "roles": self.roles, "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False,
                "mute": False, "flags": 0, "permissions": "0", "nick": None, "avatar": None}  # fmt: skip


class DiscordServer:
    """`clock` stamps what is said. Runs inside the test's event loop: `start`, `stop`."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.people: dict[str, Person] = {}
        self.seen: list[Seen] = []
        self.edits: list[Seen] = []
        self.reactions: list[str] = []
        self.commands: list[Json] = []
        self.completions: list[Json] = []
        self.asked: list[str] = []
        self.violations: list[str] = []
        self.resumed = 0
        self.sequence = 0
        self.may_delete = True
        self.failing: dict[str, int] = {}
        self._tokens: dict[str, Json] = {}
        self._numbers = itertools.count(1)
        self._sockets: list[web.WebSocketResponse] = []
        self._held: list[Json] = []
        self._resumable = True

    async def start(self) -> None:
        app = web.Application(client_max_size=2**24)
        app.router.add_get("/gateway/", self._gateway)
        app.router.add_route("*", "/{rest:.*}", self._rest)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        for socket in self._sockets:
            await socket.close()
        await self._runner.cleanup()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}{_ROOT}"

    @property
    def gateway(self) -> str:
        return f"ws://127.0.0.1:{self.port}/gateway/"

    def snowflake(self) -> str:
        return str(((int(self.clock().timestamp() * 1000) - _DISCORD_EPOCH) << 22) + next(self._numbers))

    def where(self, one: Seen) -> str:
        return "dm" if one.where.startswith("4") else "ephemeral" if one.ephemeral else "channel"

    async def drop(self, *, resumable: bool = True) -> None:
        """The gateway's connection breaks."""
        sockets, self._sockets = self._sockets, []
        self._resumable = resumable
        for socket in sockets:
            await socket.close(code=4000)

    async def say(self, who: str, text: str, channel: str) -> str:
        """Somebody writes; the message's id."""
        person = self.people[who]
        mentioned = [one for one in self.people.values() if f"<@{one.id}>" in text or f"<@!{one.id}>" in text]
        body = self._message(channel, person.user(), {"content": text})
        body["mentions"] = [{**one.user(), "member": one.member()} for one in mentioned]
        if not channel.startswith("4"):
            body |= {"guild_id": GUILD, "member": {k: v for k, v in person.member().items() if k != "user"}}
        await self._dispatch("MESSAGE_CREATE", body)
        return str(body["id"])

    async def interact(self, kind: int, who: str, data: Json, channel: str, message: Json | None = None) -> str:
        """A slash command (2), a button or menu (3), or a completion (4); its token."""
        person, number = self.people[who], self.snowflake()
        token = f"token-{number}"
        body: Json = {
            "id": number, "application_id": APP, "type": kind, "token": token, "version": 1, "data": data,
            "channel_id": channel, "channel": self._channel(channel), "locale": "en-US", "app_permissions": "0",
            "entitlements": [], "authorizing_integration_owners": {}, "attachment_size_limit": 10_000_000,
        }  # fmt: skip
        direct = channel.startswith("4")
        body |= {"user": person.user(), "context": 1} if direct else {
            "member": person.member(), "guild_id": GUILD, "context": 0, "guild": {"id": GUILD, "features": [],
                                                                                  "locale": "en-US"}}  # fmt: skip
        if message is not None:
            body["message"] = message
        self._tokens[token] = {"who": who, "channel": channel, "message": message, "original": None, "flags": 0}
        await self._dispatch("INTERACTION_CREATE", body)
        return token

    def direct(self, who: str) -> str:
        """The channel of direct messages with somebody."""
        return "4" + self.people[who].id[1:]

    async def _dispatch(self, event: str, body: Json) -> None:
        self.sequence += 1
        packet = {"op": 0, "t": event, "s": self.sequence, "d": body}
        if not self._sockets:
            self._held.append(packet)
        for socket in self._sockets:
            await socket.send_json(packet)

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 41250}, "s": None, "t": None})
        async for packet in socket:
            if packet.type is WSMsgType.TEXT:
                await self._told(socket, json.loads(packet.data))
        self._sockets = [one for one in self._sockets if one is not socket]
        return socket

    async def _told(self, socket: web.WebSocketResponse, packet: Json) -> None:
        match packet["op"]:
            case 1:
                await socket.send_json({"op": 11})
            case 2:
                if packet["d"]["token"] != TOKEN:
                    await socket.close(code=4004)
                    return
                self._resumable = True
                self._sockets.append(socket)
                await self._dispatch("READY", {
                    "v": 10, "user": self._bot(), "session_id": "s", "resume_gateway_url": self.gateway,
                    "shard": [0, 1], "guilds": [{"id": GUILD, "unavailable": True}],
                    "application": {"id": APP, "flags": 0},
                })  # fmt: skip
                await self._dispatch("GUILD_CREATE", self._guild())
            case 6 if not self._resumable:
                await socket.send_json({"op": 9, "d": False})
            case 6:
                self.resumed += 1
                self._sockets.append(socket)
                held, self._held = self._held, []
                for one in held:
                    await socket.send_json(one)
                await self._dispatch("RESUMED", {})
            case 3 | 4 | 8:
                pass
            case other:
                self.violations.append(f"gateway opcode {other} is unknown to the stand-in")

    async def _rest(self, request: web.Request) -> web.Response:
        path = request.path.removeprefix(_ROOT)
        self.asked.append(f"{request.method} {path}")
        secret = path.startswith(("/interactions/", "/webhooks/"))
        if not secret and request.headers.get("Authorization") != f"Bot {TOKEN}":
            return _json({"message": "401: Unauthorized", "code": 0}, status=401)
        for part, status in self.failing.items():
            if part in f"{request.method} {path}":
                return _json({"message": "refused", "code": 0}, status=status)
        body, files = await _body(request)
        parts = [part for part in path.split("/") if part]
        answer = self._answer(request.method, parts, body, files)
        if isinstance(answer, web.Response):
            return answer
        return web.Response(status=204) if answer is None else _json(answer)

    def _answer(self, method: str, parts: list[str], body: Any, files: dict[str, bytes]) -> Any:
        match (method, *parts):
            case ("GET", "users", "@me"):
                return self._bot()
            case ("GET", "oauth2", "applications", "@me"):
                return {"id": APP, "name": "Matcher", "icon": None, "description": "", "bot_public": False,
                        "bot_require_code_grant": False, "verify_key": "0", "flags": 0,
                        "owner": self._bot()}  # fmt: skip
            case ("PUT", "applications", _, "commands"):
                self.commands = [{**one, "id": str(number), "application_id": APP, "version": "1"}
                                 for number, one in enumerate(body, start=5)]  # fmt: skip
                return self.commands
            case ("GET", "guilds", _, "members", who):
                return self._member_of(who)
            case ("POST", "users", "@me", "channels"):
                return self._channel(self.direct_of(body["recipient_id"]))
            case ("POST", "channels", channel, "messages"):
                return self._posted(channel, body, files)
            case ("DELETE", "channels", _, "messages", number):
                return self._deleted(number)
            case ("PUT", "channels", _, "messages", _, "reactions", emoji, "@me"):
                self.reactions.append(emoji)
                return None
            case ("POST", "channels", _, "typing"):
                return None
            case ("POST", "interactions", number, token, "callback"):
                return self._called_back(number, token, body)
            case ("POST", "webhooks", _, token):
                return self._followed_up(token, body, files)
            case ("PATCH", "webhooks", _, token, "messages", "@original"):
                return self._edited(token, body, files)
        self.violations.append(f"{method} /{'/'.join(parts)} is unknown to the stand-in")
        return _json({"message": "404: Not Found", "code": 0}, status=404)

    def direct_of(self, user: str) -> str:
        return "4" + str(user)[1:]

    def _member_of(self, user: str) -> Any:
        found = next((one for one in self.people.values() if one.id == user), None)
        if found is None:
            return _json({"message": "Unknown Member", "code": 10007}, status=404)
        return found.member()

    def _posted(self, channel: str, body: Json, files: dict[str, bytes]) -> Any:
        to = next((one for one in self.people.values() if self.direct_of(one.id) == channel), None)
        if to is not None and to.closed:
            return _json({"message": "Cannot send messages to this user", "code": 50007}, status=403)
        return self._keep(channel, to.id if to else "", body, files)

    def _deleted(self, number: str) -> Any:
        if not self.may_delete:
            return _json({"message": "Missing Permissions", "code": 50013}, status=403)
        self.reactions.append(f"deleted {number}")
        for one in self.seen:
            one.deleted = one.deleted or one.id == number
        return None

    def _called_back(self, number: str, token: str, body: Json) -> Json:
        told, kind, data = self._tokens[token], body["type"], body.get("data") or {}
        if told.get("answered"):
            self.violations.append("an interaction was answered twice")
        told |= {"answered": True, "flags": data.get("flags", 0), "kind": kind}
        message = None
        if kind == 8:
            self.completions.append(data)
        elif kind == 4:
            message = self._keep(told["channel"], told["who"], data, {})
        elif kind == 5:
            told["thinking"] = True
        elif kind != 6:
            self.violations.append(f"callback type {kind} is unknown to the stand-in")
        called = {"id": number, "type": kind, "response_message_ephemeral": bool(told["flags"] & EPHEMERAL)}
        resource = {"resource": {"type": kind, "message": message}} if message else {}
        return {"interaction": called, **resource}

    def _followed_up(self, token: str, body: Json, files: dict[str, bytes]) -> Json:
        told = self._tokens[token]
        if not told.get("answered"):
            self.violations.append("a follow-up came before the answer")
        first = told.pop("thinking", False)
        flags = told["flags"] if first else body.get("flags", 0)
        return self._keep(told["channel"], told["who"] if flags & EPHEMERAL else "", {**body, "flags": flags}, files)

    def _edited(self, token: str, body: Json, files: dict[str, bytes]) -> Json:
        original = self._tokens[token]["message"]
        one = next(one for one in self.seen if one.id == original["id"])
        self._check(body, private=one.to != "")
        one.body = {**one.body, **body}
        one.files = files or one.files
        self.edits.append(one)
        return self._message(one.where, self._bot(), one.body, one.id)

    def _keep(self, channel: str, to: str, body: Json, files: dict[str, bytes]) -> Json:
        self._check({**body, "files": files}, private=bool(to))
        message = self._message(channel, self._bot(), body)
        self.seen.append(Seen(message["id"], channel, to, body, files))
        return message

    def _check(self, body: Json, *, private: bool) -> None:
        self.violations += faults(body)
        self.violations += [one for one in unwanted(body) if not (private and "address" in one)]

    def message_of(self, one: Seen) -> Json:
        """The message as an interaction on it carries it."""
        return self._message(one.where, self._bot(), one.body, one.id)

    def _message(self, channel: str, author: Json, body: Json, number: str = "") -> Json:
        return {
            "id": number or self.snowflake(), "channel_id": channel, "author": author,
            "content": body.get("content") or "", "timestamp": self.clock().astimezone(UTC).isoformat(),
            "edited_timestamp": None, "tts": False, "mention_everyone": False, "mentions": [], "mention_roles": [],
            "attachments": [], "embeds": [{"type": "rich", **one} for one in body.get("embeds") or []],
            "components": body.get("components") or [], "pinned": False, "type": 0, "flags": body.get("flags", 0),
        }  # fmt: skip

    def _channel(self, channel: str) -> Json:
        if channel.startswith("4"):
            who = next(one for one in self.people.values() if self.direct_of(one.id) == channel)
            return {"id": channel, "type": 1, "recipients": [who.user()], "last_message_id": None}
        name = "staff" if channel == STAFF_ROOM else "general"
        return {"id": channel, "type": 0, "name": name, "position": 0, "permission_overwrites": [], "nsfw": False,
                "guild_id": GUILD, "parent_id": None, "permissions": "0"}  # fmt: skip

    @staticmethod
    def _bot() -> Json:
        return {"id": BOT, "username": "matcher", "discriminator": "0", "avatar": None, "bot": True, "verified": True}

    def _guild(self) -> Json:
        named = {"@everyone": GUILD} | {role: role for one in self.people.values() for role in one.roles}
        roles = [{"id": number, "name": name, "color": 0, "hoist": False, "position": place, "permissions": "104324161",
                  "managed": False, "mentionable": False, "flags": 0, "colors": {"primary_color": 0}}
                 for place, (name, number) in enumerate(named.items())]  # fmt: skip
        me = {**Person(BOT).member(), "user": self._bot()}
        return {
            "id": GUILD, "name": "The program", "owner_id": "1", "roles": roles, "members": [me], "member_count": 9,
            "channels": [self._channel(GENERAL), self._channel(STAFF_ROOM)], "threads": [], "emojis": [],
            "stickers": [], "features": [], "afk_timeout": 0, "verification_level": 0, "mfa_level": 0,
            "premium_tier": 0, "default_message_notifications": 0, "explicit_content_filter": 0, "nsfw_level": 0,
            "large": False, "preferred_locale": "en-US", "system_channel_flags": 0, "presences": [], "voice_states": [],
            "stage_instances": [], "guild_scheduled_events": [], "soundboard_sounds": [], "unavailable": False,
        }  # fmt: skip


def _json(body: Any, status: int = 200) -> web.Response:
    """The client looks for exactly this content type."""
    return web.Response(body=json.dumps(body), status=status, headers={"Content-Type": "application/json"})


async def _body(request: web.Request) -> tuple[Any, dict[str, bytes]]:
    if not request.content_type.startswith("multipart/"):
        return (await request.json() if request.can_read_body else None), {}
    body: Any = None
    files: dict[str, bytes] = {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        if part.name == "payload_json":
            body = await part.json()
        else:
            files[part.filename or "?"] = bytes(await part.read())
    return body, files
