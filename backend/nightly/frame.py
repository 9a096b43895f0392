"""What the other layers need of the settings, in their own types."""

from __future__ import annotations

from backend.nightly.exits import Exit, Stop
from backend.settings import Settings
from ingest.rules import ProgramRules, RulesError
from ingest.sheet import DateOrder
from optimizer import Policy
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


def program_from(settings: Settings) -> Program:
    """What invitations say about the program. Raises `Stop(USAGE)`."""
    try:
        return Program(**settings.program.model_dump())
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
