"""How long a solve may take: a number of seconds, or until somebody presses Ctrl-C."""

from __future__ import annotations

import signal
import threading
import time
from types import FrameType

import click


class Patience:
    """Asked by the solver whether to stop. Within its `with`, the first Ctrl-C only ends the solve, the second one all.

    `seconds` count from entering it; None: no limit.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self._seconds = seconds
        self._until: float | None = None
        self.interrupted = False

    def __call__(self) -> bool:
        return self.interrupted or self.over

    @property
    def over(self) -> bool:
        """The time is up."""
        return self._until is not None and time.monotonic() >= self._until

    def __enter__(self) -> Patience:
        if self._seconds is not None:
            self._until = time.monotonic() + self._seconds
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(self, *_: object) -> None:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, self._before)

    def _interrupt(self, _signal: int, _frame: FrameType | None) -> None:
        self.interrupted = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
        click.echo("\nstopping with the best plan so far; press Ctrl-C again to leave at once", err=True)
