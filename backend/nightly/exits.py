"""Exit codes of the command line, and the one error type that carries them (DESIGN: command line)."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What the process tells its caller."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    PARTIAL = 3
    GATE_REFUSED = 4
    STALE_PLAN = 5
    CHECKER_REJECTED = 6
    CHANGES_PRESENT = 10
    LOCK_HELD = 11
    TRY_LATER = 75
    INTERRUPTED = 130


class Stop(Exception):  # noqa: N818 - not every stop is an error
    """The job ends here; `message` is for staff: what happened, where, and what to do."""

    def __init__(self, code: Exit, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
