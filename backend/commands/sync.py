"""`sync`: what people did in Google Calendar, taken back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from backend.commands.columns import wrapped
from backend.commands.options import json_option, now, settings_from, settings_option
from backend.commands.output import end_progress, print_json, sending
from backend.commands.run import tell_delivery
from backend.nightly.act import work_off
from backend.nightly.channels import channels
from backend.nightly.exits import Exit, Stop
from backend.record.opening import open_record
from backend.record.syncing import sync_once


@click.command(short_help="Take back what people did in Google Calendar")
@click.option("--full", is_flag=True, help="Compare every event, not only those that changed.")
@click.option("--approve", is_flag=True, help="Send although a guard would hold it.")
@json_option
@settings_option
def sync(full: bool, approve: bool, as_json: bool, settings_file: Path | None) -> int:
    """Take back what people did in Google Calendar: moves, deletions, declines.

    A declined or deleted event cancels its session; both are told, and the student waits again with their old place. A
    move inside both people's times is taken over. Everything else, and whatever begins within sync.freeze_hours, is
    flagged for staff in the admin. Then the outbox is worked off. Run it every few minutes; a repeat changes nothing.

    \b
    Example:
      python run_matching.py sync
    """
    settings = settings_from(settings_file)
    if not settings.publish.enabled or not settings.publish.calendar_id:
        raise Stop(Exit.USAGE, "sync needs publish.enabled = true and a publish.calendar_id")
    with channels(settings) as ports:
        assert ports.watch is not None
        report = sync_once(settings, ports.watch, now, complete=full)
        if as_json:
            print_json({"format": "matching-sync/1", **asdict(report)})
        else:
            click.echo("\n".join(wrapped(line) for line in report.lines))
        delivery = work_off(settings, open_record(settings, now), ports, now, sending(), approved=approve)
    end_progress()
    tell_delivery(settings, delivery)
    return int(delivery.exit_of_pass)
