"""What staff may do to a session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django import forms

from backend.nightly.replanning import Step, steps
from backend.record.actor import Actor
from backend.record.admin.acting import Act, ActForm, Data, Done, LocalTimeField
from backend.record.admin.clock import moment, program_zone, span
from backend.record.api.site import matching, now
from backend.record.models import Run, ScheduledSession
from backend.record.models.states import Cause, Role, RunState, SessionState
from backend.record.services.closing import complete, no_show
from backend.record.services.common_times import common_starts
from backend.record.services.freed import can_be_filled, fill_place, freed_places, menu_of_place
from backend.record.services.least_change import Choice, cancel_and_rebook, menu_of
from backend.record.services.limits import Limits, refuse_over_limits
from backend.record.services.sessions import Slot, cancel_session, reschedule_session
from backend.report.words import counted

NOTHING = "nothing else changes"


def limits() -> Limits:
    """The program's own."""
    rules = matching().matching
    return Limits(rules.limit_per_day, rules.limit_per_week, rules.default_per_week)


class CancelForm(ActForm):
    cause = forms.ChoiceField(
        label="Who cannot",
        choices=[
            (Cause.STAFF, "Staff decided"),
            (Cause.STUDENT, "The student"),
            (Cause.PROFESSIONAL, "The professional"),
            (Cause.DECLINED, "The invitation was declined"),
        ],
    )


class RebookForm(CancelForm):
    """Who cannot; once that is known, what else shall happen."""

    option = forms.ChoiceField(label="And with it", required=False, widget=forms.HiddenInput)

    def fit(self) -> None:
        cause = str(self.data.get("cause", ""))
        if cause not in Cause.values:
            return
        found = menu_of(self.row, Cause(cause), matching(), now())
        field = self.fields["option"]
        assert isinstance(field, forms.ChoiceField)
        field.widget = forms.RadioSelect()
        field.choices = [(str(number), told) for number, told in enumerate(options_of(found), start=1)]
        field.help_text = found.why and f"There is no menu: {found.why}."

    def clean_option(self) -> str:
        chosen = str(self.cleaned_data["option"])
        if not chosen:
            raise forms.ValidationError("Nothing was changed yet. Choose what shall happen with it.")
        return chosen


class RescheduleForm(ActForm):
    """A start among those that suit both, or another."""

    offered = forms.ChoiceField(label="A time that both offered", required=False)
    start = LocalTimeField(label="Or another time", required=False)
    minutes = forms.IntegerField(label="Minutes", min_value=10, max_value=240)

    def fit(self) -> None:
        row: ScheduledSession = self.row
        found = common_starts(row, matching(), now())
        choices = [("", "Choose…" if found else "No other common time is known")]
        field = self.fields["offered"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*choices, *((one.isoformat(), moment(one)) for one in found)]
        field.help_text = "Both offered this time on the night that matched them."
        self.fields["start"].help_text = f"On the clocks of {program_zone()}."
        self.fields["minutes"].initial = row.minutes

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("start") and not data.get("offered"):
            raise forms.ValidationError("Choose a time.")
        return data


class NoShowForm(ActForm):
    absent = forms.ChoiceField(
        label="Who did not come",
        choices=[(Role.STUDENT, "The student"), (Role.PROFESSIONAL, "The professional")],
        widget=forms.RadioSelect,
    )


def _cancel_says(row: ScheduledSession, _now: datetime) -> Sequence[str]:
    return (
        f"The session of {row.student} with {row.professional}, {span(row.starts_at, row.ends_at)}, is off.",
        "Both are told: their calendar entries are taken back.",
        "The student's request waits again, with the place in the queue that it always had.",
    )


def _cancel(row: ScheduledSession, data: Data, actor: Actor, now: datetime) -> Done:
    cancel_session(row, Cause(data["cause"]), actor, now)
    return Done("The session is cancelled, and both will be told.")


def options_of(found: Choice) -> list[str]:
    """Each option of the menu in words, fewest people moved first."""
    told = []
    for option in found.menu.options if found.menu else ():
        steps_told = "; ".join(_step(step, found.names) for step in steps(option))
        head = f"{counted(option.moved, 'person', 'people')} moved, {counted(option.matched, 'session')} in all"
        told.append(f"{head}: {steps_told}" if steps_told else f"{head}: {NOTHING}")
    return told


def _step(step: Step, names: Mapping[str, str]) -> str:
    student, host = (names.get(one, one) for one in (step.after.student, step.after.professional))
    if step.before is None:
        return f"{student} meets {host}, {moment(step.after.start)}"
    return f"{student} moves to {host}, {moment(step.after.start)}, from {moment(step.before.start)}"


def _rebook_says(row: ScheduledSession, now: datetime) -> Sequence[str]:
    return (
        *_cancel_says(row, now),
        "Then you choose from the menu of least change: how many more can meet for how many people moved.",
        "All of it happens, or nothing; everybody concerned is told.",
    )


def _rebook(row: ScheduledSession, data: Data, actor: Actor, now: datetime) -> Done:
    _, changes = cancel_and_rebook(row, Cause(data["cause"]), int(data["option"]), matching(), actor, now)
    return Done(f"The session is cancelled, with {counted(changes, 'other change')}.")


def _of_last_night(row: ScheduledSession, present: datetime) -> bool:
    last = Run.objects.filter(program=row.program, state=RunState.BOOKED).order_by("-pk").only("pk").first()
    return _coming(row, present) and last is not None and row.run_id == last.pk


def _move_says(row: ScheduledSession, _now: datetime) -> Sequence[str]:
    return (
        f"{row.student} and {row.professional} meet at another time than {span(row.starts_at, row.ends_at)}.",
        "Both are told; the calendar entry moves and stays the same one.",
        "Nobody else is moved.",
    )


def _move(row: ScheduledSession, data: Data, actor: Actor, now: datetime) -> Done:
    start = data["start"] or datetime.fromisoformat(data["offered"])
    slot = Slot(start, data["minutes"])
    refuse_over_limits(row.program, row.professional, slot, limits(), now, without=row)
    reschedule_session(row, slot, actor, now)
    return Done(f"The session is now {span(slot.start, slot.end)}, and both will be told.")


def _complete_says(row: ScheduledSession, _now: datetime) -> Sequence[str]:
    return (
        f"{row.student} and {row.professional} did meet, {span(row.starts_at, row.ends_at)}.",
        "The student's request is completed once all its sessions were held.",
        "Other systems that listen hear of it.",
    )


def _complete(row: ScheduledSession, _data: Data, actor: Actor, now: datetime) -> Done:
    complete(row, actor, now)
    return Done("The session counts as held.")


def _no_show_says(row: ScheduledSession, _now: datetime) -> Sequence[str]:
    return (
        f"{row.student} and {row.professional} did not meet, {span(row.starts_at, row.ends_at)}.",
        "If the professional did not come, the student waits again with the old place in the queue.",
        "If the student did not come, their request is closed, and they may ask again.",
    )


def _no_show(row: ScheduledSession, data: Data, actor: Actor, now: datetime) -> Done:
    no_show(row, Role(data["absent"]), actor, now)
    return Done("Noted as a no-show.")


def _coming(row: ScheduledSession, now: datetime) -> bool:
    return row.state == SessionState.SCHEDULED and row.starts_at > now


def _over(row: ScheduledSession, now: datetime) -> bool:
    return row.ends_at <= now and row.state != SessionState.CANCELLED


class FillForm(ActForm):
    """What the free place makes possible."""

    option = forms.ChoiceField(label="Who gets it", widget=forms.RadioSelect)

    def fit(self) -> None:
        found = menu_of_place(self.row, matching(), now())
        field = self.fields["option"]
        assert isinstance(field, forms.ChoiceField)
        told = [(number, one) for number, one in enumerate(options_of(found), start=1) if not one.endswith(NOTHING)]
        field.choices = [(_tagged(number, one), one) for number, one in told]
        field.help_text = "" if told else f"Nobody can take it now. {found.why}".strip()


def _tagged(number: int, told: str) -> str:
    """Another menu has other choices, so that nobody approves what they did not see."""
    return f"{number}-{sha256(told.encode()).hexdigest()[:16]}"


def _fill_says(row: ScheduledSession, now: datetime) -> Sequence[str]:
    found = next((one for one in freed_places(row.program, matching(), now) if one.session.pk == row.pk), None)
    could = counted(found.takers if found else 0, "student")
    return (
        f"{row.professional} is free again, {span(row.starts_at, row.ends_at)}: {could} who wait could come then.",
        "The options are proven the best by the program's policy, fewest people moved first.",
        "What you choose is booked, all of it or nothing, and everybody concerned is told.",
    )


def _fill(row: ScheduledSession, data: Data, actor: Actor, now: datetime) -> Done:
    changes = fill_place(row, int(data["option"].split("-")[0]), matching(), actor, now)
    return Done(f"Booked: {counted(changes, 'change')}.")


SESSION_ACTS = (
    Act("reschedule", "Reschedule", _move_says, _move, RescheduleForm, _coming),
    Act(
        "complete", "Mark as held", _complete_says, _complete,
        fits=lambda row, now: _over(row, now) and (row.state != SessionState.COMPLETED or row.assumed),
    ),
    Act(
        "no-show", "Mark as no-show", _no_show_says, _no_show, NoShowForm,
        lambda row, now: _over(row, now) and row.state != SessionState.NO_SHOW, heavy=True,
    ),
    Act(
        "cancel", "Cancel session", _cancel_says, _cancel, CancelForm,
        lambda row, _now: row.state == SessionState.SCHEDULED, heavy=True,
    ),
    Act("fill", "Give the free place away", _fill_says, _fill, FillForm,
        lambda row, now: can_be_filled(row, matching(), now)),
    Act("rebook", "Cancel and rebook around it", _rebook_says, _rebook, RebookForm, _of_last_night, heavy=True),
)  # fmt: skip
