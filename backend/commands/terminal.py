"""What `demo`, `run`, `plan` and `show` print for people: one night document as text of at most 80 columns.

Pure: the text holds colour codes, which `click.echo` takes out where nobody watches or NO_COLOR is set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import click

from backend.commands.columns import WIDTH, fitted, flat, wrapped
from backend.report.view import SEVERITIES, Meeting, days, unmatched
from backend.report.words import (
    Document,
    counted,
    diff_line,
    equation,
    local,
    long_day,
    presentable,
    short_day,
    verdict,
)

SHOWN_SESSIONS = 80
SHOWN_ISSUES = 10
SHOWN_READINGS = 5
SHOWN_NAMES = 12
NAME = 23
TYPED = 140
NOTE = SEVERITIES[-1]
COLOURS = {"error": "red", "warning": "yellow"}


def night_text(document: Document) -> str:
    """A night (format matching-night/1) for a terminal: read, not read, the plan, the unmatched, the proof."""
    night = presentable(document)
    sections = (
        heading(night),
        read(night),
        issues(night),
        to_confirm(night),
        plan(night),
        left_out(night),
        proof(night),
    )
    return "\n\n".join(section for section in sections if section)


def heading(night: Document) -> str:
    """Whose night it is, and for which instant."""
    run = night["run"]
    day = date.fromisoformat(run["night"])
    as_of = local(run["as_of"], run["zone"])
    title = wrapped(f"{run['program_name']}: the plan of {long_day(day)} {day.year}")
    facts = f"run {run['id']}, as of {short_day(as_of.date())} {as_of:%H:%M}, all times {run['zone']}"
    warned = "".join(
        "\n" + click.style(wrapped(f"ATTENTION: {told}"), fg="red", bold=True) for told in run.get("stand_ins", ())
    )
    return f"{click.style(title, bold=True)}\n{wrapped(facts)}{warned}"


def read(night: Document) -> str:
    """The conservation equations: every row and every person is in one of the groups."""
    lines = [
        wrapped(equation(night["counts"][name]), f"  {name.replace('_', ' '):<18} ", " " * 21)
        for name in ("student_rows", "professional_rows", "students", "professionals")
    ]
    return _section("Read", lines)


def issues(night: Document) -> str:
    """What could not be read or only under an assumption, the gravest first."""
    told = [issue for severity in SEVERITIES[:-1] for issue in night["issues"] if issue["severity"] == severity]
    notes = sum(issue["severity"] == NOTE for issue in night["issues"])
    lines = [_issue(issue) for issue in told[:SHOWN_ISSUES]]
    lines += _more(len(told) - SHOWN_ISSUES)
    if notes:
        lines.append(f"  {counted(notes, 'note')} without need to act")
    errors = sum(issue["severity"] == "error" for issue in told)
    numbers = f"{counted(errors, 'error')}, {counted(len(told) - errors, 'warning')}"
    return _section("Could not be read, or only under an assumption", lines, numbers)


def _issue(issue: Mapping[str, Any]) -> str:
    row = f" row {issue['row']}" if issue["row"] else ""
    column = f", {flat(issue['column'])}" if issue["column"] else ""
    place = f"{flat(issue['sheet'])}{row}{column}:"
    text = f' "{fitted(issue["text"], 40).rstrip()}"' if issue["text"] else ""
    fix = f" -> {issue['fix']}" if issue["fix"] else ""
    first = wrapped(f"{place}{text}", "  ", " " * 6)
    colour = COLOURS[issue["severity"]]
    return f"{click.style(first, fg=colour)}\n{wrapped(issue['reason'] + fix, ' ' * 6)}"


def to_confirm(night: Document) -> str:
    """The readings somebody has to ask back about, with what was not understood."""
    entries = night["to_confirm"]
    lines = []
    for entry in entries[:SHOWN_READINGS]:
        lines.append(wrapped(f"{entry['name']} ({entry['sheet']} row {entry['row']}): {entry['why']}", "  ", " " * 6))
        lines.append(wrapped(fitted(entry["text"], TYPED).rstrip(), "      typed:   ", " " * 15))
        lines.append(wrapped(fitted(entry["echo"] or "no time", TYPED).rstrip(), "      read as: ", " " * 15))
    lines += _more(len(entries) - SHOWN_READINGS)
    return _section("To confirm", lines, counted(len(entries), "reading"))


def plan(night: Document) -> str:
    """The sessions by local day."""
    schedule = days(night)
    total = sum(len(day.meetings) for day in schedule)
    lines: list[str] = []
    shown = 0
    for day in schedule:
        if shown >= SHOWN_SESSIONS:
            break
        lines.append(f"  {day.label}")
        meetings = day.meetings[: SHOWN_SESSIONS - shown]
        lines += [_meeting(meeting) for meeting in meetings]
        shown += len(meetings)
    lines += _more(total - shown)
    levels = night["quality_levels"]
    return _section("Plan", lines or ["  no sessions"], f"{counted(total, 'session')}, fit from 1 to {levels}")


def _meeting(meeting: Meeting) -> str:
    fit = "kept" if meeting.kept else f"{meeting.fit:>4}"
    line = f"    {meeting.time}  {fitted(meeting.student, NAME)}  {fitted(meeting.professional, NAME)} {fit}"
    return f"{line}  {click.style(meeting.doubt, fg='yellow')}" if meeting.doubt else line


def left_out(night: Document) -> str:
    """Who is unmatched, and the one reason that removed the last chance."""
    lines: list[str] = []
    for group in unmatched(night):
        lines.append(click.style(wrapped(group["stage"], "  "), fg="yellow"))
        for reason in group["reasons"]:
            winners = f" The places go to {reason['winners']}." if reason["winners"] else ""
            lines.append(wrapped(reason["sentence"] + winners, " " * 4))
            names = [f"{flat(one['name'])} ({counted(one['waiting_days'], 'day')})" for one in reason["entries"]]
            more = len(names) - SHOWN_NAMES
            ending = f" and {more} more" if more > 0 else ""
            lines.append(wrapped(", ".join(names[:SHOWN_NAMES]) + ending, " " * 6))
    return _section("Unmatched", lines, counted(len(night["unmatched"]), "student"))


def proof(night: Document) -> str:
    """The certificate in plain words and what changed."""
    certificate = night["certificate"]
    title, text = verdict(night)
    colour = "red" if certificate["checker"] != "accepted" else "green" if certificate["proven"] else "yellow"
    return f"{click.style(title, fg=colour, bold=True)}\n{wrapped(text, '  ')}\n\n{diff_line(night['diff'])}"


def _section(title: str, lines: Iterable[str], number: str = "") -> str:
    shown = list(lines)
    if not shown:
        return ""
    heading = f"{title} ({number})" if number else title
    return "\n".join((click.style(heading[:WIDTH], bold=True), *shown))


def _more(number: int) -> list[str]:
    return [f"  and {number:,} more; --json lists all"] if number > 0 else []
