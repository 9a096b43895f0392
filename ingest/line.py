"""Tonight's line on each side: who stands in it with which windows, and who does not and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from ingest.accounting import ProfessionalOutcome, StudentOutcome
from ingest.assembly import LeftOut, ReadText
from ingest.availability.model import clock_text
from ingest.columns import ColumnMap
from ingest.forms import ProfessionalResponse, StudentResponse
from ingest.forms.choices import DAYS, EMAIL_ONLY
from ingest.issues import Issue, Severity
from ingest.offers import Clockwork, Offer, Use, professional_offer, since, student_offer, validity, within, without
from ingest.people import Standing
from ingest.rules import NO_END, Ledger, ProgramRules
from optimizer.domain import Professional, Stage, Student, Unmatched, zone_info

Answer = TypeVar("Answer", StudentResponse, ProfessionalResponse)
Human = TypeVar("Human", Student, Professional)


@dataclass(frozen=True)
class Night:
    """What deciding needs: the rules, what is already settled, the moment of the run (aware), the reading frame."""

    rules: ProgramRules
    ledger: Ledger
    as_of: datetime
    clockwork: Clockwork

    @property
    def today(self) -> date:
        """The local date of the run in the program's zone."""
        return self.as_of.astimezone(zone_info(self.rules.zone)).date()

    def back_on(self, name: str, again_from: date | None) -> date | None:
        """The first date on which a paused person is back; None for who is not paused."""
        later = [day for day in (again_from, self.ledger.paused_until.get(name)) if day and day > self.today]
        return max(later, default=None)


@dataclass
class Line(Generic[Answer, Human]):
    """One side: `people`, `responses` and `offers` in the same order; `others` are current people outside."""

    people: list[Human] = field(default_factory=list)
    responses: list[Answer] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    others: list[Human] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)
    readings: list[ReadText] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    waiting: dict[str, datetime] = field(default_factory=dict)
    wanted: dict[str, int] = field(default_factory=dict)

    def enter(self, human: Human, answer: Answer, offer: Offer) -> None:
        """Somebody takes part tonight."""
        self.people.append(human)
        self.responses.append(answer)
        self.offers.append(offer)

    def leave_out(self, human: Human, outcome: StudentOutcome | ProfessionalOutcome, reason: str) -> None:
        """Somebody is current but takes no part."""
        self.others.append(human)
        self.left_out.append(LeftOut(human.id, outcome, reason))

    def note_reading(self, human: Human, columns: ColumnMap, row: int, column: str, offer: Offer) -> None:
        """Keep the reading, and report a text that staff should ask back about."""
        if offer.reading is None:
            return
        text = ReadText(
            human.id, columns.sheet.form, row, columns.title(column), offer.reading, offer.use, offer.confirm
        )
        self.readings.append(text)
        if offer.confirm:
            reason = f"{offer.confirm}; the text {offer.use.value}"
            where = (columns.sheet.name, row, columns.title(column), offer.reading.text, reason)
            self.issues.append(Issue(*where, "ask the person, or correct the cell", Severity.WARNING))


def student_line(
    people: Sequence[Standing[StudentResponse]], columns: ColumnMap, night: Night
) -> Line[StudentResponse, Student]:
    """Who asks tonight: not served, booked, paused or expired, and with a readable answer inside the horizon."""
    line: Line[StudentResponse, Student] = Line()
    for standing in people:
        answer = standing.current
        said = student_offer(answer, night.clockwork)
        human = _student(standing, said)
        line.note_reading(human, columns, answer.person.row, "availability", said)
        wanted = night.ledger.wanted.get(human.id, answer.wanted)
        line.wanted[human.id] = wanted - night.ledger.served.get(human.id, 0) - _kept(human.id, night)
        since_when = _waiting_since(standing, said, night)
        if since_when:
            line.waiting[human.id] = since_when
        offer = _student_left(standing.id, answer, said, night)
        settled = _student_settled(standing, line.wanted[human.id], said, offer, night)
        if settled:
            line.leave_out(human, *settled)
        elif offer.windows and since_when:
            line.enter(human, answer, offer)
        else:
            line.others.append(human)
            stage = Stage.OFF_GRID if _readable(said) else Stage.NO_USABLE_ANSWER
            first = since_when or standing.history[0].person.submitted
            line.unmatched.append(Unmatched(human.id, stage, (night.as_of - first).days))
    return line


def offering_line(
    people: Sequence[Standing[ProfessionalResponse]], columns: ColumnMap, night: Night
) -> Line[ProfessionalResponse, Professional]:
    """Who offers tonight: not paused or expired, live, and with readable time inside the horizon."""
    line: Line[ProfessionalResponse, Professional] = Line()
    for standing in people:
        answer = standing.current
        said = professional_offer(answer, night.clockwork)
        human = _professional(standing, said)
        line.note_reading(human, columns, answer.person.row, "specific", said)
        back = night.back_on(standing.id, answer.again_from)
        offer = replace(said, windows=within(said.windows, [since(back, night.rules.zone)])) if back else said
        gone = night.ledger.withdrawn.get(standing.id)
        settled = _professional_settled(answer, back, said, offer, night)
        settled = (ProfessionalOutcome.WITHDRAWN, gone) if gone else settled
        if settled:
            line.leave_out(human, *settled)
        else:
            line.enter(human, answer, offer)
    return line


def _kept(name: str, night: Night) -> int:
    """Sessions of a student that are still to come (past ones count as served)."""
    return sum(kept.student == name and kept.interval.end > night.as_of for kept in night.ledger.kept)


def _readable(offer: Offer) -> bool:
    return offer.reading is not None and offer.reading.status in ("ok", "partial")


def _waiting_since(standing: Standing[StudentResponse], said: Offer, night: Night) -> datetime | None:
    """When the person first gave a readable answer: answering again or correcting never resets it.

    `said` is what the current answer says.
    """
    if standing.id in night.ledger.waiting_since:
        return min(night.ledger.waiting_since[standing.id], night.as_of)
    for answer in standing.history[:-1]:
        if _readable(student_offer(answer, night.clockwork)):
            return answer.person.submitted
    return standing.current.person.submitted if _readable(said) else None


def _student_left(name: str, answer: StudentResponse, offer: Offer, night: Night) -> Offer:
    """The offer without pauses and without the time of sessions that stand, here or elsewhere."""
    back = night.back_on(name, answer.again_from)
    windows = within(offer.windows, [since(back, night.rules.zone)]) if back else offer.windows
    promised = [kept.interval for kept in night.ledger.kept if kept.student == name]
    return replace(offer, windows=without(windows, [*promised, *night.ledger.busy.get(name, ())]))


def _student_settled(
    standing: Standing[StudentResponse], wanted: int, said: Offer, offer: Offer, night: Night
) -> tuple[StudentOutcome, str] | None:
    """The outcome, with its reason, of a student who does not ask tonight; None for who does."""
    answer = standing.current
    if standing.id in night.ledger.withdrawn:
        return StudentOutcome.WITHDRAWN, night.ledger.withdrawn[standing.id]
    if wanted <= 0:
        if _kept(standing.id, night):
            return StudentOutcome.ALREADY_BOOKED, "has a session that stands"
        return StudentOutcome.SERVED, f"has had all {answer.wanted} sessions wanted"
    back = night.back_on(standing.id, answer.again_from)
    if back and (back > night.clockwork.horizon.last or (said.windows and not offer.windows)):
        return StudentOutcome.PAUSED, _paused(back)
    until = _own_end(said)
    if until is not None:
        return (StudentOutcome.EXPIRED, f"was valid until {until.isoformat()}") if until < night.today else None
    expiry = answer.person.submitted + timedelta(days=night.rules.expiry_days)
    if expiry < night.as_of:
        return StudentOutcome.EXPIRED, f"is older than {night.rules.expiry_days} days and names no dates"
    return None


def _paused(back: date) -> str:
    return "paused until they say otherwise" if back >= NO_END else f"paused until {back.isoformat()}"


def _own_end(said: Offer) -> date | None:
    """The last date that an answer names itself: its stated end, or its last date if it names nothing but dates."""
    if said.reading is None or said.reading.valid_until or said.reading.weekly:
        return said.reading.valid_until if said.reading else None
    return max((window.day for window in said.reading.dated), default=None)


def _professional_settled(
    answer: ProfessionalResponse, back: date | None, said: Offer, offer: Offer, night: Night
) -> tuple[ProfessionalOutcome, str] | None:
    """The outcome, with its reason, of a professional who offers nothing tonight; None for who does."""
    horizon = night.clockwork.horizon
    if back and (back > horizon.last or (said.windows and not offer.windows)):
        return ProfessionalOutcome.PAUSED, _paused(back)
    if answer.dates_bad:
        return ProfessionalOutcome.NOTHING_READABLE, "the start or end date cannot be used"
    valid = validity(answer, night.rules)
    if valid is None or valid.end <= since(horizon.first, night.rules.zone).start:
        return ProfessionalOutcome.EXPIRED, "the offer has ended"
    if answer.formats == (EMAIL_ONLY,):
        return ProfessionalOutcome.EMAIL_ONLY, "offers e-mail reviews only: no appointments, for staff to hand out"
    minutes = answer.session_minutes or night.rules.session_minutes
    if any(interval.minutes >= minutes for interval in offer.intervals):
        return None
    if offer.windows:
        return ProfessionalOutcome.NOTHING_READABLE, f"no time is as long as a session of {minutes} minutes"
    if valid.start > since(horizon.last, night.rules.zone).start:
        return ProfessionalOutcome.NOTHING_READABLE, "the offer begins after the planned days"
    return ProfessionalOutcome.NOTHING_READABLE, "no usable time inside the planned days"


def _student(standing: Standing[StudentResponse], offer: Offer) -> Student:
    answer = standing.current
    return Student(
        id=standing.id,
        name=answer.person.name,
        email=answer.person.email,
        zone=offer.reading.zone if offer.reading else answer.zone,
        echo=offer.reading.echo if offer.reading else "",
        discord_id=answer.person.discord_id,
        discord_name=answer.discord_name,
        resume_link=answer.resume_link,
        target_industry=answer.industry,
        target_role=answer.role,
        level=answer.level or answer.level_text,
    )


def _professional(standing: Standing[ProfessionalResponse], offer: Offer) -> Professional:
    answer = standing.current
    replaced = offer.reading is not None and offer.use is Use.REPLACES
    return Professional(
        id=standing.id,
        name=answer.person.name,
        email=answer.person.email,
        zone=offer.reading.zone if offer.reading and replaced else answer.zone,
        echo=offer.reading.echo if offer.reading and replaced else ticks_echo(answer),
        title=answer.title,
        company=answer.company,
        meeting_link=answer.meeting_link,
        formats=answer.formats,
    )


def ticks_echo(answer: ProfessionalResponse) -> str:
    """Ticked days and slots as a line, slots that touch joined: "Mon, Wed 09:00-11:00; Europe/Berlin time"."""
    spans: list[tuple[int, int]] = []
    for start, end in answer.slots:
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    days = ", ".join(DAYS[day][:3] for day in answer.days)
    hours = ", ".join(f"{clock_text(start)}-{clock_text(end)}" for start, end in spans)
    ticked = f"{days} {hours}".strip()
    return f"{ticked}; {answer.zone} time" if ticked else ""
