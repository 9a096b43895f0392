"""The first matching.toml of a program, from a handful of answers."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass

from backend.settings import Settings, from_mapping

_SHEET_PAGE = re.compile(r"https://docs\.google\.com/spreadsheets/d/([A-Za-z0-9_-]{10,})")
_TEXT = """\
# The program's settings. Every key, its meaning and default: docs/settings.md.
# Unknown keys are errors. Secrets never stand here: they come from the environment.

[program]
key = {key}    # never changes: ids of people and sessions are made from it
name = {name}
zone = {zone}    # what a day and a night are
organizer_name = {name}
organizer_email = {email}    # shown in invitations: replies come here

[sources]
# A path (.csv, .xlsx, .xlsx#Worksheet) or google:SPREADSHEET_ID#Worksheet.
{students_mark}students = {students}
{professionals_mark}professionals = {professionals}

[matching]
horizon_days = 28
session_minutes = 30
notice_hours = 24

[publish]
enabled = false    # the kill switch: set it to true once `doctor` finds nothing wrong
calendar_id = {calendar}    # the program's own Google calendar; "" for none
discord_channel_id = {channel}    # where the night's message goes; "" for none
staff_channel_id = {staff_channel}    # the staff's channel; "" for none
"""


@dataclass(frozen=True)
class Answers:
    """What `init` asks. Sheets as people have them: a path, google:ID#Worksheet, or the address in the browser."""

    name: str
    key: str
    zone: str
    email: str
    students: str = ""
    professionals: str = ""
    calendar: str = ""
    channel: str = ""
    staff_channel: str = ""


def settings_text(answers: Answers) -> str:
    """The file's text. Raises `SettingsError` when an answer cannot be used; it names the key."""
    students, professionals = source(answers.students), source(answers.professionals)
    text = _TEXT.format(
        key=_quoted(answers.key),
        name=_quoted(answers.name),
        zone=_quoted(answers.zone),
        email=_quoted(answers.email),
        students=_quoted(students or "students.csv"),
        students_mark="" if students else "# ",
        professionals=_quoted(professionals or "professionals.csv"),
        professionals_mark="" if professionals else "# ",
        calendar=_quoted(answers.calendar),
        channel=_quoted(answers.channel),
        staff_channel=_quoted(answers.staff_channel),
    )
    checked(text)
    return text


def checked(text: str) -> Settings:
    """The settings that a text means. Raises `SettingsError`."""
    return from_mapping(tomllib.loads(text), "what was answered")


def source(text: str) -> str:
    """Where a sheet is, from what somebody has at hand: the address of a Google sheet becomes google:ID."""
    page = _SHEET_PAGE.match(text.strip())
    return f"google:{page[1]}" if page else text.strip()


def key_of(name: str) -> str:
    """A key made of a program's name: small letters, digits and hyphens."""
    key = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-")
    return key if len(key) >= 2 else "program"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
