"""Invitations by mail are recorded one by one: neither a crash nor a slow server doubles more than the one in doubt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from backend.nightly.act import book, work_off
from backend.nightly.channels import Channels
from backend.nightly.night import think
from backend.record.django_outbox import CLAIM_LASTS
from backend.record.django_record import DjangoRecord
from publish.mail import Mail
from publish.ports import Receipt
from tests.backend.nightly.nights import AS_OF, crowd, make_settings, make_sheets

SETTINGS = make_settings(publish={"enabled": True}, mail={"host": "mail.example"})


class Box:
    """A mail server that takes its time."""

    def __init__(self, before: Callable[[int], None]) -> None:
        self.mails: list[Mail] = []
        self.before = before

    def send(self, mail: Mail) -> Receipt:
        self.mails.append(mail)
        self.before(len(self.mails))
        return Receipt(mail.message_id)

    @property
    def doubled(self) -> int:
        return sum(number - 1 for number in Counter(one.message_id for one in self.mails).values())


def booked() -> None:
    record = DjangoRecord(SETTINGS, lambda: AS_OF)
    sheets = make_sheets(crowd(8), [{"Maximum Reviews Per Week": "no limit"}])
    tonight = record.keep(sheets, AS_OF)
    book(think(SETTINGS, tonight.sheets, tonight.state, AS_OF, lambda _: None), record, approved=False)


def test_a_slow_mail_server_and_a_second_worker_double_no_mail(embedded_db: Path) -> None:
    booked()
    now = [AS_OF]

    def worker() -> None:
        work_off(SETTINGS, DjangoRecord(SETTINGS, lambda: now[0]), Channels(mailer=box), lambda: now[0], lambda _: None)

    def slowly(count: int) -> None:
        now[0] += timedelta(minutes=1)  # far below 50 x 12 s; the claim of the first one lasts 10 minutes
        if count == 12:
            box.before = lambda _count: None
            worker()  # `serve` looks every five minutes what there is to send

    box = Box(slowly)
    worker()
    assert len(box.mails) >= 12
    assert box.doubled <= 1, box.doubled


def test_a_process_killed_between_two_mails_repeats_at_most_the_one_in_doubt(embedded_db: Path) -> None:
    booked()
    now = [AS_OF]

    def killed(count: int) -> None:
        if count == 12:
            raise KeyboardInterrupt

    box = Box(killed)
    with pytest.raises(KeyboardInterrupt):
        work_off(SETTINGS, DjangoRecord(SETTINGS, lambda: now[0]), Channels(mailer=box), lambda: now[0], lambda _: None)
    now[0] += CLAIM_LASTS + timedelta(minutes=1)
    box.before = lambda _count: None
    work_off(SETTINGS, DjangoRecord(SETTINGS, lambda: now[0]), Channels(mailer=box), lambda: now[0], lambda _: None)
    assert box.doubled <= 1, box.doubled
