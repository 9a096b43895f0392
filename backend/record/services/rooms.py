"""Rooms that a calendar made for sessions."""

from __future__ import annotations

from datetime import datetime

from backend.record.actor import NIGHT
from backend.record.models import Program, ScheduledSession
from backend.record.refusal import one_step
from backend.record.services.audit import note
from backend.record.services.notices import tell
from publish.outbox import ROOM_NEWS, CalendarAct
from publish.text import web_link


def keep_room(program: Program, key: str, link: str, now: datetime) -> None:
    """Keep the link, and let both people's events name it. A room that is known, and no web address, change nothing."""
    with one_step():
        row = ScheduledSession.objects.select_for_update().filter(program=program, key=key).first()
        if row is None or row.meeting_link or web_link(link) is None:
            return
        row.meeting_link = link[:500]
        row.save()
        tell(row, CalendarAct.REVISE, ROOM_NEWS)
        note(NIGHT, "room", row, now, program=program)
