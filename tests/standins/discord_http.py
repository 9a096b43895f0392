"""The few REST endpoints of Discord that posting needs, on loopback, with state.

Written from Discord's API documentation; nothing here was compared with the real service.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Self

from tests.standins.discord_rates import RateLimits
from tests.standins.loopback import Answer, Asked, Loopback

TOKEN = "bot.token.of-the-tests"
BOT_ID = "100000000000000001"
CHANNEL_ID = "200000000000000001"
STAFF_CHANNEL_ID = "200000000000000002"
_BASE = "/api/v10"
_JOINED = "2026-01-01T00:00:00+00:00"
_APPLICATION = {
    "id": BOT_ID,
    "name": "Matcher",
    "icon": None,
    "description": "",
    "bot_public": False,
    "bot_require_code_grant": False,
    "verify_key": "0" * 64,
    "owner": {"id": "1", "username": "staff", "discriminator": "0", "avatar": None},
    "summary": "",
    "flags": 0,
}
GUILD_ID = "500000000000000001"
ROLE_ID = "600000000000000001"
_MESSAGE_CONTENT = 1 << 19
_ALL_RIGHTS = (1 << 10) | (1 << 11) | (1 << 15) | (1 << 16)
"""View Channel, Send Messages, Attach Files, Read Message History."""
_MENTION = re.compile(r"@everyone|@here|<@[!&]?\d+>")
_SENT_FIELDS = frozenset(
    {"content", "nonce", "enforce_nonce", "allowed_mentions", "flags", "tts", "components", "attachments"}
)
_EDIT_FIELDS = frozenset({"content", "tts", "allowed_mentions", "flags", "embeds", "attachments", "components"})


def discord_error(status: int, code: int = 0, message: str = "refused") -> Answer:
    """An error as Discord words it."""
    return Answer(status, {"code": code, "message": message})


def direct_channel(user: str) -> str:
    """The id of the channel in which the bot and this person write to each other."""
    return "4" + user[1:]


class DiscordStandIn(Loopback):
    """A channel, and direct messages. `messages` from old to new, `pings` what would have called people.

    `files` holds a message's attached files by its id, `closed` the people who take no direct messages.

    `flags` are the application's, `rights` those of everybody in the server, `hidden` channels the bot does not see.

    `reads_all`: the bot has the message content intent and sees what others wrote.
    """

    def __init__(self) -> None:
        super().__init__(self._reply)
        self.reads_all = False
        self.flags = _MESSAGE_CONTENT
        self.rights = _ALL_RIGHTS
        self.hidden: set[str] = set()
        self.messages: list[dict[str, Any]] = []
        self.pings: list[str] = []
        self.files: dict[str, Mapping[str, bytes]] = {}
        self.closed: set[str] = set()
        self.rooms = RateLimits()
        self._direct: set[str] = set()
        self._nonces: dict[str, dict[str, Any]] = {}
        self._last_id = 300000000000000000

    def __enter__(self) -> Self:
        super().__enter__()
        return self

    @property
    def base(self) -> str:
        """What `discord.http.Route.BASE` must say."""
        return self.url + _BASE

    def forget_nonces(self) -> None:
        """Some minutes pass."""
        self._nonces.clear()

    def chatter(self, count: int, content: str = "hello") -> None:
        """Other people write."""
        for _ in range(count):
            self._add({"content": content}, {"id": "7", "username": "someone", "discriminator": "0", "avatar": None})

    def _reply(self, asked: Asked) -> Answer:
        path = asked.path.removeprefix(_BASE)
        if asked.headers.get("authorization") != f"Bot {TOKEN}":
            return discord_error(401, 0, "401: Unauthorized")
        if (asked.method, path) == ("GET", "/users/@me"):
            return Answer(200, {**_bot(), "verified": True})
        if (asked.method, path) == ("GET", "/oauth2/applications/@me"):
            return Answer(200, {**_APPLICATION, "flags": self.flags})
        if (asked.method, path) == ("POST", "/users/@me/channels"):
            return self._open_direct(str(asked.json["recipient_id"]))
        if asked.method == "GET" and path.startswith(("/guilds/", "/channels/")) and not path.endswith("/messages"):
            return self._looked(path)
        found = re.fullmatch(r"/channels/(\d+)/messages(?:/(\d+))?", path)
        if found is None:
            self.violations.append(f"{asked.method} {path} is unknown to the stand-in")
            return discord_error(404)
        limited = self.rooms.refused(asked.method, found[1])
        return limited or self.rooms.told(asked.method, found[1], self._in_channel(found[1], found[2], asked))

    def _looked(self, path: str) -> Answer:
        """A channel, the server or the bot as its member."""
        channels = {CHANNEL_ID, STAFF_CHANNEL_ID} - self.hidden
        if path.removeprefix("/channels/") in channels:
            return Answer(200, _channel(path.removeprefix("/channels/")))
        if path == f"/guilds/{GUILD_ID}":
            return Answer(200, _guild(self.rights))
        if path == f"/guilds/{GUILD_ID}/members/{BOT_ID}":
            return Answer(200, {"user": _bot(), "roles": [], "joined_at": _JOINED, "deaf": False, "mute": False,
                                "flags": 0})  # fmt: skip
        return discord_error(404, 10003, "Unknown Channel")

    def direct(self, user: str) -> list[dict[str, Any]]:
        """What was written to one person."""
        return [one for one in self.messages if one["channel_id"] == direct_channel(user)]

    def _open_direct(self, user: str) -> Answer:
        self._direct.add(direct_channel(user))
        recipient = {"id": user, "username": f"u{user}", "discriminator": "0", "avatar": None}
        return Answer(200, {"id": direct_channel(user), "type": 1, "recipients": [recipient], "last_message_id": None})

    def _in_channel(self, channel: str, message_id: str | None, asked: Asked) -> Answer:
        if channel not in {CHANNEL_ID, STAFF_CHANNEL_ID, *self._direct}:
            return discord_error(404, 10003, "Unknown Channel")
        if asked.method == "GET" and message_id is None:
            return self._history(channel, asked)
        if asked.method == "POST" and message_id is None:
            if channel in {direct_channel(user) for user in self.closed}:
                return discord_error(403, 50007, "Cannot send messages to this user")
            return self._post(channel, asked)
        if asked.method == "PATCH" and message_id:
            return self._edit(message_id, asked)
        return discord_error(405)

    def _history(self, channel: str, asked: Asked) -> Answer:
        limit = int(asked.query.get("limit", ["50"])[0])
        if not 1 <= limit <= 100:
            return discord_error(400, 50035, "Invalid Form Body")
        before = int(asked.query.get("before", [str(self._last_id + 1)])[0])
        ours = [message for message in reversed(self.messages) if message["channel_id"] == channel]
        older = [message for message in ours if int(message["id"]) < before]
        return Answer(200, [self._as_seen(message) for message in older[:limit]])

    def _post(self, channel: str, asked: Asked) -> Answer:
        body = asked.json
        refused = self._refused(body, _SENT_FIELDS)
        if refused:
            return refused
        nonce = str(body.get("nonce", ""))
        if len(nonce) > 25:
            return discord_error(400, 50035, "Invalid Form Body")
        if body.get("enforce_nonce") and nonce in self._nonces:
            return Answer(200, self._nonces[nonce])
        message = self._add(body, _bot(), channel)
        self._keep_files(message["id"], asked)
        self._nonces[nonce] = message
        return Answer(200, message)

    def _keep_files(self, message_id: str, asked: Asked) -> None:
        files = {name: content for name, content in asked.parts.items() if name != "payload_json"}
        if files:
            self.files[message_id] = files

    def _edit(self, message_id: str, asked: Asked) -> Answer:
        body = asked.json
        refused = self._refused(body, _EDIT_FIELDS)
        if refused:
            return refused
        message = next((one for one in self.messages if one["id"] == message_id), None)
        if message is None:
            return discord_error(404, 10008, "Unknown Message")
        if message["author"]["id"] != BOT_ID:
            return discord_error(403, 50005, "Cannot edit a message authored by another user")
        self._keep_files(message_id, asked)
        message |= {"content": body["content"], "edited_timestamp": "2026-03-01T03:00:00.000000+00:00"}
        return Answer(200, message)

    def _refused(self, body: dict[str, Any], known: frozenset[str]) -> Answer | None:
        unknown = sorted(set(body) - known)
        if unknown:
            self.violations.append(f"fields unknown to the stand-in: {', '.join(unknown)}")
        content = body.get("content") or ""
        if not content.strip() or len(content.encode("utf-16-le")) // 2 > 2000:
            return discord_error(400, 50035, "Invalid Form Body")
        if _MENTION.search(content) and body.get("allowed_mentions", {}).get("parse") != []:
            self.pings.append(content)
        return None

    def _add(self, body: dict[str, Any], author: dict[str, Any], channel: str = CHANNEL_ID) -> dict[str, Any]:
        self._last_id += 1
        message = {
            "id": str(self._last_id),
            "channel_id": channel,
            "author": author,
            "content": body["content"].strip(),
            "timestamp": "2026-03-01T02:30:00.000000+00:00",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "components": [],
            "pinned": False,
            "type": 0,
            "flags": body.get("flags", 0),
            "nonce": body.get("nonce"),
        }
        self.messages.append(message)
        return message

    def _as_seen(self, message: dict[str, Any]) -> dict[str, Any]:
        """Without the message content intent a bot reads its own messages only; a nonce is not kept."""
        ours = self.reads_all or message["author"]["id"] == BOT_ID
        return {**message, "content": message["content"] if ours else "", "nonce": None}


def _channel(channel: str) -> dict[str, Any]:
    return {"id": channel, "type": 0, "guild_id": GUILD_ID, "name": "room", "position": 0, "nsfw": False,
            "permission_overwrites": [], "parent_id": None, "topic": None, "rate_limit_per_user": 0}  # fmt: skip


def _guild(rights: int) -> dict[str, Any]:
    def role(key: str, name: str, permissions: int) -> dict[str, Any]:
        return {"id": key, "name": name, "color": 0, "hoist": False, "position": 0, "permissions": str(permissions),
                "managed": False, "mentionable": False, "flags": 0}  # fmt: skip

    return {"id": GUILD_ID, "name": "Program", "owner_id": "1", "icon": None, "splash": None, "features": [],
            "roles": [role(GUILD_ID, "@everyone", rights), role(ROLE_ID, "Staff", 0)], "emojis": [], "stickers": [],
            "verification_level": 0, "default_message_notifications": 0, "explicit_content_filter": 0, "mfa_level": 0,
            "nsfw_level": 0, "premium_tier": 0, "preferred_locale": "en-US", "system_channel_flags": 0,
            "afk_timeout": 0}  # fmt: skip


def _bot() -> dict[str, Any]:
    return {"id": BOT_ID, "username": "matcher", "discriminator": "0", "avatar": None, "bot": True}
