"""A problem on disk, with its policy if there is one, so that a night can be replayed and shared.

A zip (see `archive.py`): vectors as they are, matrices as bit planes (`numpy.packbits` along rows; certainties take two
planes), everything else in `about.json`: ids, grid, rules by name, pairs, and times in whole seconds since 1970 UTC.
Field by field in docs/problem-file.md.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.archive import ArchiveError, Arrays, pack, unpack
from optimizer.domain.grid import SlotGrid
from optimizer.domain.pairs import PairPoints, QualityPart, Requirement, TagFit
from optimizer.domain.policy import Policy
from optimizer.domain.problem import Problem
from optimizer.domain.promises import KeptSession, Pin, Standing
from optimizer.domain.time import Interval

KIND, VERSION = "problem", 2
VECTORS = (
    "capacity_horizon",
    "capacity_week",
    "capacity_day",
    "waiting_days",
    "seniority_class",
    "minimum_load",
    "minimum_is_hard",
    "debt",
    "bookable",
    "session_cells",
    "buffer_cells",
    "demand",
)
Windows = tuple[tuple[Interval, ...], ...]


def problem_to_bytes(problem: Problem, policy: Policy | None = None) -> bytes:
    """The same bytes for the same problem and policy."""
    arrays: Arrays = {name: getattr(problem, name) for name in VECTORS}
    arrays["busy"] = np.packbits(np.asarray(problem.busy), axis=1)
    for name in ("student_free", "professional_free"):
        certainty = getattr(problem, name)
        arrays[f"{name}_low"] = np.packbits(certainty & 1, axis=1)
        arrays[f"{name}_high"] = np.packbits(certainty >> 1, axis=1)
    for place, rule in enumerate((*problem.requirements, *problem.parts)):
        if not isinstance(rule, PairPoints):
            arrays[f"rule{place}_students"] = rule.student_tags
            arrays[f"rule{place}_professionals"] = rule.professional_tags
    about = {
        "students": problem.students,
        "professionals": problem.professionals,
        "grid": [
            _seconds(problem.grid.first),
            problem.grid.cell_minutes,
            problem.grid.cells,
            problem.grid.zone,
        ],
        "requirements": [rule.name for rule in problem.requirements],
        "parts": [_part_about(part) for part in problem.parts],
        "forbidden": sorted(problem.forbidden),
        "kept": [[kept.professional, *_ends(kept.interval), kept.student] for kept in problem.kept],
        "repeats_allowed": problem.repeats_allowed,
        "pins": [
            [pin.student, pin.professional, None if pin.start is None else _seconds(pin.start)] for pin in problem.pins
        ],
        "standing": [[one.student, one.professional, _seconds(one.start)] for one in problem.standing],
        "student_windows": _windows_about(problem.student_windows),
        "professional_windows": _windows_about(problem.professional_windows),
        "policy": None if policy is None else asdict(policy),
    }
    return pack(KIND, VERSION, arrays, about)


def problem_from_bytes(content: bytes) -> Problem:
    """Reads `problem_to_bytes`. Raises `ArchiveError`, or `ProblemError` if the content contradicts itself."""
    arrays, about = unpack(KIND, VERSION, content)
    try:
        return _problem(arrays, about)
    except (KeyError, TypeError, IndexError, OverflowError, AttributeError) as error:
        raise ArchiveError(f"a damaged {KIND} file ({type(error).__name__}: {error})") from error


def policy_from_bytes(content: bytes) -> Policy | None:
    """The policy kept with the problem. Raises `ArchiveError`."""
    _, about = unpack(KIND, VERSION, content)
    given = about.get("policy")
    try:
        return None if given is None else Policy(**{**given, "quality_weights": dict(given["quality_weights"])})
    except (KeyError, TypeError, ValueError) as error:
        raise ArchiveError(f"a damaged {KIND} file ({type(error).__name__}: {error})") from error


def _problem(arrays: Arrays, about: dict[str, Any]) -> Problem:
    first, minutes, cells, zone = about["grid"]
    grid = SlotGrid(_instant(first), minutes, cells, zone)
    required = len(about["requirements"])
    return Problem(
        students=tuple(about["students"]),
        professionals=tuple(about["professionals"]),
        grid=grid,
        busy=_bits(arrays["busy"], cells).astype(bool),
        requirements=tuple(Requirement(name, *_tags(arrays, k)) for k, name in enumerate(about["requirements"])),
        parts=tuple(_part(part, arrays, required + k) for k, part in enumerate(about["parts"])),
        forbidden=frozenset((i, j) for i, j in about["forbidden"]),
        kept=tuple(KeptSession(name, _interval(start, end), student) for name, start, end, student in about["kept"]),
        repeats_allowed=about["repeats_allowed"],
        pins=tuple(Pin(i, j, None if start is None else _instant(start)) for i, j, start in about["pins"]),
        standing=tuple(Standing(i, j, _instant(start)) for i, j, start in about.get("standing", ())),
        student_windows=_windows(about["student_windows"]),
        professional_windows=_windows(about["professional_windows"]),
        student_free=_certainties(arrays, "student_free", cells),
        professional_free=_certainties(arrays, "professional_free", cells),
        **{name: arrays[name] for name in VECTORS},
    )


def save_problem(problem: Problem, path: Path, policy: Policy | None = None) -> None:
    path.write_bytes(problem_to_bytes(problem, policy))


def load_problem(path: Path) -> Problem:
    return problem_from_bytes(path.read_bytes())


def _part_about(part: QualityPart) -> dict[str, Any]:
    if isinstance(part, PairPoints):
        pairs = [[i, j, points] for (i, j), points in sorted(part.pairs.items())]
        return {"name": part.name, "pairs": pairs, "other": part.other}
    return {"name": part.name, "hit": part.hit, "neutral": part.neutral}


def _part(about: dict[str, Any], arrays: Arrays, place: int) -> QualityPart:
    if "pairs" in about:
        return PairPoints(about["name"], {(i, j): points for i, j, points in about["pairs"]}, about["other"])
    return TagFit(about["name"], *_tags(arrays, place), about["hit"], about["neutral"])


def _tags(arrays: Arrays, place: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    return arrays[f"rule{place}_students"], arrays[f"rule{place}_professionals"]


def _bits(packed: NDArray[Any], cells: int) -> NDArray[np.uint8]:
    return np.unpackbits(packed, axis=1, count=cells)


def _certainties(arrays: Arrays, name: str, cells: int) -> NDArray[np.uint8]:
    return _bits(arrays[f"{name}_low"], cells) | _bits(arrays[f"{name}_high"], cells) << np.uint8(1)


def _windows_about(windows: Windows | None) -> list[list[list[int]]] | None:
    return None if windows is None else [[_ends(one) for one in row] for row in windows]


def _windows(about: list[list[list[int]]] | None) -> Windows | None:
    return None if about is None else tuple(tuple(_interval(*ends) for ends in row) for row in about)


def _ends(interval: Interval) -> list[int]:
    return [_seconds(interval.start), _seconds(interval.end)]


def _interval(start: int, end: int) -> Interval:
    return Interval(_instant(start), _instant(end))


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
