"""Showing staff a rehearsal: at their address what single people would get, in their channel what channels would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from backend.nightly.channels import Channels, channels
from backend.nightly.exits import Exit, Stop
from backend.settings import Mail, Publish, Reminders, Settings
from publish.mail import Mailer
from publish.ports import Announcer, PublishError
from publish.rehearsing import Shown, rehearsal_mail, rehearsal_messages


@dataclass(frozen=True)
class Told:
    """How many of each kind staff got. `homeless`: had no way to staff; `failed`: did not get through, and why."""

    sent: dict[str, int]
    homeless: int = 0
    failed: int = 0
    problems: tuple[str, ...] = ()


@contextmanager
def staff_doors(settings: Settings) -> Iterator[Channels]:
    """The mail server and the staff's channel alone, also while publishing is off. Raises `Stop(USAGE)`."""
    publish = settings.publish
    by_mail = bool(publish.rehearsal_email and settings.mail.host)
    if not (by_mail or publish.staff_channel_id):
        raise Stop(
            Exit.USAGE,
            "nowhere to show a rehearsal: set publish.rehearsal_email and mail.host, or publish.staff_channel_id",
        )
    changes = {
        "publish": Publish(enabled=True, staff_channel_id=publish.staff_channel_id),
        "mail": settings.mail if by_mail else Mail(),
        "reminders": Reminders(phone=False),
    }
    with channels(settings.model_copy(update=changes)) as ports:
        yield ports


def limited(shown: Iterable[Shown], limit: int | None) -> tuple[Shown, ...]:
    """The first `limit` of each kind; all without a limit."""
    seen: Counter[str] = Counter()
    chosen = []
    for one in shown:
        seen[one.kind] += 1
        if limit is None or seen[one.kind] <= limit:
            chosen.append(one)
    return tuple(chosen)


def show_staff(settings: Settings, ports: Channels, shown: Iterable[Shown], mark: str) -> Told:
    """Send each to staff. After a failure that blocks its way, the rest of that way counts as failed too."""
    sent: Counter[str] = Counter()
    problems: dict[str, None] = {}
    blocked: set[bool] = set()
    homeless = failed = 0
    for one in shown:
        chat = None if one.private else ports.announcer
        if chat is None and ports.mailer is None:
            homeless += 1
            continue
        by_chat = chat is not None
        try:
            if by_chat in blocked:
                failed += 1
                continue
            _show(settings, chat, ports.mailer, one, mark)
            sent[one.kind] += 1
        except PublishError as error:
            failed += 1
            problems[str(error)] = None
            blocked |= {by_chat} if error.blocks_channel else set()
    return Told(dict(sent), homeless, failed, tuple(problems))


def _show(settings: Settings, chat: Announcer | None, mailer: Mailer | None, one: Shown, mark: str) -> None:
    if chat is not None:
        for message in rehearsal_messages(one, settings.program.key, settings.publish.staff_channel_id, mark):
            chat.post(message)
    elif mailer is not None:
        mailer.send(rehearsal_mail(one, settings.publish.rehearsal_email, settings.program.zone, mark))
