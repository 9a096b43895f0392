"""`matching.toml`, typed and strict: an unknown key is an error that names the nearest known one.

Nothing is read at import. Every key with its meaning and default is in docs/settings.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from rapidfuzz import process

from optimizer.domain import ZoneError, zone_info
from publish.text import mail_address


class SettingsError(Exception):
    """The settings file cannot be used; the message names the file, each key and the fix."""


def usable_address(value: str) -> str:
    """An address that mail can be sent from. Raises `ValueError`."""
    address = mail_address(value)
    if address is None:
        raise ValueError("must be a plain e-mail address such as staff@example.org, without a name beside it")
    return address


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Program(_Section):
    """Who we are. `key` never changes: ids of people and sessions are made from it."""

    key: Annotated[
        str,
        Field(
            pattern=r"^[a-z0-9][a-z0-9-]{1,39}$",
            description="2 to 40 small letters, digits and hyphens, beginning with a letter or digit",
        ),
    ] = "program"
    name: Annotated[str, Field(min_length=1, max_length=80)] = "Mentoring Program"
    zone: str = "America/New_York"
    organizer_name: str = "Program staff"
    organizer_email: str = "staff@example.org"
    meeting_link: str = ""
    meet: bool = False
    share_addresses: bool = True

    @field_validator("organizer_email")
    @classmethod
    def _usable_address(cls, value: str) -> str:
        return usable_address(value)

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            zone_info(value)
        except ZoneError as error:
            raise ValueError(str(error)) from None
        return value


class Sources(_Section):
    """Where the two sheets are: a path (.csv, .xlsx, .xlsx#Worksheet) or google:SPREADSHEET_ID#Worksheet."""

    students: str = ""
    professionals: str = ""
    date_order: Literal["", "month-first", "day-first"] = ""
    sheet_zone: str = ""
    stand_in_hours: Annotated[int, Field(ge=0, le=336)] = 36


class Columns(_Section):
    """Titles that staff renamed: the known title = the sheet's title ("": the form does not ask)."""

    students: dict[str, str] = {}
    professionals: dict[str, str] = {}


class Matching(_Section):
    """The frame of a night. Times of day are "HH:MM" in the program's zone."""

    horizon_days: Annotated[int, Field(ge=1, le=120)] = 28
    session_minutes: Literal[15, 20, 30, 40, 45, 60, 75, 90, 120] = 30
    grid_minutes: Literal[0, 15, 20, 30, 60] = 0
    buffer_minutes: Annotated[int, Field(ge=0, le=240)] = 0
    notice_hours: Annotated[int, Field(ge=0, le=336)] = 24
    earliest: str = "08:00"
    latest: str = "21:00"
    expiry_days: Annotated[int, Field(ge=1, le=366)] = 28
    industry_hard: bool = True
    default_per_week: Annotated[int, Field(ge=0, le=1000)] = 2
    limit_per_week: Annotated[int, Field(ge=0, le=1000)] = 5
    limit_per_day: Annotated[int, Field(ge=1, le=100)] = 3
    minimum_binding: bool = False
    sessions_per_night: Annotated[int, Field(ge=1, le=20)] = 1
    repeats_allowed: bool = False
    repeat_wish: Literal["", "same", "other"] = ""
    synonyms: dict[str, str] = {}


class Forbidden(_Section):
    """These two never meet. E-mail addresses as on the forms, or ids; private to staff."""

    student: Annotated[str, Field(min_length=1)]
    professional: Annotated[str, Field(min_length=1)]


class Pin(Forbidden):
    """These two get a session, at `start` (on the program's clock unless it names an offset) or at any time."""

    start: datetime | None = None


class PolicySettings(_Section):
    """How answers are judged; `python run_matching.py doctor` prints it in sentences."""

    alpha: float | Literal["leximin"] = 1.0
    levels: Annotated[int, Field(ge=2, le=100)] = 20
    seed: int = 0
    volunteers_first: bool = True
    load_weight: Annotated[int, Field(ge=0, le=100)] = 0
    weights: dict[str, Annotated[int, Field(ge=0, le=1000)]] = {}


class Reading(_Section):
    """The availability reader. `conventions` overrides single numbers of docs/availability-conventions.md."""

    low_confidence_below: Annotated[float, Field(ge=0, le=1)] = 0.6
    conventions: dict[str, Any] = {}


ChannelId = Annotated[str, Field(pattern=r"^\d*$", description="digits: in Discord, right click > Copy Channel ID")]
LOOPBACK_LINK = r"^https://[^\s/]+\S*$|^http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/\S*)?$"
SheetPlace = Annotated[
    str,
    Field(
        pattern=r"^$|^[A-Za-z0-9_-]+(#[^#]{1,100})?$",
        description="SPREADSHEET_ID or SPREADSHEET_ID#Worksheet; the id stands in the spreadsheet's address after /d/",
    ),
]
CALDAV_LINK = r"^$|^https://[^\s/@]+/\S*$|^http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?/\S*$"


SLOWEST_CALENDAR = 20
"""Calls a minute. A batch takes up to a hundred, and is claimed for ten minutes."""


class Publish(_Section):
    """Off by default: then nothing leaves this machine and what would be sent waits in the outbox."""

    enabled: bool = False
    calendar_id: str = ""
    calendar_calls_per_minute: Annotated[int, Field(ge=0, le=60_000)] = 600
    discord_channel_id: ChannelId = ""
    staff_channel_id: ChannelId = ""
    summary_channel_id: ChannelId = ""
    direct_messages: bool = False
    apprise: bool = False
    skip_notice_hours: Annotated[int, Field(ge=0, le=24)] = 0
    report_url: Annotated[str, Field(pattern=r"^$|^https?://\S+$")] = ""
    rehearsal_email: Annotated[str, Field(pattern=r"^$|^[^@\s]+@[^@\s]+$")] = ""
    names: Literal["short", "full"] = "short"
    student_files: bool = False
    schedule_sheet: SheetPlace = ""
    caldav_url: Annotated[str, Field(pattern=CALDAV_LINK)] = ""
    caldav_user: str = ""
    hook_url: Annotated[str, Field(pattern=r"^$|^https://\S+$")] = ""
    heartbeat_url: Annotated[str, Field(pattern=rf"^$|{LOOPBACK_LINK}")] = ""
    patience_seconds: Annotated[int, Field(ge=0, le=3600)] = 120

    @field_validator("calendar_calls_per_minute")
    @classmethod
    def _fast_enough(cls, value: int) -> int:
        if 0 < value < SLOWEST_CALENDAR:
            raise ValueError(f"must be 0 (no limit) or at least {SLOWEST_CALENDAR}: a batch has to be over in minutes")
        return value


class Google(_Section):
    """`subject`: the person in whose name a service account with domain-wide delegation writes the calendar."""

    subject: Annotated[str, Field(pattern=r"^$|^[^@\s]+@[^@\s]+$")] = ""


class Mail(_Section):
    """The mail server; invitations go by mail when it is set and there is no `publish.calendar_id`."""

    host: str = ""
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    user: str = ""
    sender: str = ""
    letters: bool = False

    @field_validator("sender")
    @classmethod
    def _usable_address(cls, value: str) -> str:
        return usable_address(value) if value else value


class Reminders(_Section):
    """Reminders before a session. `phone`: also by the service of REMINDER_PHONE_URL, to who wishes for it."""

    minutes: Annotated[list[Annotated[int, Field(ge=16, le=40_320)]], Field(max_length=5)] = [1440, 30]
    phone: bool = False


FormLink = Annotated[
    str,
    Field(
        pattern=r"^$|^https://[^\s{}]+\{token\}[^\s{}]*$",
        description='an https link with "{token}" where the verification code is filled in; the form script logs it',
    ),
]


class Forms(_Section):
    """The forms' links with "{token}" where the question "Verification Code" is filled in ("": no link)."""

    students: FormLink = ""
    professionals: FormLink = ""
    verified_email: bool = False


RoleId = Annotated[str, Field(pattern=r"^\d{17,20}$")]


class Discord(_Section):
    """Which roles of the guild are staff; a member with several has the highest."""

    viewer_roles: list[RoleId] = []
    coordinator_roles: list[RoleId] = []
    owner_roles: list[RoleId] = []


class Bot(_Section):
    """The Discord bot. `api_url`: where the REST API answers; https, or this machine."""

    api_url: Annotated[
        str, Field(pattern=r"^https://[^\s/]+\S*$|^http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?/?$")
    ] = "http://127.0.0.1:8000"
    prefix: Annotated[str, Field(pattern=r"^[^\w\s]{0,3}$")] = "!"
    guilds: list[RoleId] = []
    staff_channels: list[RoleId] = []


class Web(_Section):
    """How people reach `serve` from outside; signed links begin with it. "": messages have no links."""

    public_url: Annotated[
        str,
        Field(
            pattern=r"^$|^https://[^\s/]+/?$|^http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?/?$",
            description="an https address without a path, or http on this machine; signed links begin with it",
        ),
    ] = ""


class Guards(_Section):
    """`run` stops with exit code 4 before it goes beyond these; `--approve` lets staff go on."""

    sheet_shrink_share: Annotated[float, Field(ge=0, le=1)] = 0.3
    unreadable_share: Annotated[float, Field(ge=0, le=1)] = 0.5
    messages_per_night: Annotated[int, Field(ge=0)] = 500
    cancelled_per_night: Annotated[int, Field(ge=0)] = 20
    moved_per_night: Annotated[int, Field(ge=0)] = 20
    changed_share: Annotated[float, Field(ge=0, le=1)] = 0.5


class FreeBusy(_Section):
    """Whose own Google calendars are asked when they are busy: those that were shared with the credentials."""

    professionals: bool = False
    students: bool = False


class Sync(_Section):
    """What people did in Google Calendar, taken back into the record."""

    every_minutes: Annotated[int, Field(ge=0, le=1440)] = 5
    freeze_hours: Annotated[int, Field(ge=0, le=336)] = 48
    cancellations_at_once: Annotated[int, Field(ge=0, le=10_000)] = 10


class Retention(_Section):
    """For how many days texts are kept in the record; 0: until their person is erased."""

    answers_days: Annotated[int, Field(ge=0)] = 0
    posts_days: Annotated[int, Field(ge=0)] = 90
    replies_days: Annotated[int, Field(ge=0)] = 2


class Settings(_Section):
    """All of matching.toml."""

    program: Program = Program()
    sources: Sources = Sources()
    columns: Columns = Columns()
    matching: Matching = Matching()
    policy: PolicySettings = PolicySettings()
    reading: Reading = Reading()
    publish: Publish = Publish()
    google: Google = Google()
    mail: Mail = Mail()
    reminders: Reminders = Reminders()
    forms: Forms = Forms()
    discord: Discord = Discord()
    bot: Bot = Bot()
    web: Web = Web()
    guards: Guards = Guards()
    free_busy: FreeBusy = FreeBusy()
    sync: Sync = Sync()
    retention: Retention = Retention()
    pins: list[Pin] = []
    forbidden: list[Forbidden] = []
    state_dir: str = "var"
    out_dir: str = "out"


def load(path: Path) -> Settings:
    """The settings of a file. Raises `SettingsError`."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from None
    return from_mapping(raw, str(path))


def from_mapping(raw: Mapping[str, Any], place: str = "settings") -> Settings:
    """Settings from a mapping shaped like matching.toml. Raises `SettingsError` with all faults at once."""
    try:
        return Settings.model_validate(dict(raw))
    except ValidationError as error:
        faults = "\n".join(f"  {_fault(dict(fault))}" for fault in error.errors())
        raise SettingsError(f"{place} has faults:\n{faults}") from None


def _fault(fault: dict[str, Any]) -> str:
    path = ".".join(str(part) for part in fault["loc"])
    if fault["type"] != "extra_forbidden":
        return f"{path}: {_wanted(fault) or fault['msg']} (given: {fault['input']!r})"
    section = _section_at([str(part) for part in fault["loc"][:-1]])
    near = process.extractOne(str(fault["loc"][-1]), list(section.model_fields))
    hint = f"; the nearest known key is {near[0]!r}" if near and near[1] >= 50 else ""
    return f"{path}: unknown key{hint} (known: {', '.join(section.model_fields)})"


def _wanted(fault: Mapping[str, Any]) -> str:
    """What a text should look like, in the words of its field."""
    name = str(fault["loc"][-1])
    fields = _section_at([str(part) for part in fault["loc"][:-1]]).model_fields
    described = fields[name].description if fault["type"] == "string_pattern_mismatch" and name in fields else None
    return f"should be {described}" if described else ""


def _section_at(path: list[str]) -> type[BaseModel]:
    section: type[BaseModel] = Settings
    for part in (one for one in path if not one.isdigit()):  # digits: the place in a list of tables
        annotation = section.model_fields[part].annotation
        inner = [one for one in (annotation, *get_args(annotation)) if isinstance(one, type)]
        sections = [one for one in inner if issubclass(one, BaseModel)]
        if not sections:
            break
        section = sections[0]
    return section
