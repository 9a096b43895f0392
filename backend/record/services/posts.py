"""Posts of the forms: stored as bytes before they are parsed, so that nothing a person sent is lost."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from backend.record.actor import Actor
from backend.record.models import FormPost, Program
from backend.record.models.states import ActorKind, Channel, FormKind, PostState, Source
from backend.record.services.responses import Arrival, Frame, Taken, take
from ingest.answer import RESPONSE_ID, TIMESTAMP
from ingest.columns import plain
from ingest.forms.row import one_line

WEBHOOK = Actor(ActorKind.SYSTEM, Channel.WEBHOOK)
MOST_TITLES = 200
LONGEST_ID = 200
EMAIL = "Email Address"


@dataclass(frozen=True)
class Received:
    """What became of a post. `taken` is None for one that could not be understood: `post.reason` says why."""

    post: FormPost
    taken: Taken | None
    replay: bool


class _UnusableError(Exception):
    """The post is no answer of a form; the message is the reason, quoting nothing."""


def store_post(program: Program, form: FormKind, body: bytes, now: datetime) -> FormPost:
    """The post's row, committed; the same bytes have one row."""
    values = {"body": body, "received_at": now}
    digest = hashlib.sha256(body).hexdigest()
    try:
        with transaction.atomic():
            return FormPost.objects.get_or_create(program=program, form=form, digest=digest, defaults=values)[0]
    except IntegrityError:
        return FormPost.objects.get(program=program, form=form, digest=digest)


def take_post(post: FormPost, frame: Frame, now: datetime, *, verified_email: bool) -> Received:
    """Read a stored post; one that was read before is a replay. Its bytes go once its answer stands on its own."""
    with transaction.atomic():
        post = FormPost.objects.select_for_update().get(pk=post.pk)
        if post.state == PostState.REFUSED:
            return Received(post, None, replay=True)
        if post.state == PostState.TAKEN:
            known = Taken(post.response, None, replay=True) if post.response else None
            return Received(post, known, replay=True)
        try:
            arrival = _arrival(FormKind(post.form), bytes(post.body), verified_email=verified_email)
        except _UnusableError as error:
            post.state, post.reason = PostState.REFUSED, str(error)
            post.save()
            return Received(post, None, replay=False)
        taken = take(post.program, arrival, frame, WEBHOOK, now)
        post.state, post.response, post.body = PostState.TAKEN, taken.response, b""
        post.save()
    return Received(post, taken, taken.replay)


def take_left_posts(program: Program, frame: Frame, now: datetime, *, verified_email: bool) -> int:
    """Read what was stored and not read, because the server broke or stopped in between. Returns how many."""
    left = list(FormPost.objects.filter(program=program, state=PostState.STORED))
    for post in left:
        take_post(post, frame, now, verified_email=verified_email)
    return len(left)


def _arrival(form: FormKind, body: bytes, *, verified_email: bool) -> Arrival:
    """Raises `_UnusableError`."""
    try:
        post = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise _UnusableError("is not JSON in UTF-8") from None
    given = post.get("responses") if isinstance(post, dict) else None
    if not isinstance(given, dict) or not given:
        raise _UnusableError("has no responses (title -> answer)")
    if len(given) > MOST_TITLES:
        raise _UnusableError(f"has more than {MOST_TITLES} answers")
    name, moment = post.get("response_id"), post.get("timestamp")
    if not isinstance(name, str) or not 1 <= len(one_line(name)) <= LONGEST_ID:
        raise _UnusableError(f"has no response_id of 1 to {LONGEST_ID} characters")
    if not isinstance(moment, str):
        raise _UnusableError("has no timestamp")
    email = post.get("respondent_email")
    answers = _answers(given, moment, one_line(name), email if isinstance(email, str) else "")
    proven = verified_email and isinstance(email, str) and _email(answers) == email.strip().casefold()
    return Arrival(form, answers, Source.WEBHOOK, one_line(name), email_verified=proven)


def _answers(given: Mapping[str, Any], moment: str, name: str, email: str) -> dict[str, str]:
    """Title -> text as the sheet would show it; ours for what the form itself knows."""
    own = {plain(TIMESTAMP), plain(RESPONSE_ID)}
    answers = {str(title): _text(value) for title, value in given.items() if plain(str(title)) not in own}
    if email and not _email(answers):
        answers = {title: text for title, text in answers.items() if plain(title) != plain(EMAIL)} | {EMAIL: email}
    return {TIMESTAMP: moment, **answers, RESPONSE_ID: name}


def _email(answers: Mapping[str, str]) -> str:
    return next((text.strip().casefold() for title, text in answers.items() if plain(title) == plain(EMAIL)), "")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(_text(part) for part in value)
    return json.dumps(value, ensure_ascii=False)
