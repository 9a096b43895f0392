"""How long an item rests after a failed attempt."""

from __future__ import annotations

from datetime import timedelta

from publish.booking import digest
from publish.ports import PublishError

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=6)
LONGEST_JITTER = timedelta(seconds=5)
"""What may be added to a wait that a service asked for, so that not everything comes back in the same instant."""


def wait_after(key: str, attempts: int, error: PublishError) -> timedelta:
    """As long as the service asked for and a little more, else twice as long each time, give or take a quarter.

    The jitter comes from the item's key and the number of attempts, so that a night can be replayed.
    """
    share = float(int.from_bytes(digest("wait", key, attempts)[:4], "big")) / 2.0**32
    if error.permanent and error.blocks_channel:
        return FIRST_WAIT  # only a person can mend it; the channel rests anyway, and goes on as soon as that is done
    if error.retry_after is not None:
        return error.retry_after + min(error.retry_after / 10, LONGEST_JITTER) * share
    doubled = min(LONGEST_WAIT, FIRST_WAIT * (1 << min(max(attempts, 1) - 1, 16)))
    return doubled * (0.75 + share / 2)
