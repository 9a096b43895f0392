"""`auth`: letting this program act for a person at a service."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from backend.commands.options import settings_from, settings_option
from backend.commands.output import talk
from backend.nightly.exits import Exit, Stop
from backend.nightly.google_rights import in_words, scopes_of
from backend.nightly.plain_record import write_whole
from backend.secrets import GOOGLE_CREDENTIALS
from backend.settings import Settings

TOKEN_FILE = "google.json"  # noqa: S105 - a file's name


@click.group(short_help="Let this program act for you at Google")
def auth() -> None:
    """Let this program act for a person at a service.

    \b
    Example:
      python run_matching.py auth google --client client_secret.json
    """


@auth.command()
@click.option(
    "--client",
    "client_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help='JSON of an OAuth client of type "Desktop app", from the Google console.',
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File for the token (default: var/google.json).")
@click.option("--no-browser", is_flag=True, help="Print the address instead of opening a browser.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Port of 127.0.0.1 for the answer; 0: a free one."
)
@click.option("--wait", type=click.FloatRange(min=1), default=600.0, metavar="SECONDS", help="How long you may take.")
@settings_option
def google(
    client_file: Path, output: Path | None, no_browser: bool, port: int, wait: float, settings_file: Path | None
) -> None:
    """Sign in at Google and allow what matching.toml needs, no more: reading sheets, writing the calendar.

    The token goes to a file that only its owner can read. Name it in GOOGLE_CALENDAR_CREDENTIALS_FILE; it renews itself
    until you take it back at myaccount.google.com. On a machine without a browser use --no-browser and --port, with
    `ssh -L PORT:127.0.0.1:PORT` from yours.

    \b
    Example:
      python run_matching.py auth google --client client_secret.json
    """
    settings = settings_from(settings_file)
    scopes = scopes_of(settings)
    if not scopes:
        raise Stop(
            Exit.USAGE, "matching.toml uses nothing of Google: set sources.students or publish.calendar_id first"
        )
    place = output or Path(settings.state_dir) / TOKEN_FILE
    talk("Google will ask you to allow:")
    for scope in scopes:
        talk(f"  {in_words(scope)}")
    text = _consent(client_file, scopes, port, wait, no_browser)
    _store(settings, place, text)
    talk(f"stored in {place}. Use it with:")
    click.echo(f"export {GOOGLE_CREDENTIALS}_FILE={place.absolute()}")


def _consent(client_file: Path, scopes: tuple[str, ...], port: int, wait: float, no_browser: bool) -> str:
    from publish.google_consent import Asking, ConsentError, consent

    def show(address: str) -> None:
        opened = not no_browser and webbrowser.open(address)
        talk("your browser shows Google's page now; otherwise open:" if opened else "open this address in a browser:")
        talk(address)

    try:
        return consent(client_file.read_text(encoding="utf-8"), Asking(scopes, port, wait), show)
    except (ConsentError, UnicodeDecodeError, OSError) as error:
        reason = str(error) if isinstance(error, ConsentError) else f"{client_file} cannot be read as text"
        raise Stop(Exit.ERROR, reason) from None


def _store(settings: Settings, place: Path, text: str) -> None:
    if place.parent == Path(settings.state_dir):
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        write_whole(place, text)
    except OSError as error:
        raise Stop(Exit.ERROR, f"{place} cannot be written: {error.strerror}") from None
