"""Memory across nights: what earlier runs mean for tonight's loads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from backend.nightly.record import RecordState
from ingest.rules import Kept, Ledger

HUNDREDTHS = 100


def debts(state: RecordState, program: str, professionals: Iterable[str]) -> dict[str, int]:
    """Hundredths of a session by which each professional did more (+) or less (-) than a fair share so far.

    The fair share of a night is its sessions divided in proportion to the usable capacity of those present.
    Somebody who was never present starts at the mean of the others, so newcomers are neither flooded nor spared.
    """
    balance: dict[str, Fraction] = {}
    loads = Counter((booked.run, booked.session.professional) for booked in state.active())
    for run in (run for run in state.runs if run.program == program):
        total, places = sum(loads[run.id, name] for name in run.offered), sum(run.offered.values())
        for name, usable in run.offered.items():
            share = Fraction(total * usable, places) if places else Fraction(0)
            balance[name] = balance.get(name, Fraction(0)) + loads[run.id, name] - share
    tonight = sorted(professionals)
    known = [balance[name] for name in tonight if name in balance]
    mean = sum(known, Fraction(0)) / len(known) if known else Fraction(0)
    return {name: round(HUNDREDTHS * balance.get(name, mean)) for name in tonight}


def ledger_of(state: RecordState, as_of: datetime) -> Ledger:
    """What `ingest` must respect: sessions still to come or running stand, and sessions over count as served.

    To which comes what people decided.
    """
    active = state.active()
    kept = tuple(Kept(booked.session.student, booked.session.professional, booked.interval) for booked in active)
    served = Counter(booked.session.student for booked in active if booked.interval.end <= as_of)
    return replace(state.decided, kept=kept, served=dict(served))
