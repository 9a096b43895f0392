"""The CalDAV calendar, when it takes the place of Google's: its address, its password, and the mails beside it."""

from __future__ import annotations

from collections.abc import Iterator

from backend.nightly.channels import needed
from backend.nightly.checks.result import Check, Health, grave
from backend.nightly.exits import Stop
from backend.secrets import CALDAV_PASSWORD
from backend.settings import Settings
from publish.ports import PublishError

_NAME = "caldav: calendar"
_ACCESS = (
    f"check publish.caldav_url (the address of the calendar itself), publish.caldav_user and {CALDAV_PASSWORD}; many "
    "services want an app password there"
)


def check_caldav(settings: Settings) -> Iterator[Check]:
    """Nothing where no such calendar is set; the calendar is only read."""
    if not settings.publish.caldav_url:
        return
    if settings.publish.calendar_id:
        said = "publish.calendar_id and publish.caldav_url are both set: no night can send"
        yield Check(_NAME, grave(settings), said, "keep one calendar")
    if not settings.mail.host:
        said = "mail.host is not set: a CalDAV server invites nobody, mails do"
        yield Check("caldav: invitations", grave(settings), said, "set mail.host and the rest of [mail]")
    yield _calendar(settings)


def _calendar(settings: Settings) -> Check:
    from publish.caldav_calendar import CalDavCalendar

    publish = settings.publish
    try:
        password = needed(CALDAV_PASSWORD) if publish.caldav_user else ""
    except Stop as stop:
        return Check(_NAME, grave(settings), stop.message, "the password of publish.caldav_user, or an app password")
    try:
        with CalDavCalendar(publish.caldav_url, publish.caldav_user, password, timeout=15.0) as calendar:
            writable = calendar.look()
    except PublishError as error:
        if error.permanent:
            return Check(_NAME, grave(settings), str(error), _ACCESS)
        return Check(_NAME, Health.WARNING, str(error), f"try again later; if it stays so, {_ACCESS}")
    if not writable:
        fix = "share the calendar with publish.caldav_user so that events may be added and changed"
        return Check(_NAME, grave(settings), "may be seen but not changed", fix)
    return Check(_NAME, Health.GOOD, "may be seen and changed")
