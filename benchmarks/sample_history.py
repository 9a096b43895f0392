"""Make sample_data/history.jsonl: almost three made-up years, night by night through the real job and record.

    python -m benchmarks.sample_history [--weeks 150] [--out sample_data/history.jsonl]

The same bytes for the same weeks. Weekly nights are planned, verified and booked as `run` does it; what becomes of the
sessions is drawn by chance and entered by the services that the bot and the admin use.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from backend.analysis.history import record_history
from backend.analysis.made_up import ASKS_AGAIN, SETTINGS, MadeUp
from backend.nightly.act import book
from backend.nightly.moment import night_key
from backend.nightly.night import think
from backend.nightly.record import Record
from backend.record.opening import open_record

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "sample_data" / "history.jsonl"
WEEKS = 150
SAYS, CANCELS, ABSENT, RATES, GIVES_UP = 0.74, 0.05, 0.07, 0.62, 0.35
"""Shares: somebody confirms; a session is cancelled; somebody is absent; it is rated; who was left out stays away."""


@dataclass
class Clock:
    """The present of the made-up program."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


def make(weeks: int, out: Path) -> None:
    """Live through the weeks and write what the record says afterwards."""
    program = MadeUp()
    with tempfile.TemporaryDirectory() as folder:
        settings = SETTINGS.model_copy(update={"state_dir": folder})
        clock = Clock(program.night(0))
        record = open_record(settings, clock)
        for week in range(weeks):
            clock.at = program.night(week)
            _what_became(program, week, clock.at)
            record.tidy()
            _night(program, record, week, clock.at)
            _cancelled(program, week, clock.at)
            sys.stderr.write(f"\rweek {week + 1} of {weeks}")
        record_history(settings).write(out)
    sys.stderr.write("\n")


def _night(program: MadeUp, record: Record, week: int, as_of: datetime) -> None:
    again = _again(program, as_of, week)
    night_name = night_key(as_of, SETTINGS.program.zone)
    tonight = record.open_night(night_name, as_of, lambda: program.sheets(week, again))
    night = think(SETTINGS, tonight.sheets, tonight.state, as_of, lambda _: None, approved=True)
    book(night, record, approved=True)


def _again(program: MadeUp, as_of: datetime, week: int) -> list[str]:
    """Addresses of students whose last answer has just run out unanswered, but for those who give up."""
    from backend.record.models import FormResponse, ReviewRequest
    from backend.record.models.states import RequestState, ResponseState

    waiting = ReviewRequest.objects.filter(state=RequestState.PENDING).values_list("student", flat=True)
    old = as_of - timedelta(weeks=ASKS_AGAIN)
    answers = FormResponse.objects.filter(
        person__in=list(waiting), state=ResponseState.CURRENT, submitted_at__range=(old - timedelta(weeks=1), old)
    )
    addresses = sorted(str(one) for one in answers.values_list("person__email", flat=True))
    chance = np.random.default_rng([program.seed, 5, week])
    return [one for one in addresses if chance.random() > GIVES_UP]


def _what_became(program: MadeUp, week: int, now: datetime) -> None:
    """Sessions that are over are confirmed, rated or missed, or nobody says a word."""
    from backend.record.actor import CONSOLE
    from backend.record.models import ScheduledSession
    from backend.record.models.states import Channel, Role, SessionState, Verdict
    from backend.record.services.closing import confirm, no_show, rate

    chance = np.random.default_rng([program.seed, 6, week])
    rows = ScheduledSession.objects.filter(state=SessionState.SCHEDULED).order_by("starts_at", "key")
    for session in rows.filter(ends_at__lte=now, ends_at__gt=now - timedelta(weeks=1)):
        drawn = chance.random(4)
        if drawn[0] < ABSENT:
            no_show(session, Role.STUDENT if drawn[1] < 0.7 else Role.PROFESSIONAL, CONSOLE, now)
        elif drawn[0] < ABSENT + SAYS:
            confirm(session, session.student, Verdict.HELD, Channel.LINK, now)
            if drawn[2] < RATES:
                rate(session, session.student, 2 + int(min(3, drawn[3] * 3 + session.quality / 12)), Channel.LINK, now)


def _cancelled(program: MadeUp, week: int, now: datetime) -> None:
    """Some of those to come are called off; their students wait again."""
    from backend.record.actor import CONSOLE
    from backend.record.models import ScheduledSession
    from backend.record.models.states import Cause, SessionState
    from backend.record.services.sessions import cancel_session

    chance = np.random.default_rng([program.seed, 7, week])
    rows = ScheduledSession.objects.filter(state=SessionState.SCHEDULED, starts_at__gt=now + timedelta(days=1))
    for session in rows.order_by("starts_at", "key"):
        if chance.random() < CANCELS:
            cancel_session(session, Cause.STUDENT if chance.random() < 0.6 else Cause.PROFESSIONAL, CONSOLE, now)


if __name__ == "__main__":
    reader = argparse.ArgumentParser(description="Make the sample history.")
    reader.add_argument("--weeks", type=int, default=WEEKS)
    reader.add_argument("--out", type=Path, default=OUT)
    given = reader.parse_args()
    make(given.weeks, given.out)
