"""Earlier runs, for whoever has a shell on the machine: listed, shown, compared, computed once more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from backend.nightly.exits import Exit, Stop
from backend.nightly.keeping import StoredNight
from backend.record.opening import opened
from backend.settings import Settings
from optimizer import ContradictionError, solve, verify
from optimizer.domain import Session

if TYPE_CHECKING:  # models may be imported only once Django is set up
    from backend.record.models import Run

LAST = "last"


@dataclass(frozen=True)
class RunRow:
    """A run as it is listed. `state`: started, planned, held, booked, failed, undone. `reason`: why it was held."""

    id: str
    night: str
    as_of: datetime
    state: str
    attempts: int
    sessions: int
    unmatched: int
    reason: str


@dataclass(frozen=True)
class Difference:
    """What stands in one plan and not in the other, by pair; `moved` pairs have another start."""

    kept: tuple[Session, ...]
    moved: tuple[tuple[Session, Session], ...]
    new: tuple[Session, ...]
    gone: tuple[Session, ...]


@dataclass(frozen=True)
class Replay:
    """A run computed anew from what is stored. `faults`: how it differs; empty when it is the same, and proven."""

    sessions: int
    tiers: int
    faults: tuple[str, ...]


def list_runs(settings: Settings, most: int) -> list[RunRow]:
    """The latest runs of the program, the last first. Raises `Stop`."""
    with opened(settings):
        return [_row(run) for run in _runs(settings)[:most]]


def stored(settings: Settings, text: str) -> tuple[RunRow, StoredNight]:
    """A run by its id, its night (2026-11-22: the last run of it) or "last", under the names of today.

    Raises `Stop`: there is none, or nothing was planned in it.
    """
    with opened(settings):
        from backend.record.services.nights import night_of

        run = found_run(settings, text)
        if run.problem is None:
            raise Stop(Exit.USAGE, f"run {run.key} is {run.state}: no plan was kept of it")
        return _row(run), night_of(run, settings)


def booked_nights(settings: Settings, most: int) -> Iterator[StoredNight]:
    """The latest `most` runs that booked, the earliest first and one at a time. Raises `Stop`.

    A night that was run again is there once for each run.
    """
    with opened(settings):
        from backend.record.models import Run
        from backend.record.models.states import RunState
        from backend.record.services.nights import night_of

        rows = Run.objects.filter(program__key=settings.program.key, state=RunState.BOOKED, problem__isnull=False)
        keys = list(rows.filter(snapshot__isnull=False).order_by("-pk").values_list("pk", flat=True)[:most])
        for key in reversed(keys):
            yield night_of(Run.objects.defer("answers", "problem", "plan", "witness", "snapshot").get(pk=key), settings)


def compared(before: StoredNight, after: StoredNight) -> Difference:
    """The difference of two runs, session by session."""
    then, now = ({(one.student, one.professional): one for one in night.plan.sessions} for night in (before, after))
    both = [(then[pair], now[pair]) for pair in sorted(then.keys() & now.keys())]
    return Difference(
        kept=tuple(new for old, new in both if old.interval == new.interval),
        moved=tuple((old, new) for old, new in both if old.interval != new.interval),
        new=tuple(now[pair] for pair in sorted(now.keys() - then.keys())),
        gone=tuple(then[pair] for pair in sorted(then.keys() - now.keys())),
    )


def replayed(night: StoredNight) -> Replay:
    """The stored question, solved and checked anew: everything in it is under pseudonyms, so this needs nobody."""
    return Replay(len(night.plan.sessions), len(night.plan.tiers), tuple(_faults(night)))


def _faults(night: StoredNight) -> Iterator[str]:
    verdict = verify(night.problem, night.policy, night.plan, night.witness)
    yield from (f"the checker rejects the stored plan: {reason}" for reason in verdict.reasons)
    try:
        again = solve(night.problem, night.policy)
    except ContradictionError as error:
        yield f"it cannot be solved any more: {error}"
        return
    if again.plan.sessions != night.plan.sessions:
        yield "the sessions are not the same"
    if [tier.value for tier in again.plan.tiers] != [tier.value for tier in night.plan.tiers]:
        yield "the values of the tiers are not the same"


def _runs(settings: Settings) -> list[Run]:
    from backend.record.models import Run

    return list(Run.objects.filter(program__key=settings.program.key).defer("witness").order_by("-pk"))


def found_run(settings: Settings, text: str) -> Run:
    """A run by its id, its night (the last run of it) or "last". The record must be open. Raises `Stop(USAGE)`."""
    runs = _runs(settings)
    if text == LAST:
        runs = [run for run in runs if run.problem is not None]
    fitting = [run for run in runs if text in (LAST, run.key, run.night)]
    if not fitting:
        raise Stop(Exit.USAGE, f"no run is called {text!r}; `python run_matching.py runs list` shows them")
    return next((run for run in fitting if run.problem is not None), fitting[0])


def _row(run: Run) -> RunRow:
    return RunRow(
        id=run.key,
        night=run.night,
        as_of=run.as_of,
        state=run.state,
        attempts=run.attempts,
        sessions=run.sessions_booked,
        unmatched=run.unmatched,
        reason=str(run.outcome.get("reason", "")),
    )
