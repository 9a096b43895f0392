"""Rate limits as Discord states them: a bucket for each method and channel, told in headers, refused with 429."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace

from tests.standins.loopback import Answer


def rate_limit(retry_after: float, *, everywhere: bool = False) -> Answer:
    """429 as it comes through Discord's own proxy; without `Via` the library takes it for a ban."""
    body = {"message": "You are being rate limited.", "retry_after": retry_after, "global": everywhere}
    headers = {"Via": "1.1 google", "Retry-After": str(retry_after)}
    return Answer(429, body, {**headers, "X-RateLimit-Global": "true"} if everywhere else headers)


class RateLimits:
    """At most `limit` requests of one kind in one channel within `seconds`; 0 limits nothing. Counts refusals."""

    def __init__(self, limit: int = 0, seconds: float = 0.2) -> None:
        self.limit, self.seconds, self.refusals = limit, seconds, 0
        self._used: Counter[str] = Counter()
        self._until: dict[str, float] = {}

    def refused(self, method: str, channel: str) -> Answer | None:
        """The 429, if the bucket is empty."""
        if not self.limit:
            return None
        bucket, now = f"{method}-{channel}", time.monotonic()
        if now >= self._until.get(bucket, 0.0):
            self._used[bucket], self._until[bucket] = 0, now + self.seconds
        self._used[bucket] += 1
        if self._used[bucket] <= self.limit:
            return None
        self.refusals += 1
        return rate_limit(self._until[bucket] - now)

    def told(self, method: str, channel: str, answer: Answer) -> Answer:
        """The answer with what is left in its bucket."""
        if not self.limit:
            return answer
        bucket = f"{method}-{channel}"
        left = self._until[bucket] - time.monotonic()
        told = {"Limit": self.limit, "Remaining": self.limit - self._used[bucket], "Reset-After": f"{left:.3f}"}
        told |= {"Reset": f"{time.time() + left:.3f}", "Bucket": bucket}
        headers = {f"X-RateLimit-{name}": str(value) for name, value in told.items()}
        return replace(answer, headers={**answer.headers, **headers})
