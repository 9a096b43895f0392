"""Files for people: plan, witness, invitations, calendar, message and report under one folder.

The same night gives the same bytes. Plan, report and message are the night's; calendar and invitations hold every
session still to come, those of earlier nights included, so nothing a person still needs is lost.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from backend.nightly.advising import advice_of
from backend.nightly.document import as_json, document_of
from backend.nightly.news import messages_of, standing_bookings
from backend.nightly.night import Night
from backend.nightly.plain_record import write_whole
from backend.report import render
from ingest.issues import issues_csv
from publish.booking import Recipient
from publish.invitation import combined_ics, invitation_files
from publish.links import Links

PLAN, WITNESS, REPORT, CALENDAR, MESSAGE, ISSUES = (
    "plan.json",
    "plan.witness",
    "report.html",
    "calendar.ics",
    "discord-message.txt",
    "issues.csv",
)
INVITATIONS = "invitations"


LinksOf = Callable[[str], Mapping[Recipient, Links]]


def write_outputs(night: Night, folder: Path, links_of: LinksOf = lambda _key: {}) -> tuple[Path, ...]:
    """Write everything a person may want to look at; returns the files, invitations as their folder.

    `links_of`: what the two of a session, by its key, can do by a click; it stands in their own invitations alone.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    document = document_of(night)
    texts: dict[str, str | bytes] = {
        PLAN: as_json(document),
        WITNESS: night.witness.to_bytes(),
        REPORT: render(document, advice_of(night)),
        CALENDAR: combined_ics(standing_bookings(night), night.as_of),
        MESSAGE: "\n\n".join(message.text for message in messages_of(night)) + "\n",
        ISSUES: issues_csv(night.assembly.issues),
    }
    for name, content in texts.items():
        write_whole(folder / name, content)
    _write_invitations(night, folder / INVITATIONS, links_of)
    return (*(folder / name for name in texts), folder / INVITATIONS)


def _write_invitations(night: Night, folder: Path, links_of: LinksOf) -> None:
    """One file for each session, for its professional; the students' copies too when the settings ask for them."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    wanted = tuple(Recipient) if night.settings.publish.student_files else (Recipient.PROFESSIONAL,)
    bookings = [replace(one, links=links_of(one.session_key)) for one in standing_bookings(night)]
    for file in invitation_files(bookings, night.as_of, wanted):
        write_whole(folder / file.name, file.content)
