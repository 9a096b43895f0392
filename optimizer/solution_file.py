"""A plan and its witness on disk: one zip (see `archive.py`), the same bytes for the same solution.

`about.json` holds the plan: sessions as rows in the order of `SESSION`, the unmatched as rows in the order of
`UNMATCHED`, tiers as rows in the order of `TIER`, instants in whole seconds since 1970 UTC. `witness.npy` holds the
bytes of the witness file.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from optimizer.archive import ArchiveError, pack, unpack
from optimizer.domain.plan import Plan, Session, Stage, TierResult, TierStatus, Unmatched
from optimizer.domain.time import Certainty
from optimizer.solving import Solution
from optimizer.witness import Witness, WitnessError

KIND, VERSION = "solution", 1
SESSION = ("student", "professional", "start", "minutes", "certainty", "quality", "parts", "shared_minutes")
UNMATCHED = ("student", "stage", "waiting_days", "rivals", "hosts", "places")
TIER = ("name", "value", "bound", "status", "left_choice")


def solution_to_bytes(solution: Solution) -> bytes:
    """The same bytes for the same solution."""
    plan = solution.plan
    about = {
        "sessions": [[_plain(getattr(one, name)) for name in SESSION] for one in plan.sessions],
        "unmatched": [[_plain(getattr(one, name)) for name in UNMATCHED] for one in plan.unmatched],
        "tiers": [[_plain(getattr(one, name)) for name in TIER] for one in plan.tiers],
        "engine": plan.engine,
        "seed": plan.seed,
    }
    return pack(KIND, VERSION, {"witness": np.frombuffer(solution.witness.to_bytes(), dtype=np.uint8)}, about)


def solution_from_bytes(content: bytes) -> Solution:
    """Reads `solution_to_bytes`. Raises `ArchiveError`."""
    arrays, about = unpack(KIND, VERSION, content)
    try:
        plan = Plan(
            sessions=tuple(_session(row) for row in about["sessions"]),
            unmatched=tuple(_unmatched(row) for row in about["unmatched"]),
            tiers=tuple(_tier(row) for row in about["tiers"]),
            engine=about["engine"],
            seed=about["seed"],
        )
        return Solution(plan, Witness.from_bytes(arrays["witness"].tobytes()))
    except (KeyError, TypeError, ValueError, OverflowError, WitnessError) as error:
        raise ArchiveError(f"a damaged {KIND} file ({type(error).__name__}: {error})") from error


def save_solution(solution: Solution, path: Path) -> None:
    path.write_bytes(solution_to_bytes(solution))


def load_solution(path: Path) -> Solution:
    return solution_from_bytes(path.read_bytes())


def _plain(value: Any) -> Any:
    return int(value.timestamp()) if isinstance(value, datetime) else value


def _session(row: list[Any]) -> Session:
    given = dict(zip(SESSION, row, strict=True))
    given["start"] = datetime.fromtimestamp(given["start"], UTC)
    given["certainty"] = Certainty(given["certainty"])
    given["parts"] = tuple((name, points) for name, points in given["parts"])
    return Session(**given)


def _unmatched(row: list[Any]) -> Unmatched:
    given = dict(zip(UNMATCHED, row, strict=True))
    given["stage"] = Stage(given["stage"])
    return Unmatched(**{**given, "rivals": tuple(given["rivals"]), "hosts": tuple(given["hosts"])})


def _tier(row: list[Any]) -> TierResult:
    given = dict(zip(TIER, row, strict=True))
    return TierResult(**{**given, "status": TierStatus(given["status"])})
