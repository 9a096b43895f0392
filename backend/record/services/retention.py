"""Texts that were kept long enough are emptied, by the program's own rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.record.actor import NIGHT
from backend.record.models import FormPost, FormResponse, Program, Reading, StoredAnswer
from backend.record.services.audit import note


@dataclass(frozen=True)
class Keep:
    """How long what is kept; None: until the person is erased.

    `answers`: what people answered. `posts`: bodies of form posts that could not be understood. `replies`: answers of
    the API that are given again to a repeated request.
    """

    answers: timedelta | None = None
    posts: timedelta | None = None
    replies: timedelta | None = None


def forget_old(program: Program, keep: Keep, now: datetime) -> int:
    """Empty what is older. Returns how many rows lost their text."""
    count = 0
    if keep.answers is not None:
        old = FormResponse.objects.filter(program=program, received_at__lt=now - keep.answers).exclude(raw={})
        Reading.objects.filter(response__in=old).delete()
        count += old.update(raw={})
    if keep.posts is not None:
        count += (
            FormPost.objects.filter(program=program, received_at__lt=now - keep.posts)
            .exclude(body=b"")
            .update(body=b"")
        )
    if keep.replies is not None:
        count += StoredAnswer.objects.filter(key__program=program, created_at__lt=now - keep.replies).delete()[0]
    if count:
        note(NIGHT, "forget", program, now, program=program, after={"rows": count})
    return count
