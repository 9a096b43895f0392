"""The REST API as the bot uses it: always for one member, with timeouts, repeats that are harmless, and sentences."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Self

import aiohttp

TIMEOUT = 10.0
TRIES = 3
LONGEST_WAIT = 5.0
"""Seconds; who is asked to wait longer is told so."""
_AGAIN = frozenset({502, 503, 504})
Json = dict[str, Any]
Pace = Literal["quick", "usual", "patient"]
"""`quick`: one short try, for completions; `patient`: one long one, for questions that are solved in full."""
_SECONDS: dict[Pace, float] = {"quick": 2.0, "patient": 180.0}

UNREACHED = "The matching service cannot be reached right now, so nothing was done. Please try again in a few minutes."
UNCERTAIN = (
    "The matching service did not answer in time, so I do not know whether this was done. "
    "Look with review_status before you try again."
)
BROKEN = "The matching service had a fault and has logged it. Please try again later."
KEY_REFUSED = (
    "The matching service does not accept my key. Staff: check BOT_SHARED_SECRET of the bot and of the server."
)
SLOW_DOWN = "That was too often. Please try again in {seconds} seconds."


class ApiError(Exception):
    """The API said no, or nothing. `sentence` is for the member; `status` 0: no answer; `kind`: the problem's type."""

    def __init__(self, sentence: str, status: int = 0, kind: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.kind = kind


@dataclass(frozen=True)
class Reached:
    """An answer: its body, and the tag to send back with a change."""

    data: Json
    tag: str


class Api:
    """One connection pool. `timeout` in seconds for each try; `pause` before the first repeat, doubled each time."""

    def __init__(self, base: str, key: str, *, timeout: float = TIMEOUT, pause: float = 0.4) -> None:
        self._base = base.rstrip("/")
        self._key = key
        self._timeout = timeout
        self._pause = pause
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def acting_for(self, member: int, roles: Iterable[int] = ()) -> Member:
        """Calls in the name of a Discord member with these role ids."""
        headers = {"Authorization": f"Bearer {self._key}", "X-Discord-Member": str(member)}
        named = ",".join(str(role) for role in sorted(roles))
        return Member(self, {**headers, "X-Discord-Roles": named} if named else headers)

    async def call(
        self, method: str, path: str, headers: Mapping[str, str], *, repeat: bool, pace: Pace = "usual", **given: Any
    ) -> Reached:
        """Raises `ApiError`. `repeat`: a second try does no harm."""
        assert self._session is not None, "use `async with`"
        tries = TRIES if repeat and pace == "usual" else 1
        timeout = aiohttp.ClientTimeout(total=_SECONDS.get(pace, self._timeout))
        for number in range(1, tries + 1):
            wait = self._pause * 2 ** (number - 1)
            try:
                async with self._session.request(
                    method, f"{self._base}/api/{path}", headers=headers, timeout=timeout, allow_redirects=False, **given
                ) as answer:
                    if answer.status in _AGAIN and number < tries:
                        wait = max(wait, _asked_to_wait(answer))
                    else:
                        return _taken(answer.status, answer.headers, await answer.read())
            except aiohttp.ClientConnectorError:
                if number == tries:
                    raise ApiError(UNREACHED) from None
            except (aiohttp.ClientError, TimeoutError):
                if number == tries:
                    raise ApiError(UNREACHED if method == "GET" else UNCERTAIN) from None
            await asyncio.sleep(min(wait, LONGEST_WAIT))
        raise ApiError(UNREACHED)


@dataclass(frozen=True)
class Member:
    """The API for one member. All raise `ApiError`."""

    _api: Api
    _headers: Mapping[str, str]

    async def get(self, path: str, *, pace: Pace = "usual", **query: str | int | Iterable[str]) -> Json:
        return (await self.read(path, pace=pace, **query)).data

    async def read(self, path: str, *, pace: Pace = "usual", **query: str | int | Iterable[str]) -> Reached:
        """With the tag; parameters that are "" are left out."""
        pairs = [
            (name, str(one))
            for name, value in query.items()
            for one in ([value] if isinstance(value, str | int) else value)
            if str(one)
        ]
        return await self._api.call("GET", path, self._headers, repeat=True, pace=pace, params=pairs)

    async def post(self, path: str, body: Json, *, once: str, seen: str = "", pace: Pace = "usual") -> Json:
        """`once`: names the deed, so that a repeat has no second effect; `seen`: the tag of what was shown."""
        key = f"{once}.{zlib.crc32(path.encode()):08x}"
        headers = {**self._headers, "Idempotency-Key": key, **({"If-Match": f'"{seen}"'} if seen else {})}
        return (await self._api.call("POST", path, headers, repeat=True, pace=pace, json=body)).data

    async def patch(self, path: str, body: Json) -> Json:
        return (await self._api.call("PATCH", path, self._headers, repeat=False, json=body)).data

    async def delete(self, path: str) -> Json:
        return (await self._api.call("DELETE", path, self._headers, repeat=False)).data


def _taken(status: int, headers: Mapping[str, str], body: bytes) -> Reached:
    try:
        data = json.loads(body) if body else {}
    except ValueError:
        data = None
    if 200 <= status < 300 and isinstance(data, dict):
        return Reached(data, headers.get("ETag", "").strip('"'))
    raise _refusal(status, data if isinstance(data, dict) else {}, headers)


def _refusal(status: int, data: Json, headers: Mapping[str, str]) -> ApiError:
    kind = str(data.get("type", "")).rpartition(":")[2]
    if status == 429:
        return ApiError(SLOW_DOWN.format(seconds=headers.get("Retry-After", "60")), status, "throttled")
    if status == 401 or kind == "no-member":
        return ApiError(KEY_REFUSED, status, kind)
    if 400 <= status < 500 and data.get("detail"):
        return ApiError(_sentence(data), status, kind)
    return ApiError(BROKEN, status, kind)


def _sentence(data: Json) -> str:
    """The problem's own words; of wrong fields each as "zone is no time zone"."""
    faults = [f"{one['field']} {one['detail']}".strip() for one in data.get("errors") or []]
    text = "; ".join(faults) or str(data["detail"])
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


def _asked_to_wait(answer: aiohttp.ClientResponse) -> float:
    text = answer.headers.get("Retry-After", "0")
    return float(text) if text.isascii() and text.isdecimal() else 0.0
