"""What people can do by a link in a message, and how a message calls it.

Whoever keeps the record signs the addresses; here are only the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

Links = Mapping[str, str]
"""What a link does, in words of the recipient, to its address."""


class LinkAct(StrEnum):
    """One purpose of a link. The value stands in its address, so it never changes."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    CANCEL = "cancel"
    MOVE = "move"
    PAUSE = "pause"
    TIMES = "times"
    SKIP = "skip"
    AFTER = "after"


LABELS: Mapping[LinkAct, str] = {
    LinkAct.CONFIRM: "I will be there",
    LinkAct.DECLINE: "I cannot make this time",
    LinkAct.MOVE: "Find another time",
    LinkAct.CANCEL: "Cancel this session",
    LinkAct.PAUSE: "Pause matching for a while",
    LinkAct.TIMES: "Correct my times",
    LinkAct.SKIP: "Leave me out tonight",
    LinkAct.AFTER: "Say how it went",
}
ABOUT_SESSION = (LinkAct.CONFIRM, LinkAct.DECLINE, LinkAct.MOVE, LinkAct.CANCEL)
"""Acts on one session as it stands."""
ABOUT_ME = (LinkAct.TIMES, LinkAct.PAUSE)
"""Acts on what somebody offers or wishes."""
