"""Not faster than Google allows: a bucket of calls that fills again with time."""

from __future__ import annotations

import time
from collections.abc import Callable

BURST = 100


class Pace:
    """At most `per_minute` calls in the long run, `BURST` of them at once; 0 means no limit.

    `clock` in seconds, `sleep` for seconds: given by tests that do not want to wait.
    """

    def __init__(
        self,
        per_minute: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._per_second = per_minute / 60
        self._clock = clock
        self._sleep = sleep
        self._left = float(BURST)
        self._seen = clock()

    def take(self, calls: int) -> None:
        """Wait until so many calls may go out."""
        if not self._per_second:
            return
        now = self._clock()
        self._left = min(float(BURST), self._left + (now - self._seen) * self._per_second) - calls
        self._seen = now
        if self._left < 0:
            self._sleep(-self._left / self._per_second)
