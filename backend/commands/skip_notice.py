"""`skip-notice`: people hear that they are in tonight's match, and can stay out of it."""

from __future__ import annotations

from pathlib import Path

import click

from backend.commands.options import now, settings_from, settings_option
from backend.commands.output import sending, talk
from backend.nightly.act import work_off
from backend.nightly.channels import channels
from backend.nightly.exits import Exit, Stop
from backend.nightly.guards import let_through, refuse_sending
from backend.nightly.letters import skip_notices
from backend.record.opening import open_record
from backend.report.words import counted


@click.command("skip-notice", short_help="Tell people that they are in tonight's match")
@click.option("--approve", is_flag=True, help="Go on although more people would hear than the guards allow.")
@settings_option
def skip_notice(approve: bool, settings_file: Path | None) -> int:
    """Tell everybody who asks or offers that tonight's run looks for a session for them, with a link to stay out.

    Start it by a timer publish.skip_notice_hours before `run`. By Discord to who has proven their id, else by e-mail;
    once for each person and night. Needs web.public_url for the link.

    \b
    Example:
      0 16 * * *  cd /srv/matching && python run_matching.py skip-notice
    """
    settings = settings_from(settings_file)
    if not settings.publish.skip_notice_hours:
        raise Stop(Exit.USAGE, "publish.skip_notice_hours is 0: nobody is told; set it to the hours before `run`")
    if not settings.web.public_url:
        raise Stop(Exit.USAGE, "web.public_url is not set, so there is no link to stay out by")
    record = open_record(settings, now)
    items = skip_notices(settings, record, now())
    if approve:
        items = let_through(items)
    else:
        refuse_sending(settings, record, [*record.outbox.due(), *items], now())
    record.outbox.add(items)
    with channels(settings) as ports:
        delivery = work_off(settings, record, ports, now, sending(), approved=approve)
    talk(f"{counted(len(items), 'person', 'people')} in tonight's match; {delivery.sent} items sent")
    for problem in delivery.problems:
        talk(f"  {problem}")
    return int(delivery.exit_of_pass)
