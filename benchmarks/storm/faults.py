"""What goes wrong on the wire: each kind of trouble, in an order and at requests that chance picks."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.standins.discord_rates import rate_limit
from tests.standins.google_calendar import google_error
from tests.standins.google_sheets import sheets_error
from tests.standins.loopback import Answer, Asked

LOST = "reply lost after the commit"
SLOW, EXPIRED, DUPLICATE = "slow", "token expired", "duplicate"
Trouble = tuple[str, Answer | None]
_NO_ANSWER: tuple[Trouble, ...] = (("reset", None), (LOST, None), (SLOW, None), (DUPLICATE, None))
GOOGLE: tuple[Trouble, ...] = (
    ("403 rateLimitExceeded", google_error(403, "rateLimitExceeded")),
    ("429", google_error(429, "rateLimitExceeded", headers={"Retry-After": "7"})),
    ("500", google_error(500, "backendError")),
    ("503", google_error(503, "backendError")),
    (EXPIRED, None),
    *_NO_ANSWER,
)
SHEETS: tuple[Trouble, ...] = (
    ("403 rateLimitExceeded", sheets_error(403, "PERMISSION_DENIED", reason="RATE_LIMIT_EXCEEDED")),
    ("429", sheets_error(429, "RESOURCE_EXHAUSTED")),
    ("500", sheets_error(500, "INTERNAL")),
    ("503", sheets_error(503, "UNAVAILABLE")),
    (EXPIRED, None),
    *_NO_ANSWER,
)
DISCORD: tuple[Trouble, ...] = (
    ("429", rate_limit(0.05)),
    ("500", Answer(500, {"message": "500"})),
    ("503", Answer(503, {"message": "503"})),
    *_NO_ANSWER,
)


@dataclass
class Storm:
    """Takes the part of a `Fault`: each kind of trouble `each` times.

    `seen` counts what struck.
    """

    server: Any
    kinds: tuple[Trouble, ...]
    chance: random.Random
    each: int
    seen: Counter[str] = field(default_factory=Counter)
    answer: Answer | None = None
    after_commit: bool = False

    def __post_init__(self) -> None:
        self._left = [kind for kind in self.kinds for _ in range(self.each)]
        self.chance.shuffle(self._left)

    def strikes(self, asked: Asked) -> bool:
        """Whether this request's answer is not the real one."""
        if asked.path == "/token" or not self._left or self.chance.random() < 0.4:
            return False
        name, self.answer = self._left.pop()
        self.seen[name] += 1
        self.after_commit = name == LOST
        if name == SLOW:
            time.sleep(0.2)
        elif name == EXPIRED:
            self.server.tokens.granted.clear()
        elif name == DUPLICATE:
            self.server._answer(asked)
        else:
            return True
        return False


@dataclass
class Quota:
    """Takes the part of a `Fault`: used up at the `place`-th request, and for all that follow until `tomorrow`."""

    place: int
    seen: Counter[str] = field(default_factory=Counter)
    answer: Answer = field(default_factory=lambda: google_error(403, "quotaExceeded"))
    after_commit: bool = False

    def strikes(self, asked: Asked) -> bool:
        """Whether nothing is left of today's quota."""
        if asked.path == "/token":
            return False
        self.place -= 1
        self.seen["quotaExceeded"] += self.place <= 0
        return self.place <= 0

    def tomorrow(self) -> None:
        """There is enough again."""
        self.place = sys.maxsize
