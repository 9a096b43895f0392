"""Plans that wait for staff: kept with their proof, let through or held back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from backend.nightly.document import as_json
from backend.nightly.guards import let_through
from backend.nightly.keeping import StoredNight
from backend.nightly.night import session_keys
from backend.nightly.record import BookedSession, Parcel, People, RunEntry
from backend.nightly.sentences import why_this_time
from backend.record.actor import NIGHT, Actor
from backend.record.models import (
    ForbiddenPair,
    FormResponse,
    Membership,
    Person,
    Program,
    Pseudonym,
    Run,
    ScheduledSession,
    SessionRevision,
)
from backend.record.models.states import MembershipState, RunState
from backend.record.refusal import Reason, Refused, one_step
from backend.record.services.audit import Fact, note
from backend.record.services.booking import Booked, fill, run_of_plan, write_night
from backend.record.services.nights import night_of
from backend.record.services.requests import is_paused
from backend.record.transitions import RUN
from backend.settings import Settings
from optimizer import verify
from publish.ports import Item

HELD_BY_STAFF = "held by staff"
WAITING = (RunState.STARTED, RunState.PLANNED, RunState.HELD)
ITEMS = "items"
STALE = "people in this plan did or decided something since it was made: plan the night again"


def keep_plan(program: Program, night: Booked, now: datetime, *, reason: str = "") -> Run:
    """A plan that nobody booked yet, with what it would send, for staff to look at. The same plan twice is one run.

    `reason`: why a guard holds it. Raises `Refused` when it was booked.
    """
    with one_step():
        done = Run.objects.filter(program=program, key=night.run.id).exclude(state__in=WAITING).first()
        if done is not None:
            raise Refused(Reason.NOT_NOW, f"this run is {done.state} already")
        run = run_of_plan(program, night, now)
        fill(run, night, now)
        assert night.parcel is not None
        run.snapshot = _with_items(night.parcel.snapshot, night.items)
        run.state = RunState.HELD if reason else RunState.PLANNED
        run.outcome = {**run.outcome, **({"reason": reason} if reason else {})}
        run.save()
        told: dict[str, Fact] = {"night": run.night, "sessions": run.sessions_booked, "state": run.state}
        note(NIGHT, "plan", run, now, program=program, after=told)
    return run


def hold(run: Run, actor: Actor, now: datetime) -> Run:
    """The plan is not booked before somebody approves it."""
    with one_step():
        run = Run.objects.select_for_update().get(pk=run.pk)
        RUN.check(run.state, RunState.HELD, actor)
        before, run.state = run.state, RunState.HELD
        run.outcome = {**run.outcome, "reason": HELD_BY_STAFF}
        run.save()
        note(actor, "hold", run, now, program=run.program, before={"state": before}, after={"state": run.state})
    return run


def approve(run: Run, settings: Settings, actor: Actor, now: datetime) -> Run:
    """Check the plan's proof once more and book it; everybody is told, and no guard asks again about that.

    Raises `Refused`: the proof fails, a later night was booked, a time has passed, or its people changed something.
    """
    with one_step():
        program = Program.objects.select_for_update().get(pk=run.program_id)
        run = Run.objects.select_for_update().get(pk=run.pk)
        RUN.check(run.state, RunState.BOOKED, actor)
        if run.plan is None or run.problem is None:
            raise Refused(Reason.NOT_NOW, "this run was stopped before it had a plan; run the night again")
        night = night_of(run, settings)
        people = {row.code: row.person for row in Pseudonym.objects.filter(program=program).select_related("person")}
        _refuse_stale(run, night, people, now)
        if not verify(night.problem, night.policy, night.plan, night.witness):
            raise Refused(Reason.INVALID, "the checker rejects this plan")
        before = run.state
        run = write_night(program, _booked(run, night), now, run)
        note(actor, "approve", run, now, program=program, before={"state": before}, after={"state": run.state})
    return run


def _booked(run: Run, night: StoredNight) -> Booked:
    assert run.problem is not None
    assert run.plan is not None
    assert run.witness is not None
    assert run.snapshot is not None
    waited = dict(zip(night.problem.students, night.problem.waiting_days.tolist(), strict=True))
    entry = RunEntry(
        run.key, run.program.key, run.night, run.as_of, run.inputs_hash, len(night.plan.sessions), run.unmatched,
        run.rows, run.offered, run.booked_earlier, waited, run.outcome.get("stages", {}),
        run.outcome.get("to_confirm", 0), tuple(run.outcome.get("stand_ins", ())),
    )  # fmt: skip
    keys = session_keys(run.key, night.plan.sessions)
    sessions = tuple(
        BookedSession(key, run.key, one, why_this_time(one)) for key, one in zip(keys, night.plan.sessions, strict=True)
    )
    snapshot, items = _without_items(bytes(run.snapshot))
    parcel = Parcel(bytes(run.problem), bytes(run.plan), bytes(run.witness), snapshot)
    return Booked(entry, sessions, People(), let_through(items), parcel)


def _with_items(snapshot: bytes, items: Sequence[Item]) -> bytes:
    """What the plan would send waits beside it: keys and pseudonyms, as in the outbox."""
    held = [[one.key, one.channel, dict(one.payload)] for one in items]
    return json.dumps({**json.loads(snapshot), ITEMS: held}, ensure_ascii=False).encode()


def _without_items(snapshot: bytes) -> tuple[bytes, tuple[Item, ...]]:
    """The snapshot as that of any booked night, and what is to be sent."""
    content = json.loads(snapshot)
    held = content.pop(ITEMS, [])
    return as_json(content).encode(), tuple(Item(key, channel, payload) for key, channel, payload in held)


def _refuse_stale(run: Run, night: StoredNight, people: dict[str, Person], now: datetime) -> None:
    later = Run.objects.filter(program=run.program, state=RunState.BOOKED).filter(
        Q(as_of__gt=run.as_of) | Q(night=run.night, pk__gt=run.pk)
    )
    if later.exists():
        raise Refused(Reason.NOT_NOW, "a later night was booked already")
    if any(one.start <= now for one in night.plan.sessions):
        raise Refused(Reason.NOT_NOW, "some of its times have passed; plan the night again")
    codes = {code for one in night.plan.sessions for code in (one.student, one.professional)}
    if not codes <= set(people):
        raise Refused(Reason.CLASH, STALE)
    planned = {people[code].pk for code in codes}
    pairs = {(people[one.student].pk, people[one.professional].pk) for one in night.plan.sessions}
    since = run.finished_at or run.as_of
    if _changed(run.program, planned, since, now) or _kept_apart(run.program, pairs):
        raise Refused(Reason.CLASH, STALE)


def _changed(program: Program, planned: set[int], since: datetime, now: datetime) -> bool:
    """Whether any of these people answered, met, moved, paused or left since."""
    mine = Q(student__in=planned) | Q(professional__in=planned)
    members = Membership.objects.filter(program=program, person__in=planned)
    moved = SessionRevision.objects.filter(changed_at__gt=since, session__in=ScheduledSession.objects.filter(mine))
    return (
        any(one.state == MembershipState.LEFT or is_paused(one, now) for one in members)
        or FormResponse.objects.filter(program=program, person__in=planned, received_at__gt=since).exists()
        or ScheduledSession.objects.filter(mine, created_at__gt=since).exists()
        or moved.exists()
    )


def _kept_apart(program: Program, pairs: set[tuple[int, int]]) -> bool:
    rows = ForbiddenPair.objects.filter(program=program, ended_at=None)
    return bool(pairs & set(rows.values_list("student_id", "professional_id")))


def certificate_of(run: Run) -> list[dict[str, object]]:
    """The tiers of the run's certificate, in order; [] for a run without a plan."""
    if run.plan is None:
        return []
    tiers: list[dict[str, object]] = json.loads(bytes(run.plan))["certificate"]["tiers"]
    return tiers
