"""What the other layers need of the settings, in their own types."""

from __future__ import annotations

from datetime import datetime

from backend.nightly.exits import Exit, Stop
from backend.settings import Forbidden, Pin, Settings
from ingest.forms.contact import EmailError, email_address
from ingest.people import PERSON_ID, person_id
from ingest.rules import Decision, ProgramRules, RulesError
from ingest.sheet import DateOrder, Form
from optimizer import Policy
from optimizer.domain import zone_info
from publish.booking import BookingError, Program


def rules_from(settings: Settings) -> ProgramRules:
    """The rules for reading answers. Raises `Stop(USAGE)`."""
    matching = settings.matching
    try:
        return ProgramRules(
            program=settings.program.key,
            zone=settings.program.zone,
            sheet_zone=settings.sources.sheet_zone,
            date_order=DateOrder(settings.sources.date_order) if settings.sources.date_order else None,
            student_columns=settings.columns.students,
            professional_columns=settings.columns.professionals,
            low_confidence_below=settings.reading.low_confidence_below,
            **matching.model_dump(),
        )
    except (RulesError, ValueError) as error:
        raise Stop(Exit.USAGE, f"settings: {error}") from None


def decisions_from(settings: Settings) -> tuple[tuple[Decision, ...], tuple[Decision, ...]]:
    """The pins and the forbidden pairs that staff wrote into the settings, by ids. Raises `Stop(USAGE)`."""
    pins = tuple(_decision(settings, one, f"pins, entry {n}") for n, one in enumerate(settings.pins, 1))
    apart = (_decision(settings, one, f"forbidden, entry {n}") for n, one in enumerate(settings.forbidden, 1))
    return pins, tuple(apart)


def _decision(settings: Settings, pair: Pin | Forbidden, place: str) -> Decision:
    key = settings.program.key
    try:
        student = _id_of(key, Form.STUDENTS, pair.student)
        professional = _id_of(key, Form.PROFESSIONALS, pair.professional)
    except EmailError as error:
        raise Stop(Exit.USAGE, f"settings: {place}: {error}, nor is it an id") from None
    start = pair.start if isinstance(pair, Pin) else None
    return Decision(student, professional, _aware(start, settings.program.zone), place)


def _id_of(program: str, form: Form, text: str) -> str:
    return text if PERSON_ID.fullmatch(text) else person_id(program, form, email_address(text))


def _aware(start: datetime | None, zone: str) -> datetime | None:
    return start.replace(tzinfo=zone_info(zone)) if start is not None and start.tzinfo is None else start


def program_from(settings: Settings) -> Program:
    """What invitations say about the program. Raises `Stop(USAGE)`."""
    told = settings.program.model_dump()
    told["meet"] = told["meet"] and bool(settings.publish.calendar_id)  # only that calendar makes rooms
    try:
        return Program(**told)
    except BookingError as error:
        raise Stop(Exit.USAGE, f"settings: {error}") from None


def policy_from(settings: Settings) -> Policy:
    """The program's policy; weights not named keep their default. Raises `Stop(USAGE)`."""
    given = settings.policy
    try:
        return Policy(
            quality_weights=given.weights,
            levels=given.levels,
            alpha=given.alpha,
            seed=given.seed,
            volunteers_first=given.volunteers_first,
            load_weight=given.load_weight,
        )
    except ValueError as error:
        raise Stop(Exit.USAGE, f"settings: policy: {error}") from None
