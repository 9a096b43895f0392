"""One night, thought through but not acted on: from two sheets to a verified plan with its bookings."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import structlog

from backend.nightly.calendars import NO_CALENDARS, Calendars
from backend.nightly.exits import Exit, Stop
from backend.nightly.frame import decisions_from, policy_from, program_from, rules_from
from backend.nightly.guards import refuse_sheets
from backend.nightly.ledger import debts, ledger_of
from backend.nightly.moment import night_key
from backend.nightly.reading import conventions_from
from backend.nightly.record import RecordState, Sheets
from backend.nightly.sentences import why_this_time
from backend.settings import Settings
from ingest.accounting import Conservation
from ingest.assemble import assemble
from ingest.assembly import Assembly
from ingest.people import PERSON_ID
from ingest.rules import Ledger
from ingest.sheet import Row, Sheet, SourceError
from optimizer import ContradictionError, Policy, PolicyError, Verdict, Witness, solve, verify
from optimizer import Progress as Step
from optimizer.domain import Plan, Problem, Professional, Session, Student
from optimizer.domain.plan import Unmatched
from publish.booking import Booking

LOG = structlog.get_logger()

Enough = Callable[[], bool]
"""Asked whether the solve shall end with what it has."""
Progress = Callable[[str], None]
"""Hears one short line for people when a long step moves on."""


@dataclass(frozen=True, eq=False)
class Night:
    """The night's question, answer and proof. Nothing in it came from the wall clock but `as_of`."""

    settings: Settings
    as_of: datetime
    key: str
    run: str
    inputs_hash: str
    sheets: Sheets
    assembly: Assembly
    problem: Problem
    policy: Policy
    plan: Plan
    witness: Witness
    verdict: Verdict
    conservation: Conservation
    state: RecordState
    calendars: Calendars = NO_CALENDARS

    @cached_property
    def students(self) -> dict[str, Student]:
        """Everybody current, by id."""
        current = (*self.assembly.students, *self.assembly.others)
        return {person.id: person for person in current if isinstance(person, Student)}

    @cached_property
    def professionals(self) -> dict[str, Professional]:
        """Everybody current, by id."""
        current = (*self.assembly.professionals, *self.assembly.others)
        return {person.id: person for person in current if isinstance(person, Professional)}

    @cached_property
    def names(self) -> dict[str, str]:
        """Names by id, of everybody current or booked before."""
        people: Mapping[str, Student | Professional] = {
            **self.state.people.students,
            **self.state.people.professionals,
            **self.students,
            **self.professionals,
        }
        return {name: person.name or name for name, person in people.items()}

    @cached_property
    def waited(self) -> dict[str, int]:
        """Whole days that each student of the problem has waited."""
        return dict(zip(self.problem.students, self.problem.waiting_days.tolist(), strict=True))

    @property
    def unmatched(self) -> tuple[Unmatched, ...]:
        """Every student of tonight without a session, the longest waiting first."""
        left = (*self.plan.unmatched, *self.assembly.unmatched)
        return tuple(sorted(left, key=lambda one: (-one.waiting_days, one.student)))

    @cached_property
    def bookings(self) -> tuple[Booking, ...]:
        """The plan's sessions as they would be told to people, in the plan's order."""
        program = program_from(self.settings)
        return tuple(
            Booking(
                program=program,
                session_key=key,
                session=session,
                student=self.students[session.student],
                professional=self.professionals[session.professional],
                why=why_this_time(session),
            )
            for key, session in zip(session_keys(self.run, self.plan.sessions), self.plan.sessions, strict=True)
        )


def session_keys(run: str, sessions: Iterable[Session]) -> list[str]:
    """The names of a run's new sessions for life: of run and student, numbered from a student's second one on."""
    met: Counter[str] = Counter()
    keys = []
    for session in sessions:
        met[session.student] += 1
        number = met[session.student]
        keys.append(f"{run}.{session.student}" + (f".{number}" if number > 1 else ""))
    return keys


@dataclass(frozen=True, eq=False)
class Question:
    """Everything that is settled before solving."""

    settings: Settings
    sheets: Sheets
    state: RecordState
    as_of: datetime
    policy: Policy
    assembly: Assembly
    problem: Problem
    calendars: Calendars = NO_CALENDARS


def prepare(
    settings: Settings,
    sheets: Sheets,
    state: RecordState,
    as_of: datetime,
    *,
    approved: bool = False,
    calendars: Calendars = NO_CALENDARS,
) -> Question:
    """Read the sheets into tonight's question. Raises `Stop`: a sheet cannot be read, or a guard refuses."""
    policy = policy_from(settings)
    assembly = assembled(settings, sheets, state, as_of, calendars)
    LOG.info("read", rows=sum(sheets.rows.values()), issues=len(assembly.issues), as_of=as_of.isoformat())
    refuse_sheets(settings, sheets.rows, state, assembly, approved=approved)
    problem = _with_debt(assembly.problem, state, settings.program.key)
    return Question(settings, sheets, state, as_of, policy, assembly, problem, calendars)


def think(
    settings: Settings,
    sheets: Sheets,
    state: RecordState,
    as_of: datetime,
    say: Progress,
    *,
    approved: bool = False,
    stop: Enough | None = None,
    calendars: Calendars = NO_CALENDARS,
) -> Night:
    """Read, solve and verify; write nothing. Once `stop()` is true, with the best plan so far.

    Raises `Stop`: a sheet cannot be read, a guard refuses (unless `approved`), what staff decided contradicts itself,
    or the checker rejects the plan.
    """
    say("reading the answers")
    question = prepare(settings, sheets, state, as_of, approved=approved, calendars=calendars)
    problem = question.problem
    say(f"matching {len(problem.students)} students with {len(problem.professionals)} professionals")
    try:
        solution = solve(problem, question.policy, progress=lambda step: say(told(step)), stop=stop)
    except PolicyError as error:
        raise Stop(Exit.USAGE, f"settings: policy: {error}") from None
    except ContradictionError as error:
        raise _contradiction(error, _names(question.assembly)) from None
    say("checking the proof")
    return conclude(question, solution.plan, solution.witness)


def told(step: Step) -> str:
    """Where a solve stands, in a short line."""
    gap = step.value - step.bound
    share = gap / max(1, abs(step.value))
    return f"{step.tier}, round {step.round}: {'best' if not gap else f'within {share:.2%}'}"


def conclude(question: Question, plan: Plan, witness: Witness) -> Night:
    """The night with this plan, once the checker accepts it. Raises `Stop(CHECKER_REJECTED)`."""
    verdict = verify(question.problem, question.policy, plan, witness)
    if not verdict:
        reasons = "\n".join(f"  {reason}" for reason in verdict.reasons)
        raise Stop(Exit.CHECKER_REJECTED, f"the checker rejected the plan, so nothing was booked:\n{reasons}")
    LOG.info("verified", sessions=len(plan.sessions), unmatched=len(plan.unmatched))
    digest = inputs_hash(question.settings, question.sheets, question.state, question.as_of, question.calendars)
    return Night(
        settings=question.settings,
        as_of=question.as_of,
        key=night_key(question.as_of, question.settings.program.zone),
        run=run_id(digest),
        inputs_hash=digest,
        sheets=question.sheets,
        assembly=question.assembly,
        problem=question.problem,
        policy=question.policy,
        plan=plan,
        witness=witness,
        verdict=verdict,
        conservation=question.assembly.conservation(session.student for session in plan.sessions),
        state=question.state,
        calendars=question.calendars,
    )


def _names(assembly: Assembly) -> dict[str, str]:
    """Names by id of everybody current tonight."""
    people: tuple[Student | Professional, ...] = (*assembly.students, *assembly.professionals, *assembly.others)
    return {person.id: person.name or person.id for person in people}


def _contradiction(error: ContradictionError, names: Mapping[str, str]) -> Stop:
    """Staff's decisions that cannot all be kept, with names. Leaving out any one of them would do."""
    told = (PERSON_ID.sub(lambda found: names.get(found[0], found[0]), text) for text in error.commitments)
    lines = "\n".join(f"  {text}" for text in told)
    fix = "Take one of them back, or let matching.minimum_binding be false."
    return Stop(Exit.GATE_REFUSED, f"held for staff, nothing was booked: these cannot all be kept:\n{lines}\n{fix}")


def assembled(
    settings: Settings, sheets: Sheets, state: RecordState, as_of: datetime, calendars: Calendars = NO_CALENDARS
) -> Assembly:
    """Both sheets read, with what the record and people's own calendars say. Raises `Stop`."""
    earlier, (pins, apart) = ledger_of(state, as_of), decisions_from(settings)
    busy = {who: (*earlier.busy.get(who, ()), *taken) for who, taken in calendars.busy.items()}
    ledger = replace(
        earlier,
        pins=(*earlier.pins, *pins),
        forbidden=(*earlier.forbidden, *apart),
        busy={**earlier.busy, **busy},
    )
    try:
        return assemble(
            sheets.students,
            sheets.professionals,
            rules_from(settings),
            as_of,
            ledger,
            conventions_from(settings),
        )
    except SourceError as error:
        raise Stop(Exit.ERROR if error.permanent else Exit.TRY_LATER, str(error)) from None


def _with_debt(problem: Problem, state: RecordState, program: str) -> Problem:
    owed = debts(state, program, problem.professionals)
    return replace(problem, debt=np.array([owed[name] for name in problem.professionals], dtype=np.int64))


_NO_INPUTS = {
    "state_dir",
    "out_dir",
    "sources",
    "publish",
    "google",
    "guards",
    "retention",
    "sync",
    "free_busy",
    "mail",
    "reminders",
}
"""Settings that cannot change the plan."""


def inputs_hash(
    settings: Settings, sheets: Sheets, state: RecordState, as_of: datetime, calendars: Calendars = NO_CALENDARS
) -> str:
    """32 hex digits over everything that can change the plan: sheets, settings, earlier sessions and `as_of`."""
    content: dict[str, Any] = {
        "as_of": as_of.isoformat(),
        "settings": settings.model_dump(mode="json", exclude=_NO_INPUTS),
        "sheets": [_cells(sheet) for sheet in (sheets.students, sheets.professionals)],
        "sessions": [[booked.key, booked.state, booked.revision] for booked in state.sessions],
        "runs": [run.id for run in state.runs],
    }
    if state.decided != Ledger():
        decided = asdict(state.decided)
        content["decided"] = {
            name: sorted(one.items()) if isinstance(one, dict) else one for name, one in decided.items()
        }
    if calendars.busy:
        content["calendars"] = sorted((who, [str(one) for one in taken]) for who, taken in calendars.busy.items())
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _cells(sheet: Sheet) -> list[Any]:
    return [sheet.header, [_row(row) for row in sheet.rows]]


def _row(row: Row) -> list[Any]:
    held = [row.held] if row.held else []
    return [row.number, [[c.text, c.moment, c.number] for c in row.cells], *held]


def run_id(digest: str) -> str:
    """A short name for the run that computed from these inputs."""
    return "r-" + base64.b32hexencode(bytes.fromhex(digest)).decode().lower()[:12]
