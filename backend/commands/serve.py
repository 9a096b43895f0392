"""`serve`: the web server."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click

from backend.commands.options import now, settings_from, settings_option
from backend.commands.output import talk
from backend.record.serving import WILDCARDS, Address, application, jobs_beside
from backend.record.serving import serve as answer
from backend.record.syncing import follows_calendar


@click.command(short_help="The web server: admin, REST API, form webhooks, calendar feeds")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen; 127.0.0.1 is this machine only.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option("--public-url", default="", help="https:// address under which a proxy shows it; or web.public_url.")
@click.option("--jobs/--no-jobs", default=True, show_default=True, help="Also remind, send and follow the calendar.")
@settings_option
def serve(host: str, port: int, public_url: str, jobs: bool, settings_file: Path | None) -> None:
    """Start everything on the web with one command: admin, REST API with its documentation, webhooks, feeds.

    Makes or updates the record on first use. For others to reach it, put a proxy with TLS before it and name its
    address with --public-url. Make the first staff account with `staff add`, and API keys with `keys create`.

    \b
    Example:
      python run_matching.py serve --port 8000
    """
    settings = settings_from(settings_file)
    known = settings.web.public_url
    address = Address(host, port, public_url or (known if known.startswith("https://") else ""))
    app = application(settings, address, now)
    talk(f"API            {address.base}/api/docs/   (schema: {address.base}/api/schema/)")
    talk(f"admin          {address.base}/admin/")
    talk(f"form webhooks  {address.base}/api/form-submission/")
    talk(f"               {address.base}/api/forms/professional-availability/")
    talk(f"health         {address.base}/healthz, {address.base}/readyz")
    talk(f"links          {f'{known}/l/...' if known else 'none in messages: set web.public_url'}")
    if host in WILDCARDS and not address.public_url:
        talk("reachable from other machines without TLS: keys and answers can be read on the way; use --public-url")
    if jobs and settings.publish.enabled:
        talk("jobs           reminders and what is to be sent, every 5 minutes (or --no-jobs and a timer)")
        if follows_calendar(settings):
            every = settings.sync.every_minutes
            often = "every minute" if every == 1 else f"every {every} minutes"
            talk(f"               what people did in Google Calendar, {often}")
    talk("stop with Ctrl-C")
    with jobs_beside(settings, now) if jobs else nullcontext():
        answer(app, address)
