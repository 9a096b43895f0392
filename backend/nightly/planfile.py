"""A plan as a file: the night document with its witness beside it, and back to the same plan."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from backend.nightly.document import FORMAT, Document, as_json
from backend.nightly.exits import Exit, Stop
from backend.nightly.night import Night
from backend.nightly.plain_record import write_whole
from optimizer import Witness, WitnessError, pseudonymised
from optimizer.domain import Certainty, Plan, Session, Stage, TierResult, TierStatus, Unmatched
from optimizer.problem_file import problem_to_bytes


def witness_path(path: Path) -> Path:
    """Where the witness of a plan file lies: the same name, ending in .witness."""
    return path.with_suffix(".witness")


def save_plan(night: Night, document: Document, path: Path) -> None:
    """Write the plan and its witness. Raises `Stop(ERROR)`."""
    if path.suffix == ".witness":
        raise Stop(Exit.USAGE, f"{path} would be overwritten by its own witness; choose a name such as tonight.json")
    try:
        write_whole(path, as_json(document))
        write_whole(witness_path(path), night.witness.to_bytes())
    except OSError as error:
        raise Stop(Exit.ERROR, f"{path} cannot be written: {error.strerror}") from None


def save_question(night: Night, path: Path) -> None:
    """Write the night's problem and policy under pseudonyms. Raises `Stop(ERROR)`."""
    try:
        write_whole(path, problem_to_bytes(*pseudonymised(night.problem, night.policy)))
    except OSError as error:
        raise Stop(Exit.ERROR, f"{path} cannot be written: {error.strerror}") from None


def load_document(path: Path) -> Document:
    """The night document of a plan file. Raises `Stop(ERROR)`."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Stop(Exit.ERROR, f"{path} cannot be read: {error.strerror}") from None
    except ValueError:
        raise Stop(Exit.ERROR, f"{path} is not a plan file (it is not JSON)") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT or "sessions" not in document:
        raise Stop(Exit.ERROR, f"{path} is not a plan file of format {FORMAT}")
    return document


def load_witness(path: Path) -> Witness:
    """The witness beside a plan file. Raises `Stop`."""
    try:
        return Witness.load(witness_path(path))
    except OSError as error:
        raise Stop(Exit.ERROR, f"{witness_path(path)} cannot be read: {error.strerror}") from None
    except WitnessError as error:
        raise Stop(Exit.CHECKER_REJECTED, f"{witness_path(path)}: {error}") from None


def plan_of(document: Document, settled_before: frozenset[str]) -> Plan:
    """The plan in a document, `settled_before` being students outside the problem. Raises `Stop` when it is damaged."""
    try:
        return Plan(
            sessions=tuple(
                sorted(
                    (_session(entry) for entry in document["sessions"]),
                    key=lambda one: (one.start, one.professional, one.student),
                )
            ),
            unmatched=tuple(
                _unmatched(entry) for entry in document["unmatched"] if entry["student"] not in settled_before
            ),
            tiers=tuple(_tier(entry) for entry in document["certificate"]["tiers"]),
            engine=document["run"]["engine"],
            seed=document["run"]["seed"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Stop(Exit.CHECKER_REJECTED, f"the plan file is damaged ({type(error).__name__}: {error})") from None


def _session(entry: dict[str, Any]) -> Session:
    return Session(
        student=entry["student"],
        professional=entry["professional"],
        start=datetime.fromisoformat(entry["start"]),
        minutes=int(entry["minutes"]),
        certainty=Certainty[entry["certainty"].upper().replace(" ", "_")],
        quality=int(entry["quality"]),
        parts=tuple((part["name"], int(part["points"])) for part in entry["parts"]),
        shared_minutes=int(entry["shared_minutes"]),
    )


def _unmatched(entry: dict[str, Any]) -> Unmatched:
    return Unmatched(
        student=entry["student"],
        stage=Stage(entry["stage"]),
        waiting_days=int(entry["waiting_days"]),
        rivals=tuple(entry["rivals"]),
        hosts=tuple(entry["hosts"]),
        places=int(entry["places"]),
    )


def _tier(entry: dict[str, Any]) -> TierResult:
    return TierResult(
        name=entry["name"],
        value=int(entry["value"]),
        bound=int(entry["bound"]),
        status=TierStatus(entry["status"]),
        left_choice=bool(entry["left_choice"]),
    )
