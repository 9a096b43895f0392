"""How long an item rests after a failed attempt."""

from __future__ import annotations

from datetime import timedelta

from publish.booking import digest
from publish.ports import PublishError

SHORTEST_WAIT = timedelta(seconds=1)
"""Also where a service asks for none, or for a moment that has passed on its clock."""
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=6)
LONGEST_BLOCK = timedelta(minutes=30)
"""Only a person can mend what blocks a channel for good. All goes on soon after that is done; until then another item
shows whether it is the channel or the one item that is refused."""
LONGEST_JITTER = timedelta(seconds=5)
"""What may be added to a wait that a service asked for, so that not everything comes back in the same instant."""


def wait_after(key: str, attempts: int, error: PublishError) -> timedelta:
    """As long as the service asked for and a little more, else twice as long each time, give or take a quarter.

    The jitter comes from the item's key and the number of attempts, so that a night can be replayed.
    """
    share = float(int.from_bytes(digest("wait", key, attempts)[:4], "big")) / 2.0**32
    if error.retry_after is not None:
        asked = max(SHORTEST_WAIT, error.retry_after)
        return asked + min(asked / 10, LONGEST_JITTER) * share
    longest = LONGEST_BLOCK if error.permanent and error.blocks_channel else LONGEST_WAIT
    doubled = min(longest, FIRST_WAIT * (1 << min(max(attempts, 1) - 1, 16)))
    return doubled * (0.75 + share / 2)
