"""Options that several commands share, and the settings behind them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from backend.nightly.exits import Exit, Stop
from backend.settings import Settings, SettingsError, load
from optimizer import Audience
from optimizer.domain import ZoneError, zone_info

DEFAULT_FILE = Path("matching.toml")

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

settings_option: Decorator = click.option(
    "--settings", "settings_file", type=click.Path(path_type=Path), help="Settings file (default: matching.toml)."
)
as_of_option: Decorator = click.option(
    "--as-of", metavar="WHEN", help="Make the run for this instant (2026-11-22T22:00); default: the next full hour."
)
zone_option: Decorator = click.option("--zone", help="Time zone of the answer (default: the program's).")
audience_option: Decorator = click.option(
    "--audience",
    type=click.Choice([one.value for one in Audience]),
    default=Audience.STAFF.value,
    show_default=True,
    help="Who will read it: other students and private decisions are named to staff alone.",
)
time_limit_option: Decorator = click.option(
    "--time-limit",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="Solve no longer than this; the plan then says how far from the best it may be.",
)
json_option: Decorator = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")


def sheet_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--students and --professionals: files or google:ID#Worksheet, instead of those of the settings."""
    for kind in ("professionals", "students"):
        command = click.option(f"--{kind}", metavar="SHEET", help=f"Sheet of the {kind}: FILE or google:ID#Worksheet.")(
            command
        )
    return command


def settings_from(path: Path | None) -> Settings:
    """The settings of the file named, or of matching.toml, or the defaults when there is none. Raises `Stop`."""
    if path is None and not DEFAULT_FILE.exists():
        return Settings()
    try:
        return load(path or DEFAULT_FILE)
    except SettingsError as error:
        raise Stop(Exit.USAGE, str(error)) from None


def known_zone(zone: str) -> str:
    """The zone's name. Raises `Stop(USAGE)` when there is no such zone."""
    try:
        zone_info(zone)
    except ZoneError as error:
        raise Stop(Exit.USAGE, str(error)) from None
    return zone


def now() -> datetime:
    """The wall clock: read here and nowhere below."""
    return datetime.now(UTC)
