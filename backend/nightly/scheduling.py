"""The schedule that staff read in a spreadsheet, from the record as it stands now."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from backend.nightly.news import booking_of
from backend.nightly.record import BookedSession, Record
from backend.settings import Settings
from optimizer.domain import zone_info
from publish.message import public_name
from publish.ports import Item, OutdatedError, PublishError
from publish.schedule import SCHEDULE, ScheduleRow, ScheduleTable, schedule_items

DAYS_BACK = 30


def new_schedule(settings: Settings, record: Record, present: datetime) -> list[Item]:
    """The item that brings the worksheet up to date; none when the last one did, or without a worksheet."""
    place = settings.publish.schedule_sheet
    if not place:
        return []
    return schedule_items(schedule_of(settings, record, present), place, record.told(SCHEDULE))


def schedule_of(settings: Settings, record: Record, present: datetime) -> ScheduleTable:
    """Sessions to come and of the last 30 days, by start; without those of nights that staff hold back."""
    zone = zone_info(settings.program.zone)
    first_day = present.astimezone(zone).date() - timedelta(days=DAYS_BACK)
    first = datetime.combine(first_day, time(), zone)
    state, held = record.state(), record.held()
    shown = [one for one in state.sessions if one.interval.start >= first and one.run not in held]

    def row(booked: BookedSession) -> ScheduleRow:
        booking, names = booking_of(settings, state.people, booked), settings.publish.names
        return ScheduleRow(
            start=booked.session.start,
            minutes=booked.session.minutes,
            student=public_name(booking.student.name, names, "a student"),
            professional=public_name(booking.professional.name, names, "a professional"),
            state=booked.state.replace("_", " "),
            reference=booking.reference,
        )

    rows = sorted(map(row, shown), key=lambda one: (one.start, one.reference))
    return ScheduleTable(settings.program.zone, tuple(rows))


def schedule_for(settings: Settings, record: Record, item: Item, present: datetime) -> ScheduleTable:
    """The table an item means. Raises `PublishError` when the schedule reads otherwise by now."""
    table = schedule_of(settings, record, present)
    if table.content(settings.publish.schedule_sheet) == item.payload["content"]:
        return table
    if record.told(SCHEDULE)[-1].key != item.key:
        raise OutdatedError("a newer schedule is written")
    raise PublishError("the schedule changed while it was being written; the next pass writes it", permanent=False)
