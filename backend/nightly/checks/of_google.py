"""Google: whose credentials these are, the clock, the calendar and what may be done in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from backend.nightly.channels import needed, schedule_sheet
from backend.nightly.checks.result import Check, Health, grave
from backend.nightly.exits import Stop
from backend.nightly.google_rights import in_words, scopes_of
from backend.secrets import GOOGLE_CREDENTIALS
from backend.settings import Settings
from optimizer.domain import ZoneError, zone_info
from publish.ports import PublishError
from publish.schedule import ScheduleTable

if TYPE_CHECKING:
    from publish.google_look import Account

_NAME = "google: credentials"
_TOLERATED, _TOO_FAR = timedelta(seconds=60), timedelta(minutes=5)
_PLAIN = (
    "give it domain-wide delegation and set google.subject (Google Workspace), or sign in as a person with "
    "`auth google`, or leave publish.calendar_id empty and set mail.host: invitations then go by e-mail"
)


def check_google(settings: Settings, present: datetime) -> Iterator[Check]:
    """Everything about Google that the settings use; nothing is written there."""
    if not scopes_of(settings):
        yield Check("google", Health.OFF, "no google: sheet, no publish.calendar_id and no free_busy is set")
        return
    from publish.google_look import account_of, missing_scopes

    try:
        text = needed(GOOGLE_CREDENTIALS)
        account = account_of(text)
    except Stop as stop:
        fix = "a service account's key file, or what `auth google` stored; mode 0600 (docs/setup.md)"
        yield Check(_NAME, Health.BROKEN, stop.message, fix)
        return
    except PublishError as error:
        fix = "download the key again, or run `auth google`, and name that file"
        yield Check(_NAME, Health.BROKEN, f"{GOOGLE_CREDENTIALS}: {error}", fix)
        return
    lacking = missing_scopes(account, scopes_of(settings))
    if lacking:
        said = f"they do not allow to {' and to '.join(in_words(one) for one in lacking)}"
        yield Check(_NAME, Health.BROKEN, said, "run `auth google` again with this matching.toml, and tick every box")
    else:
        yield Check(_NAME, Health.GOOD, "of a service account" if account.service else "of a person (auth google)")
    yield _clock(present)
    if settings.publish.calendar_id:
        yield _calendar(settings, text, account, present)
    if settings.publish.schedule_sheet:
        yield _schedule(settings, account)


def _clock(present: datetime) -> Check:
    """Google refuses signed requests of a machine whose clock is minutes off."""
    from publish.google_look import google_time

    try:
        theirs = google_time()
    except PublishError as error:
        return Check("clock", Health.WARNING, f"{error}", "see that this machine reaches www.googleapis.com, port 443")
    if theirs is None:
        return Check("clock", Health.WARNING, "Google did not say what time it is", "try again later")
    off = abs(present - theirs)
    if off < _TOLERATED:
        return Check("clock", Health.GOOD, "agrees with Google's")
    where = "ahead of" if present > theirs else "behind"
    said = f"this machine's clock is {off.total_seconds():.0f} seconds {where} Google's"
    fix = "switch on time synchronisation: timedatectl set-ntp true"
    return Check("clock", Health.BROKEN if off >= _TOO_FAR else Health.WARNING, said, fix)


def _calendar(settings: Settings, text: str, account: Account, present: datetime) -> Check:
    name = "google: calendar"
    if account.service and not settings.google.subject:
        return Check(name, grave(settings), "a plain service account cannot invite guests", _PLAIN)
    from publish.google_calendar import SCOPES
    from publish.google_look import RefusedSignInError, look_at_calendar
    from publish.google_transport import credentials_from

    try:
        credentials = credentials_from(text, SCOPES, settings.google.subject if account.service else "")
        seen = look_at_calendar(settings.publish.calendar_id, credentials)
    except RefusedSignInError:
        return Check(name, grave(settings), "Google gives these credentials no access", _refused(account, SCOPES))
    except PublishError as error:
        if not error.permanent:
            return Check(name, Health.WARNING, str(error), "try again later; used-up quota comes back the next day")
        return Check(name, grave(settings), str(error), _share(account, settings))
    if not seen.may_write:
        return Check(
            name, grave(settings), f"may be seen but not changed (right: {seen.role})", _share(account, settings)
        )
    return _same_clock(name, seen.zone, settings.program.zone, present)


def _schedule(settings: Settings, account: Account) -> Check:
    """It is read as before each writing; whether it may be changed only writing would show."""
    name = "google: schedule"
    try:
        with schedule_sheet(settings) as sheet:
            there = sheet.look(ScheduleTable(settings.program.zone, ()).cells()[0])
    except PublishError as error:
        whom = account.address if account.service else "whoever signed in"
        fix = f"share the spreadsheet with {whom} as an editor, and see publish.schedule_sheet"
        return Check(name, grave(settings) if error.permanent else Health.WARNING, str(error), fix)
    return Check(name, Health.GOOD, "can be read" if there else "can be read; the worksheet will be made")


def _same_clock(name: str, theirs: str, ours: str, present: datetime) -> Check:
    try:
        same = present.astimezone(zone_info(theirs)).utcoffset() == present.astimezone(zone_info(ours)).utcoffset()
    except ZoneError:
        same = True
    if same:
        return Check(name, Health.GOOD, "may be seen and changed")
    said = f"it shows the time of {theirs}, the program's is {ours}"
    return Check(name, Health.WARNING, said, "in Google Calendar, Settings of this calendar > Time zone")


def _refused(account: Account, scopes: tuple[str, ...]) -> str:
    if account.service:
        return (
            "at admin.google.com > Security > API controls > Domain-wide delegation add client "
            f"{account.client_id or '(its client id)'} with {' '.join(scopes)}; google.subject must be a user there"
        )
    return (
        "run `auth google` again; if this comes back every week, the OAuth app is in testing: publish it in the "
        "Google console under Audience"
    )


def _share(account: Account, settings: Settings) -> str:
    whom = account.address if account.service and not settings.google.subject else settings.google.subject
    return (
        f"in Google Calendar, Settings of the program's calendar > Share with specific people: "
        f"{whom or 'whoever signed in'}, with 'Make changes to events'; its id stands under Integrate calendar "
        "(publish.calendar_id)"
    )
