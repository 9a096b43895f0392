"""`rehearse`: staff get what everybody would get."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from backend.commands.calendars import look_into_calendars
from backend.commands.columns import wrapped
from backend.commands.options import as_of_option, json_option, now, settings_from, settings_option, sheet_options
from backend.commands.output import end_progress, print_json, progress, talk
from backend.commands.run import warn
from backend.nightly.exits import Exit
from backend.nightly.moment import as_of_from
from backend.nightly.night import think
from backend.nightly.pull import pull
from backend.nightly.rehearsing import Told, limited, show_staff, staff_doors
from backend.record.opening import open_record
from backend.record.outgoing import LAST
from backend.record.rehearsing import Rehearsed, anything_held, rehearse_release, rehearse_run
from backend.report.words import counted
from backend.settings import Settings

TONIGHT = "tonight"


@click.command(short_help="Send staff what a night would send to everybody")
@click.argument("night", default="")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the first N of each kind.")
@sheet_options
@as_of_option
@json_option
@settings_option
def rehearse(
    night: str,
    limit: int | None,
    students: str | None,
    professionals: str | None,
    as_of: str | None,
    as_json: bool,
    settings_file: Path | None,
) -> int:
    """Send everything that NIGHT would send to staff instead, marked as a rehearsal.

    NIGHT is a held night (its key such as 2026-11-22, a run's id, or "last"), or "tonight": the night that `run` would
    make now. Without it: the last held night, or tonight when none is held.

    What single people would get goes to publish.rehearsal_email, one mail each; what channels would get goes to
    publish.staff_channel_id, or to that address too. Nobody else gets anything, no calendar is touched and the record
    stays as it is; so it works while publish.enabled is false, and as often as you like.

    \b
    Examples:
      python run_matching.py rehearse tonight --limit 3
      python run_matching.py run --hold && python run_matching.py rehearse
    """
    settings = settings_from(settings_file)
    open_record(settings, now)
    with staff_doors(settings) as ports:
        if night == TONIGHT or not (night or anything_held(settings)):
            found = _tonight(settings, students, professionals, as_of)
        else:
            found = rehearse_release(settings, night or LAST, now)
        chosen = limited(found.shown, limit)
        talk(f"night {found.night}: showing staff {len(chosen)} of {counted(len(found.shown), 'message')}")
        told = show_staff(settings, ports, chosen, now().isoformat())
    if as_json:
        print_json(_facts(found, told))
    else:
        click.echo(_text(found, told))
    return int(Exit.PARTIAL if told.failed else Exit.DONE)


def _tonight(settings: Settings, students: str | None, professionals: str | None, as_of: str | None) -> Rehearsed:
    """The night as `run --dry-run` makes it, and what booking it would send. Raises `Stop`."""
    moment = as_of_from(as_of, settings.program.zone, now())
    pulled = pull(settings, students, professionals)
    begun = open_record(settings, now).read(pulled, moment)
    seen = look_into_calendars(settings, begun.sheets, begun.state, moment)
    night = think(settings, begun.sheets, begun.state, moment, progress(), approved=True, calendars=seen)
    end_progress()
    if begun.state.run_of(settings.program.key, night.key) is None:
        warn(night)
    else:
        talk(f"night {night.key} was already run: `run` would plan nothing and send only what still waits")
    return rehearse_run(settings, night, pulled, now)


def _facts(found: Rehearsed, told: Told) -> dict[str, object]:
    return {
        "format": "matching-rehearsal/1",
        "night": found.night,
        "would_send": dict(Counter(one.kind for one in found.shown)),
        "shown": told.sent,
        "not_shown": told.homeless,
        "failed": told.failed,
        "problems": list(told.problems),
        "would_fail": list(found.problems),
        "guard": list(found.guard),
    }


def _text(found: Rehearsed, told: Told) -> str:
    """At most 80 columns; names nobody."""
    lines = ["REHEARSAL: only staff were written to, nothing was booked or changed."]
    for kind, number in Counter(one.kind for one in found.shown).items():
        lines.append(f"{number:>7}  {kind}: {told.sent.get(kind, 0)} shown to staff")
    if not found.shown:
        lines.append("this night would send nothing")
    if told.homeless:
        lines.append(wrapped(f"{told.homeless} not shown: set publish.rehearsal_email and mail.host to see them"))
    lines += [wrapped(f"not shown, {told.failed} in all: {one}") for one in told.problems]
    lines += [wrapped(f"would not go out: {one}") for one in found.problems]
    lines += [wrapped(f"a guard would hold it: {one}") for one in found.guard]
    return "\n".join(lines)
