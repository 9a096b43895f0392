"""What the record does not do, as one error that every door can translate."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from django.db import IntegrityError, transaction


class Reason(StrEnum):
    """`CLASH`: another row stands against it. `NOT_NOW`: the row is in a state that does not allow it."""

    CLASH = "clash"
    INVALID = "invalid"
    NOT_ALLOWED = "not_allowed"
    NOT_NOW = "not_now"
    UNKNOWN = "unknown"


class Refused(Exception):  # noqa: N818 - a refusal is an answer
    """Nothing was changed. The message is fit for strangers: no name, address or text of anybody."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


_SENTENCES = (
    ("overlap", Reason.CLASH, "one of the two is in another session at that time"),
    ("two_people", Reason.INVALID, "nobody meets themselves"),
    ("ends before", Reason.INVALID, "it ends before it starts"),
    ("ends_later", Reason.INVALID, "it ends before it starts"),
    ("ends_after_start", Reason.INVALID, "it ends before it starts"),
    ("length", Reason.INVALID, "a session lasts 10 to 240 minutes"),
    ("not one of the two", Reason.NOT_ALLOWED, "only the two people of a session may say that"),
    ("insider", Reason.NOT_ALLOWED, "only the two people of a session may say that"),
    ("rating_1_to_5", Reason.INVALID, "a rating is 1 to 5"),
    ("request_one_active", Reason.CLASH, "this student has an active request already"),
    ("record_reviewrequest.program_id", Reason.CLASH, "this student has an active request already"),
    ("run_once", Reason.CLASH, "this run was booked already"),
    ("record_run.program_id", Reason.CLASH, "this run was booked already"),
    ("record_scheduledsession_key", Reason.CLASH, "this session was booked already"),
    ("record_scheduledsession.key", Reason.CLASH, "this session was booked already"),
    ("pin_once", Reason.CLASH, "these two are pinned already"),
    ("record_pin.program_id", Reason.CLASH, "these two are pinned already"),
    ("forbidden_once", Reason.CLASH, "these two are kept apart already"),
    ("record_forbiddenpair.program_id", Reason.CLASH, "these two are kept apart already"),
)


@contextmanager
def one_step() -> Iterator[None]:
    """All of the block or nothing of it. What the database refuses comes out as `Refused`; surprises stay errors."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        text = str(error)
        for mark, reason, sentence in _SENTENCES:
            if mark in text:
                raise Refused(reason, sentence) from None
        raise
