"""The states and kinds that rows may have. The database refuses any other; moves between states: `transitions`."""

from __future__ import annotations

from django.db import models


def only(field: str, choices: type[models.TextChoices], table: str) -> models.CheckConstraint:
    """The database's own refusal of unknown values."""
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": choices.values}), name=f"{table}_{field}_known")


class Role(models.TextChoices):
    STUDENT = "student"
    PROFESSIONAL = "professional"
    STAFF = "staff"


class MembershipState(models.TextChoices):
    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"


class FormKind(models.TextChoices):
    STUDENTS = "students"
    PROFESSIONALS = "professionals"


class Source(models.TextChoices):
    """How an answer came. `direct`: through a door of the person's own, the bot or a phone app."""

    DIRECT = "direct"
    SHEET = "sheet"
    WEBHOOK = "webhook"
    STAFF = "staff"


class ResponseState(models.TextChoices):
    """`received`: stored and not yet read."""

    RECEIVED = "received"
    CURRENT = "current"
    SUPERSEDED = "superseded"
    HELD = "held"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"


class PostState(models.TextChoices):
    """`stored`: not yet read, or reading it broke. `refused`: no answer of the form can be read from it."""

    STORED = "stored"
    TAKEN = "taken"
    REFUSED = "refused"


class AvailabilityState(models.TextChoices):
    ACTIVE = "active"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class RequestState(models.TextChoices):
    """`matched`: in a plan that staff have not let through yet."""

    PENDING = "pending"
    MATCHED = "matched"
    SCHEDULED = "scheduled"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


ACTIVE_REQUEST = (RequestState.PENDING, RequestState.MATCHED, RequestState.SCHEDULED)


class SessionState(models.TextChoices):
    SCHEDULED = "scheduled"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class RunState(models.TextChoices):
    """`held`: a guard or a person stopped it before anything was booked."""

    STARTED = "started"
    PLANNED = "planned"
    HELD = "held"
    BOOKED = "booked"
    FAILED = "failed"
    UNDONE = "undone"


class DeliveryState(models.TextChoices):
    """As `publish.ports.State`."""

    HELD = "held"
    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"
    UNKNOWN = "unknown"


class ReminderWay(models.TextChoices):
    """As `publish.reminding.Way`."""

    DISCORD = "discord"
    EMAIL = "email"
    PHONE = "phone"
    NONE = "none"


class ActorKind(models.TextChoices):
    """Who acts. `participant`: a student or professional for themselves; `system`: a rule of the clock or the night."""

    VIEWER = "viewer"
    COORDINATOR = "coordinator"
    OWNER = "owner"
    PARTICIPANT = "participant"
    BOT = "bot"
    SYSTEM = "system"


class Channel(models.TextChoices):
    ADMIN = "admin"
    API = "api"
    BOT = "bot"
    CLI = "cli"
    GOOGLE = "google"
    LINK = "link"
    NIGHT = "night"
    WEBHOOK = "webhook"


class Scope(models.TextChoices):
    """What an API key opens. `self`: one person's own things."""

    READ = "read"
    WRITE = "write"
    BOT = "bot"
    SELF = "self"


class Verdict(models.TextChoices):
    """What a participant says about a session that is over."""

    HELD = "held"
    NO_SHOW = "no_show"
    NOT_HELD = "not_held"


class Cause(models.TextChoices):
    """Why a session changed."""

    STAFF = "staff"
    STUDENT = "student"
    PROFESSIONAL = "professional"
    DECLINED = "declined"
    DELETED = "deleted"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    MOVED = "moved"


class FlagKind(models.TextChoices):
    """What was seen in a calendar. `guest`: the recipient is no longer invited. `stray`: no session explains it."""

    MOVED = "moved"
    DELETED = "deleted"
    DECLINED = "declined"
    GUEST = "guest"
    STRAY = "stray"


class FlagOutcome(models.TextChoices):
    """`taken`: the record follows the calendar. `restored`: the calendar follows the record. `settled`: by itself."""

    OPEN = "open"
    TAKEN = "taken"
    RESTORED = "restored"
    SETTLED = "settled"
