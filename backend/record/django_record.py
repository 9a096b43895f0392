"""The record of a program in the database, as the nightly job uses it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.db import transaction

from backend.nightly.exits import Exit, Stop
from backend.nightly.frame import rules_from
from backend.nightly.reading import conventions_from
from backend.nightly.record import (
    BookedSession,
    Parcel,
    People,
    Reach,
    RecordState,
    RunEntry,
    Sheets,
    Tonight,
    Unreached,
)
from backend.record.actor import CONSOLE
from backend.record.django_outbox import DjangoOutbox
from backend.record.models import Program, Run
from backend.record.models.ids import public_id
from backend.record.models.states import RunState
from backend.record.refusal import Refused, one_step
from backend.record.services.approval import keep_plan
from backend.record.services.booking import Booked, open_attempt, write_night
from backend.record.services.calendar_flags import staff_flags
from backend.record.services.closing import Ways, close_sessions, completed_facts
from backend.record.services.codes import keep_codes
from backend.record.services.concern import refuse_changed
from backend.record.services.freed import freed_places, told_places
from backend.record.services.jobs import last_followed, last_pass, note_pass, standing_sessions
from backend.record.services.links import after_links, own_links, session_links, skip_links
from backend.record.services.notices import items_told
from backend.record.services.outbox import approve_open
from backend.record.services.past import awaits_session, booked_session, reach_of, record_state, seat_of
from backend.record.services.programs import own_program
from backend.record.services.responses import Frame
from backend.record.services.retention import Keep, forget_old
from backend.record.services.rooms import keep_room
from backend.record.services.taking_part import taking_part
from backend.record.services.tonight import Listed, last_reading, listed_again, listed_of, sheet_of, store_sheet
from backend.settings import Settings
from ingest.sheet import Form, Sheet, SourceError
from publish.booking import Recipient
from publish.links import Links
from publish.outbox import CalendarAct
from publish.ports import Item
from publish.reminding import Standing
from publish.staff_news import FreePlace, StaffFlag

FORMS = (Form.STUDENTS, Form.PROFESSIONALS)


class DjangoRecord:
    """Implements `backend.nightly.record.Record`. The database must be ready (`backend.record.setup.ready`).

    `clock` tells the present.
    """

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._clock = clock
        self._frame = Frame(rules_from(settings), conventions_from(settings))
        self.program = own_program(settings)
        self._outbox = DjangoOutbox(self.program, clock)

    def state(self) -> RecordState:
        """What earlier nights left and people decided since, everybody under today's pseudonym."""
        return record_state(self.program)

    def read(self, sheets: Sheets, as_of: datetime) -> Tonight:
        """As `keep`, and everything is undone again."""
        with transaction.atomic():
            found = self.keep(sheets, as_of)
            transaction.set_rollback(True)
        return found

    def keep(self, sheets: Sheets, as_of: datetime) -> Tonight:
        """Store the answers, then build tonight's sheets from all that is stored. Raises `Stop`."""
        return Tonight(as_of, self._built(self._stored((sheets.students, sheets.professionals), as_of)), self.state())

    def open_night(self, night: str, as_of: datetime, pull: Callable[[], Sheets], *, anew: bool = False) -> Tonight:
        """Store tonight's answers and note which they are, or go on with those of an attempt that broke off."""
        before = open_attempt(self.program, night)
        if before is not None and not anew and before.answers is not None:
            Run.objects.filter(pk=before.pk).update(attempts=before.attempts + 1)
            listed = listed_of(before)
            return Tonight(before.as_of, self._built(listed), self.state(), resumed=True)
        if before is not None:
            self.break_off(night, "begun anew")
        stored = self._pulled(pull, as_of)
        answers = {form.value: one.as_record() for form, one in stored.items()}
        Run.objects.create(
            key=f"a-{public_id()}",
            program=self.program,
            night=night,
            as_of=as_of,
            answers=json.dumps(answers).encode(),
            started_at=self._clock(),
        )
        return Tonight(as_of, self._built(stored), self.state())

    def break_off(self, night: str, reason: str) -> None:
        """The night ends without booking, held for staff."""
        run = open_attempt(self.program, night)
        if run is not None:
            run.state, run.finished_at, run.outcome = RunState.HELD, self._clock(), {"reason": reason}
            run.save()

    def keep_plan(self, run: RunEntry, items: Iterable[Item], parcel: Parcel, *, reason: str = "") -> None:
        """Keep a plan that nobody booked, for staff to approve in the admin. Raises `Stop(STALE_PLAN)`."""
        try:
            keep_plan(self.program, Booked(run, (), People(), tuple(items), parcel), self._clock(), reason=reason)
        except Refused as refusal:
            raise Stop(Exit.STALE_PLAN, f"the plan was not kept: {refusal.message}") from None

    def commit(
        self,
        run: RunEntry,
        sessions: Iterable[BookedSession],
        people: People,
        items: Iterable[Item],
        *,
        parcel: Parcel | None = None,
        before: RecordState | None = None,
        hold: bool = False,
    ) -> None:
        """Write the night. Raises `Stop(STALE_PLAN)`."""
        booked = Booked(run, tuple(sessions), people, tuple(items), parcel, hold)
        try:
            with one_step():
                Program.objects.select_for_update().get(pk=self.program.pk)
                if before is not None:
                    refuse_changed(before, self.state(), booked.sessions)
                write_night(self.program, booked, self._clock())
        except Refused as refusal:
            raise Stop(
                Exit.STALE_PLAN, f"the record changed meanwhile ({refusal.message}): nothing was booked; run it again"
            ) from None

    def tidy(self) -> None:
        """Ask about sessions that are over, take those for held about which nobody said anything, forget old texts."""
        now, rule = self._clock(), self._settings.retention
        ways = Ways(chat=self._settings.publish.direct_messages, mail=bool(self._settings.mail.host))
        close_sessions(now, self.program, ways)
        spans = (
            timedelta(days=days) if days else None for days in (rule.answers_days, rule.posts_days, rule.replies_days)
        )
        forget_old(self.program, Keep(*spans), now)

    def session(self, key: str) -> tuple[BookedSession, People] | None:
        """A session as it stands now, with its two people."""
        return booked_session(self.program, key)

    def awaits(self, student: str, after: datetime) -> bool:
        """Whether a session of this student that was not cancelled ends after this moment."""
        return awaits_session(self.program, student, after)

    def keep_room(self, key: str, link: str) -> None:
        """The room that a calendar made for a session."""
        keep_room(self.program, key, link, self._clock())

    def completed(self, key: str) -> Mapping[str, str | int | bool | None] | None:
        """What other systems hear of a session that took place: ids of the API, times, the student's Discord id."""
        return completed_facts(self.program, key)

    def reach(self, person: str) -> Reach | None:
        """How to reach whom this pseudonym means today."""
        return reach_of(self.program, person)

    def seat(self, session: str, recipient: Recipient) -> Reach | None:
        """How to reach one of the two people of a session."""
        return seat_of(self.program, session, recipient)

    def standing(self, first: datetime, last: datetime) -> Sequence[Standing]:
        """Sessions that stand and begin in `[first, last]`."""
        return standing_sessions(self.program, first, last)

    def last_pass(self, job: str) -> datetime | None:
        """The present of a job's last pass; None before the first."""
        return last_pass(self.program, job)

    def followed(self) -> datetime | None:
        """When the program's Google calendar, as it is set now, was last followed."""
        return last_followed(self.program, self._settings.publish.calendar_id)

    def note_pass(self, job: str, at: datetime, outcome: Mapping[str, int]) -> None:
        """A job was at work."""
        note_pass(self.program, job, at, outcome)

    def links(self, session: str) -> Mapping[Recipient, Links]:
        """Signed links for the two of a session, as it stands now."""
        return session_links(self.program, session, self._settings.web.public_url)

    def after_links(self, session: str) -> Mapping[Recipient, Links]:
        """Signed links with which the two say how a session went."""
        return after_links(self.program, session, self._settings.web.public_url)

    def own_links(self, person: str, written: date) -> Links:
        """Signed links for what a person offers or wishes."""
        return own_links(self.program, person, written, self._settings.web.public_url)

    def taking_part(self) -> Sequence[str]:
        """Who asks or offers now and is not paused."""
        return taking_part(self.program, self._clock())

    def skip_links(self, person: str, run_at: datetime) -> Links:
        """A signed link that leaves somebody out of one night."""
        return skip_links(self.program, person, run_at, self._settings.web.public_url)

    def free_places(self) -> Sequence[FreePlace]:
        """As the record stands now; staff decide in the admin. Then such as staff were told of and that are over."""
        base, now = self._settings.web.public_url.rstrip("/"), self._clock()
        free = freed_places(self.program, self._settings, now)
        names = {one.session.public_id for one in free}
        over = (row for row in told_places(self.program, now) if row.public_id not in names)
        return [
            FreePlace(
                one.session.public_id,
                one.session.starts_at,
                one.takers,
                f"{base}/admin/record/scheduledsession/{one.session.pk}/do/fill/" if base else "",
            )
            for one in free
        ] + [FreePlace(row.public_id, row.starts_at, 0, open=False) for row in over]

    def told(self, channel: str, person: str = "") -> Sequence[Item]:
        """See `items_told`."""
        return items_told(self.program, channel, person)

    def flags(self) -> Sequence[StaffFlag]:
        """Where the calendar says something else than the record: what waits for staff, and what lately did."""
        return staff_flags(self.program, self._clock())

    def given_up(self) -> int:
        """Items that could not be delivered and that nobody dropped."""
        return self._outbox.given_up()

    def approve_open(self) -> None:
        """Staff let everything open go out; who did is in the audit."""
        approve_open(self.program, CONSOLE, self._clock())

    def in_hand(self, channels: Collection[str]) -> int:
        """Items of these channels that a worker is sending, or was when it died."""
        return self._outbox.open_items().filter(channel__in=channels, claimed_until__gt=self._clock()).count()

    def unsent(self, channels: Collection[str]) -> int:
        """Items of these channels that were tried and are neither held, sent nor given up, but for rooms being made."""
        open_items = self._outbox.open_items().filter(channel__in=channels, attempts__gt=0)
        return open_items.count() - open_items.filter(payload__act=CalendarAct.ROOM).count()

    def waiting(self) -> int:
        """Items that are neither held, sent nor given up."""
        return self._outbox.open_items().count()

    def held(self) -> Mapping[str, int]:
        """Held items by the key of their run, the oldest run first."""
        return self._outbox.held()

    @property
    def outbox(self) -> DjangoOutbox:
        return self._outbox

    def _pulled(self, pull: Callable[[], Sheets], as_of: datetime) -> dict[Form, Listed]:
        """Tonight's sheets, stored; for one that was not reached its last reading. Raises `Stop`."""
        try:
            sheets = pull()
        except Unreached as unreached:
            now = self._clock()
            oldest = now - timedelta(hours=self._settings.sources.stand_in_hours)
            earlier = {form: last_reading(self.program, form, place) for form, place in unreached.places.items()}
            if any(one is None or datetime.fromisoformat(one.read_at) <= oldest for one in earlier.values()):
                raise
            stored = self._stored(unreached.read.values(), as_of)
            for form, one in earlier.items():
                if one is not None:
                    stored[form] = listed_again(self.program, form, one, now, self.program.zone)
            return {form: stored[form] for form in FORMS}
        return self._stored((sheets.students, sheets.professionals), as_of)

    def _stored(self, sheets: Iterable[Sheet], as_of: datetime) -> dict[Form, Listed]:
        verified = self._settings.forms.verified_email
        with _as_stop():
            stored = {
                sheet.form: store_sheet(self.program, sheet, self._frame, as_of, self._clock(), verified_email=verified)
                for sheet in sheets
            }
        keep_codes(self.program)
        return stored

    def _built(self, listed: dict[Form, Listed]) -> Sheets:
        with _as_stop():
            return Sheets(*(sheet_of(self.program, form, listed[form], self._frame.rules) for form in FORMS))


@contextmanager
def _as_stop() -> Iterator[None]:
    try:
        yield
    except SourceError as error:
        raise Stop(Exit.ERROR if error.permanent else Exit.TRY_LATER, str(error)) from None
