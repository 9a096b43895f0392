"""A Discord message as people read it where nothing shows Discord's marks: e-mail and other channels."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from publish.mail import local_time

_RELATIVE = re.compile(r" \(<t:\d+:R>\)")
_MOMENT = re.compile(r"<t:(\d+)(?::\w)?>")
_LINK = re.compile(r"<(https?://[^\s<>]*)>")
_MARKS = re.compile(r"\*\*|^-# |\\([\\`*_~|<>\[\]()#])", re.MULTILINE)


def legible(text: str, zone: str) -> str:
    """The text without what Discord takes for marks, its times written out in `zone`."""
    told = _RELATIVE.sub("", text)
    told = _MOMENT.sub(lambda found: local_time(datetime.fromtimestamp(int(found[1]), UTC), zone), told)
    return _MARKS.sub(lambda found: found[1] or "", _LINK.sub(r"\1", told)).replace("\u200b", "")
