"""Signed links: who has one may do one thing for one person, once it is certain that the thing is still the same.

A token is readable and holds ids alone: `cancel-PERSON-SESSION-REVISION-UNTIL.SIGNATURE`. It is signed with the key of
the installation, under the program's name. Nothing in it depends on when it was made, so that a message that is
rendered again reads the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.core.signing import BadSignature, Signer

from backend.record.models import Person, Program, Pseudonym, ScheduledSession
from publish.booking import Recipient
from publish.links import ABOUT_ME, ABOUT_SESSION, LABELS, LinkAct, Links

LASTS = timedelta(days=28)
"""How long after its session, or its letter, a link about the person themselves opens something."""
PLACE = "l"
"""The first part of the path under which links are answered."""
LONGEST_TOKEN = 200
_NONE = "0"


@dataclass(frozen=True)
class Link:
    """What a token says. `session` "" for acts that are about the person alone; `until`: aware UTC, whole seconds."""

    act: LinkAct
    person: str
    until: datetime
    session: str = ""
    revision: int = 0

    def token(self, program: Program) -> str:
        parts = (self.act, self.person, self.session or _NONE, self.revision, int(self.until.timestamp()))
        return _signer(program).sign("-".join(str(part) for part in parts))

    def address(self, program: Program, base: str) -> str:
        """Where it is opened; `base`: the address of the site."""
        return f"{base.rstrip('/')}/{PLACE}/{self.token(program)}/"


def read_link(program: Program, token: str) -> Link | None:
    """What a token says; None for a forged, a mutilated or another program's. It may have expired."""
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        act, person, session, revision, until = _signer(program).unsign(token).split("-")
        moment = datetime.fromtimestamp(int(until), UTC)
        return Link(LinkAct(act), person, moment, "" if session == _NONE else session, int(revision))
    except (BadSignature, ValueError, OverflowError):
        return None


def session_links(program: Program, key: str, base: str) -> Mapping[Recipient, Links]:
    """What each of the two of a session can do; nothing without an address of the site, or for a session unknown."""
    return {
        recipient: _labelled(program, base, _about_session(row, one))
        for row, recipient, one in _pair(program, key, base)
    }


def own_links(program: Program, code: str, written: date, base: str) -> Links:
    """What the person of a pseudonym can do for themselves, by a letter of that day."""
    person = _person_of(program, code) if base else None
    if person is None:
        return {}
    until = datetime.combine(written, time.min, UTC) + LASTS
    return _labelled(program, base, [Link(act, person.public_id, until) for act in ABOUT_ME])


def after_links(program: Program, key: str, base: str) -> Mapping[Recipient, Links]:
    """How each of the two of a session that is over says how it went."""
    return {
        recipient: _labelled(program, base, [Link(LinkAct.AFTER, one.public_id, row.ends_at + LASTS, row.public_id)])
        for row, recipient, one in _pair(program, key, base)
    }


def skip_links(program: Program, code: str, run_at: datetime, base: str) -> Links:
    """How the person of a pseudonym stays out of the night that is run at that moment."""
    person = _person_of(program, code) if base else None
    if person is None:
        return {}
    return _labelled(program, base, [Link(LinkAct.SKIP, person.public_id, run_at.replace(microsecond=0))])


def _pair(program: Program, key: str, base: str) -> list[tuple[ScheduledSession, Recipient, Person]]:
    rows = ScheduledSession.objects.filter(program=program, key=key).select_related("student", "professional")
    row = rows.first() if base else None
    if row is None:
        return []
    return [(row, Recipient.PROFESSIONAL, row.professional), (row, Recipient.STUDENT, row.student)]


def _about_session(row: ScheduledSession, person: Person) -> list[Link]:
    start = row.starts_at.replace(microsecond=0)
    return [
        *(Link(act, person.public_id, start, row.public_id, row.revision) for act in ABOUT_SESSION),
        *(Link(act, person.public_id, start + LASTS, row.public_id, row.revision) for act in ABOUT_ME),
    ]


def _labelled(program: Program, base: str, links: Iterable[Link]) -> Links:
    return {LABELS[link.act]: link.address(program, base) for link in links}


def _person_of(program: Program, code: str) -> Person | None:
    row = Pseudonym.objects.filter(program=program, code=code).select_related("person").first()
    return row.person if row else None


def _signer(program: Program) -> Signer:
    return Signer(salt=f"link/{program.key}", sep=".")
