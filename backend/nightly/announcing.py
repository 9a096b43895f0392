"""What staff and everybody hear of the last night, from the record: one message, edited as the night changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from backend.nightly.frame import program_from
from backend.nightly.news import recorded_messages
from backend.nightly.picture import picture_of
from backend.nightly.record import BookedSession, Record, RecordState, RunEntry
from backend.report.figures import figures
from backend.settings import Settings
from publish.apprise_notifier import APPRISE
from publish.message import Message
from publish.outbox import ANNOUNCER
from publish.ports import Item
from publish.staff_news import StaffNight, flag_messages, place_messages, staff_messages, summary_messages


def last_announcements(settings: Settings, record: Record, state: RecordState) -> tuple[Message, ...]:
    """The messages about the last night as they read now; none when nobody asked for them or nothing was run."""
    if not (settings.publish.staff_channel_id or settings.publish.summary_channel_id):
        return ()
    runs = [run for run in state.posted if run.program == settings.program.key]
    flagged = flag_notices(settings, record, settings.publish.staff_channel_id)
    return (*flagged, *(announcements(settings, record, state, runs[-1].night) if runs else ()))


def last_news(settings: Settings, record: Record, state: RecordState, told: Iterable[Item]) -> tuple[Message, ...]:
    """The last night's own messages as they read now, to be edited where they stand: who is cancelled is named no more.

    None that was never to be posted in today's channel. `told`: every item of the announcer.
    """
    held = record.held()
    runs = [run for run in state.posted if run.program == settings.program.key]
    if not runs or any(run.id in held for run in runs if run.night == runs[-1].night):
        return ()
    places = {item.key.rpartition("/")[0] for item in told}
    messages = recorded_messages(settings, state, runs[-1].night)
    if not any(f"{ANNOUNCER}/{one.channel}/{one.key}" in places for one in messages):
        return ()
    return tuple(replace(one, only_edit=True) for one in messages)


def flag_notices(settings: Settings, record: Record, channel: str) -> tuple[Message, ...]:
    """What staff must hear at once about the calendar; none without a channel for it."""
    return flag_messages(program_from(settings), record.flags(), channel) if channel else ()


def free_place_messages(settings: Settings, record: Record) -> tuple[Message, ...]:
    """For staff: one message for each place that is free again and that somebody could take; edited when it is over."""
    channel = settings.publish.staff_channel_id
    places = record.free_places() if channel else ()
    return tuple(one for place in places for one in place_messages(program_from(settings), place, channel))


def announcements(settings: Settings, record: Record, state: RecordState, key: str) -> tuple[Message, ...]:
    """The messages about a recorded night as they read now."""
    publish = settings.publish
    night = [run for run in state.posted if run.program == settings.program.key and run.night == key]
    told, image = _told(settings, state, night, record)
    held = record.held()
    staff = staff_messages(told, publish.staff_channel_id, image) if publish.staff_channel_id else ()
    if not publish.summary_channel_id or any(run.id in held for run in night):
        return staff
    return (*staff, *summary_messages(told, publish.summary_channel_id))


def staff_notice(settings: Settings, record: Record, state: RecordState, key: str) -> tuple[Message, ...]:
    """The staff's message of a recorded night for channels that are no chat."""
    night = [run for run in state.posted if run.program == settings.program.key and run.night == key]
    return staff_messages(_told(settings, state, night, record)[0], APPRISE)


def _told(
    settings: Settings, state: RecordState, night: list[RunEntry], record: Record
) -> tuple[StaffNight, Callable[[], bytes]]:
    ids, last = {run.id for run in night}, night[-1]
    booked = ids - {run.id for run in state.undone}
    sessions = [one for one in state.sessions if one.run in ids and one.state != "cancelled"]
    before = sum(run.sessions for run in night[:-1])
    told = StaffNight(
        program=program_from(settings),
        key=last.night,
        sessions=len(sessions),
        students=len({one.session.student for one in sessions}),
        professionals=len({one.session.professional for one in sessions}),
        unmatched=last.unmatched,
        booked_earlier=max(0, last.booked_earlier - before),
        stages=last.stages,
        to_confirm=last.to_confirm,
        given_up=record.given_up(),
        held=sum(record.held().values()),
        to_decide=sum(flag.open for flag in record.flags()),
        report=settings.publish.report_url,
        stand_ins=last.stand_ins,
        cancelled=sum(one.run in booked and one.state == "cancelled" for one in state.sessions),
    )
    return told, partial(_drawn, sessions, last, told.students + told.booked_earlier)


def _drawn(sessions: list[BookedSession], last: RunEntry, served: int) -> bytes:
    hosted = Counter(one.session.professional for one in sessions)
    return picture_of(figures(hosted, last.offered, served, last.stages))
