"""Following a calendar: what people did there becomes part of the record, or a flag for staff.

Cancelling and moving go through the same services as every other door; both people are told through the outbox.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backend.record.actor import CALENDAR, Actor
from backend.record.given_up import TRIED
from backend.record.models import OutboxItem, Program, ScheduledSession
from backend.record.models.states import Channel, DeliveryState, FlagKind, SessionState
from backend.record.refusal import Refused, one_step
from backend.record.services.calendar_flags import (
    CAUSE_OF,
    expected,
    raise_flag,
    raise_stray,
    settle_event,
    settle_past,
)
from backend.record.services.calendar_rules import Sight, Standing, frozen, one_time, sight
from backend.record.services.free_times import why_not_free
from backend.record.services.limits import Limits, refuse_over_limits
from backend.record.services.notices import tell
from backend.record.services.sessions import Slot, cancel_session, locked, reschedule_session
from backend.settings import Settings
from publish.booking import Recipient
from publish.outbox import CALENDAR as CALENDAR_CHANNEL
from publish.outbox import CalendarAct
from publish.ports import CalendarEvent, Changes

Look = Callable[[str], CalendarEvent | None]


@dataclass
class Followed:
    """What came of one look at the calendar, as counts; `seen`: events of ours that were looked at."""

    seen: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, what: str) -> None:
        self.counts[what] += 1


@dataclass(frozen=True)
class Follower:
    """`look` asks the calendar for one event, by id."""

    program: Program
    settings: Settings
    look: Look
    now: datetime

    def follow(self, changes: Changes) -> Followed:
        """Take over what changed. The same changes a second time change nothing."""
        found = Followed()
        coming, over = self._sessions()
        events: dict[int, list[tuple[CalendarEvent, Recipient]]] = defaultdict(list)
        rows = {row.pk: row for row, _ in coming.values()}
        for event in changes.events:
            if event.event_id in coming:
                row, recipient = coming[event.event_id]
                events[row.pk].append((event, recipient))
                found.seen += 1
        if changes.complete:
            present = {event.event_id for event in changes.events}
            self._missing(found, {key: one for key, one in coming.items() if key not in present}, events)
            self._strays(found, changes.events, coming, over)
        many = self._too_many(rows, events)
        for key, told in events.items():
            self._session(found, rows[key], told, many)
        settle_past(self.program, self.now)
        return found

    def _sessions(self) -> tuple[dict[str, tuple[ScheduledSession, Recipient]], dict[str, ScheduledSession]]:
        """Events of sessions to come by id: of those that stand, and of those that were cancelled."""
        rows = ScheduledSession.objects.filter(program=self.program, starts_at__gt=self.now)
        coming: dict[str, tuple[ScheduledSession, Recipient]] = {}
        over: dict[str, ScheduledSession] = {}
        for row in rows.select_related("program", "student", "professional", "request", "run"):
            for event_id, recipient in expected(row).items():
                if row.state == SessionState.SCHEDULED:
                    coming[event_id] = (row, recipient)
                elif row.state == SessionState.CANCELLED:
                    over[event_id] = row
        return coming, over

    def _session(
        self, found: Followed, row: ScheduledSession, told: Iterable[tuple[CalendarEvent, Recipient]], many: bool
    ) -> None:
        with one_step():
            row = locked(row, CALENDAR)
            if row.state != SessionState.SCHEDULED:
                return
            standing = _standing(row)
            seen = [one for event, recipient in told if (one := sight(event, recipient, standing)) is not None]
            for one in seen:
                settle_event(self.program, one.event.event_id, self.now, but=one.kind)
            news = [one for one in seen if one.kind is not None and not self._on_its_way(one)]
            if news:
                self._decide(found, row, standing, news, many)

    def _too_many(
        self, rows: dict[int, ScheduledSession], events: dict[int, list[tuple[CalendarEvent, Recipient]]]
    ) -> bool:
        """Whether more sessions would be cancelled than people do in one go: a calendar was emptied, say."""
        off = 0
        for key, told in events.items():
            standing = _standing(rows[key])
            seen = (sight(event, recipient, standing) for event, recipient in told)
            off += any(one is not None and one.kind in _OFF for one in seen)
        return off > self.settings.sync.cancellations_at_once

    def _on_its_way(self, seen: Sight) -> bool:
        """We are about to put this event right ourselves."""
        if seen.kind not in (FlagKind.MOVED, FlagKind.GUEST):
            return False
        items = OutboxItem.objects.filter(program=self.program, channel=CALENDAR_CHANNEL, state__in=TRIED)
        return items.filter(key__contains=f"/{seen.event.event_id}/").exists()

    def _decide(
        self, found: Followed, row: ScheduledSession, standing: Standing, news: list[Sight], many: bool
    ) -> None:
        freeze = timedelta(hours=self.settings.sync.freeze_hours)
        near = frozen(standing, (one.time for one in news if one.kind is FlagKind.MOVED), self.now, freeze)
        off = next((one for one in news if one.kind in _OFF), None)
        if off is not None and off.kind is not None and not near and not many:
            cancel_session(row, CAUSE_OF[off.kind], self._who(row, off), self.now)
            found.add(off.kind.value)
            return
        why = "more sessions than sync.cancellations_at_once were called off in one go" if off and many else ""
        why = f"it begins within {self.settings.sync.freeze_hours} hours" if near else why
        moved = [one for one in news if one.kind is FlagKind.MOVED]
        if moved and off is None and not near:
            why = self._moved(row, moved)
            if not why:
                found.add("moved")
                return
        for one in news:
            reason = why or "the person it is for is no longer among its guests"
            if raise_flag(row, one, reason, self.now, frozen=near):
                found.add("flagged")

    def _moved(self, row: ScheduledSession, moved: list[Sight]) -> str:
        """Move the session along; or why not."""
        time = one_time(moved)
        if time is None or time[0] is None or time[1] is None:
            return "its two events name different times, or none"
        start, end = time[0], time[1]
        if start <= self.now:
            return "the new time has passed"
        why = why_not_free(row, start, end, self.settings)
        if why:
            return why
        slot = Slot(start, int((end - start).total_seconds() // 60))
        rules = self.settings.matching
        limits = Limits(rules.limit_per_day, rules.limit_per_week, rules.default_per_week)
        try:
            refuse_over_limits(self.program, row.professional, slot, limits, self.now, without=row)
            with one_step():
                reschedule_session(row, slot, CALENDAR, self.now)
        except Refused as refusal:
            return refusal.message
        return ""

    def _who(self, row: ScheduledSession, seen: Sight) -> Actor:
        """A guest answers for themselves; who deleted an event Google does not tell."""
        if seen.kind is not FlagKind.DECLINED:
            return CALENDAR
        person = row.professional if seen.recipient is Recipient.PROFESSIONAL else row.student
        return Actor.participant(person, Channel.GOOGLE)

    def _missing(
        self,
        found: Followed,
        absent: dict[str, tuple[ScheduledSession, Recipient]],
        events: dict[int, list[tuple[CalendarEvent, Recipient]]],
    ) -> None:
        """Events that were sent and are not listed: deleted ones are treated as such, vanished ones made again."""
        for event_id, (row, recipient) in absent.items():
            items = OutboxItem.objects.filter(program=self.program, key__contains=f"/{event_id}/")
            if not items.filter(state=DeliveryState.SENT).exists() or items.filter(state__in=TRIED).exists():
                continue
            event = self.look(event_id)
            if event is None:
                tell(row, CalendarAct.BOOK, f"missing-{self.now:%Y%m%d%H%M%S}", only=recipient)
                found.add("made again")
            else:
                events[row.pk].append((event, recipient))

    def _strays(
        self,
        found: Followed,
        events: Iterable[CalendarEvent],
        coming: dict[str, tuple[ScheduledSession, Recipient]],
        over: dict[str, ScheduledSession],
    ) -> None:
        """Events of ours without a standing session: of a cancelled one they go, others are shown to staff."""
        for event in events:
            ours = event.program == self.program.key and not event.cancelled
            if not ours or event.event_id in coming or event.start is None or event.start <= self.now:
                continue
            row = over.get(event.event_id)
            if row is None:
                if raise_stray(self.program, event.event_id, event.start, self.now):
                    found.add("strays")
            elif not self._going(event.event_id):
                recipient = expected(row)[event.event_id]
                tell(row, CalendarAct.CANCEL, f"stray-{self.now:%Y%m%d%H%M%S}", only=recipient)
                found.add("taken out")

    def _going(self, event_id: str) -> bool:
        items = OutboxItem.objects.filter(program=self.program, state__in=TRIED)
        return items.filter(key__contains=f"/{event_id}/").exists()


def _standing(row: ScheduledSession) -> Standing:
    return Standing(row.starts_at, row.ends_at, row.revision)


_OFF = (FlagKind.DECLINED, FlagKind.DELETED)
