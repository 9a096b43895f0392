"""The people behind the ids. Only names a message may show travel beyond `ingest`; the optimizer sees ids alone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Student:
    """A student of tonight. `id` is a pseudonym; `zone` an IANA name or UTC+hh:mm; `echo` how we read their times."""

    id: str
    name: str
    email: str
    zone: str
    echo: str = ""
    discord_id: str = ""
    discord_name: str = ""
    resume_link: str = ""
    target_industry: str = ""
    target_role: str = ""
    level: str = ""


@dataclass(frozen=True)
class Professional:
    """A professional of tonight, as `Student`."""

    id: str
    name: str
    email: str
    zone: str
    echo: str = ""
    title: str = ""
    company: str = ""
    meeting_link: str = ""
    formats: tuple[str, ...] = ()
