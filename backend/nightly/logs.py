"""Structured logs to stderr without personal data.

Only keys on the allow list are written; anything else (and so any name, address or free text that slips into a call)
is replaced by its type, so a careless line of code cannot leak a person.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

CLEAR_LINE = "\r\x1b[K"
"""Takes away what a terminal's line holds, such as how far the work is."""
ALLOWED = frozenset({
    "event", "level", "run", "night", "as_of", "phase", "tier", "round", "value", "bound", "count", "rows", "students",
    "professionals", "sessions", "unmatched", "issues", "code", "state", "channel", "attempt", "sheet", "error_type",
    "job",
})  # fmt: skip


def keep_allowed(_: object, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: values under unknown keys become the name of their type."""
    for key in entry:
        if key not in ALLOWED:
            entry[key] = f"<{type(entry[key]).__name__} withheld>"
    return entry


def configure(stream: TextIO | None = None, *, verbose: bool = False) -> None:
    """Send log lines as JSON to `stream` (stderr): warnings and worse, or everything when verbose."""
    if not logging.getLogger().handlers:  # libraries quote answers and numbers: what they log goes nowhere
        logging.getLogger().addHandler(logging.NullHandler())
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            keep_allowed,
            structlog.processors.JSONRenderer(sort_keys=True),
            lambda _, __, line: f"{CLEAR_LINE}{line}" if (stream or sys.stderr).isatty() else line,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(20 if verbose else 30),
        # Asked anew for each line: whoever replaced stderr since, and closed theirs, breaks no log.
        logger_factory=lambda *_: structlog.PrintLogger(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
