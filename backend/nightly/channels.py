"""The outside services a program uses, opened with its credentials and closed again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backend.nightly.exits import Exit, Stop
from backend.secrets import (
    APPRISE_URLS,
    CALDAV_PASSWORD,
    DISCORD_TOKEN,
    GOOGLE_CREDENTIALS,
    HOOK_SECRET,
    REMINDER_PHONE_URL,
    SMTP_PASSWORD,
    SecretError,
    secret,
)
from backend.settings import Settings
from publish.hook import Hook, HookError
from publish.inviting import ProgramCalendar
from publish.mail import Mailer
from publish.ports import Announcer, Calendar, FreeBusy, PublishError, ScheduleSheet, Watch

if TYPE_CHECKING:
    from publish.apprise_notifier import Notifier
    from publish.google_calendar import GoogleCalendar
    from publish.schedule_sheet import GoogleScheduleSheet
    from publish.texting import Texter


@dataclass(frozen=True)
class Channels:
    """The ports that are configured; None for a channel this program does not use."""

    calendar: Calendar | None = None
    announcer: Announcer | None = None
    hook: Hook | None = None
    mailer: Mailer | None = None
    notifier: Notifier | None = None
    texter: Texter | None = None
    watch: Watch | None = None
    events: ProgramCalendar | None = None
    schedule: ScheduleSheet | None = None


@contextmanager
def channels(settings: Settings) -> Iterator[Channels]:
    """The ports that are configured, none while publishing is off. Raises `Stop(USAGE)` for missing credentials."""
    with ExitStack() as stack:
        if not settings.publish.enabled:
            yield Channels()
            return
        calendar = _calendar(settings, stack)
        yield Channels(
            calendar,
            _announcer(settings, stack),
            _hook(settings),
            _mailer(settings, stack),
            _notifier(settings),
            _texter(settings),
            calendar,
            _events(settings, stack),
            _schedule(settings, stack),
        )


def _calendar(settings: Settings, stack: ExitStack) -> GoogleCalendar | None:
    if not settings.publish.calendar_id:
        return None
    if settings.publish.caldav_url:
        raise Stop(Exit.USAGE, "publish.calendar_id and publish.caldav_url are both set; keep one calendar")
    from publish.google_calendar import SCOPES, GoogleCalendar

    credentials = _google_credentials(SCOPES, settings.google.subject)
    publish = settings.publish
    calendar = GoogleCalendar(publish.calendar_id, credentials, per_minute=publish.calendar_calls_per_minute)
    return stack.enter_context(calendar)


@contextmanager
def own_calendars(settings: Settings) -> Iterator[FreeBusy]:
    """People's own calendars, to be asked when they are busy; nothing is written there. Raises `Stop(USAGE)`."""
    from publish.google_calendar import FREE_BUSY_SCOPE, GoogleCalendar

    credentials = _google_credentials((FREE_BUSY_SCOPE,), settings.google.subject)
    publish = settings.publish
    with GoogleCalendar(publish.calendar_id, credentials, per_minute=publish.calendar_calls_per_minute) as source:
        yield source


def _events(settings: Settings, stack: ExitStack) -> ProgramCalendar | None:
    publish = settings.publish
    if not publish.caldav_url:
        return None
    if not settings.mail.host:
        raise Stop(Exit.USAGE, "publish.caldav_url needs mail.host: a CalDAV server invites nobody, mails do")
    from publish.caldav_calendar import CalDavCalendar

    password = needed(CALDAV_PASSWORD) if publish.caldav_user else ""
    return stack.enter_context(CalDavCalendar(publish.caldav_url, publish.caldav_user, password))


def _schedule(settings: Settings, stack: ExitStack) -> GoogleScheduleSheet | None:
    return stack.enter_context(schedule_sheet(settings)) if settings.publish.schedule_sheet else None


def schedule_sheet(settings: Settings) -> GoogleScheduleSheet:
    """The worksheet that gets the schedule; by the account that reads the sheets. Raises `Stop(USAGE)`."""
    from publish.schedule_sheet import SCOPES, GoogleScheduleSheet

    spreadsheet, _, worksheet = settings.publish.schedule_sheet.partition("#")
    return GoogleScheduleSheet(spreadsheet, worksheet, _google_credentials(SCOPES))


def _google_credentials(scopes: Sequence[str], subject: str = "") -> Any:
    from publish.google_transport import credentials_from

    try:
        return credentials_from(needed(GOOGLE_CREDENTIALS), scopes, subject)
    except PublishError as error:
        raise Stop(Exit.USAGE, f"{GOOGLE_CREDENTIALS}: {error}") from None


def _announcer(settings: Settings, stack: ExitStack) -> Announcer | None:
    publish = settings.publish
    if not (
        publish.discord_channel_id or publish.staff_channel_id or publish.summary_channel_id or publish.direct_messages
    ):
        return None
    from publish.discord_announcer import DiscordAnnouncer

    return stack.enter_context(DiscordAnnouncer(needed(DISCORD_TOKEN)))


def _hook(settings: Settings) -> Hook | None:
    if not settings.publish.hook_url:
        return None
    try:
        return Hook(settings.publish.hook_url, needed(HOOK_SECRET))
    except HookError as error:
        raise Stop(Exit.USAGE, f"publish.hook_url, {HOOK_SECRET}: {error}") from None


def _mailer(settings: Settings, stack: ExitStack) -> Mailer | None:
    mail = settings.mail
    if not mail.host:
        return None
    if mail.tls == "none" and mail.host not in ("127.0.0.1", "::1", "localhost"):
        raise Stop(Exit.USAGE, 'mail.tls = "none" would show everybody on the way what is written; use "starttls"')
    from backend.record.mail import SmtpMailer

    return stack.enter_context(SmtpMailer(settings, needed(SMTP_PASSWORD) if mail.user else None))


def _notifier(settings: Settings) -> Notifier | None:
    if not settings.publish.apprise:
        return None
    from publish.apprise_notifier import Notifier, NotifierError

    try:
        return Notifier(needed(APPRISE_URLS).split())
    except NotifierError as error:
        raise Stop(Exit.USAGE, f"{APPRISE_URLS}: {error}") from None


def _texter(settings: Settings) -> Texter | None:
    if not settings.reminders.phone:
        return None
    from publish.texting import Texter, TextingError

    try:
        return Texter(needed(REMINDER_PHONE_URL))
    except TextingError as error:
        raise Stop(Exit.USAGE, f"{REMINDER_PHONE_URL}: {error}") from None


def needed(name: str) -> str:
    """A secret that must be there. Raises `Stop(USAGE)`."""
    try:
        value = secret(name)
    except SecretError as error:
        raise Stop(Exit.USAGE, str(error)) from None
    if value is None:
        raise Stop(Exit.USAGE, f"{name} is not set; set it, or {name}_FILE to a file with mode 0600")
    return value
