"""A run taken back from a shell."""

from __future__ import annotations

from datetime import datetime

from backend.nightly.exits import Exit, Stop
from backend.record.history import found_run
from backend.record.opening import opened
from backend.record.overrides import Told
from backend.record.refusal import Refused
from backend.report.words import counted
from backend.settings import Settings
from publish.booking import visible_reference


def undo_run(settings: Settings, text: str, now: datetime, *, look: bool = False) -> Told:
    """Cancel what a run booked, as if it had not been; `look`: only say what that would do.

    Raises `Stop(GATE_REFUSED)` when a session of it began, or it was undone before.
    """
    with opened(settings):
        from backend.record.actor import CONSOLE
        from backend.record.services.undoing import undo, undoing

        run = found_run(settings, text)
        try:
            found = undoing(run, now) if look else undo(run, settings, CONSOLE, now)
        except Refused as refusal:
            raise Stop(Exit.GATE_REFUSED, f"run {run.key}: {refusal.message}") from None
        key = settings.program.key
        references = [visible_reference("session", key, one.key) for one in found.sessions]
        students = len({one.student_id for one in found.sessions})
        people = students + len({one.professional_id for one in found.sessions})
        would, told = "would be" if look else "are", counted(people, "person", "people")
        says = [
            f"run {run.key} of the night {run.night} {'would be' if look else 'is'} undone:",
            f"  {counted(len(found.sessions), 'session')} {would} cancelled, {told} told",
            f"  {counted(students, 'student')} {'would wait' if look else 'wait'} again, with their old place",
        ]
        if found.pins:
            says.append(f"  {counted(len(found.pins), 'pin')} {would} in force again")
        if found.gone:
            says.append(f"  {counted(found.gone, 'session')} of it had been cancelled before")
        if references:
            says.append(f"  {', '.join(references[:8])}{', ...' if len(references) > 8 else ''}")
        data: dict[str, str | int | None] = {
            "run": run.key, "night": run.night, "undone": 0 if look else 1, "sessions": len(found.sessions),
            "people": people, "pins": len(found.pins),
        }  # fmt: skip
        return Told("\n".join(says), data)
