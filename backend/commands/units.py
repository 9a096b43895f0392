"""`units`: systemd units and a crontab."""

from __future__ import annotations

import getpass
import re
import sys
from pathlib import Path

import click

from backend.commands.options import settings_from, settings_option
from backend.commands.output import talk
from backend.nightly.exits import Exit, Stop
from backend.nightly.plain_record import write_whole
from backend.nightly.units import Place, unit_files

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@click.command(short_help="Systemd units and a crontab for this folder")
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), help="Folder to write them to.")
@click.option("--time", default="22:00", show_default=True, help="When the night runs, on the program's clock.")
@click.option("--user", help="The user it runs as (default: you).")
@click.option(
    "--secrets", type=click.Path(path_type=Path), help="File of NAME=value lines (default: secrets.env here)."
)
@settings_option
def units(output: Path | None, time: str, user: str | None, secrets: Path | None, settings_file: Path | None) -> None:
    """Print, or write to a folder, what starts `run`, `remind`, `sync`, `serve` and `bot` by themselves.

    A night that was missed is caught up once, and a clock change runs nothing twice: `run` does nothing for a night
    that is finished.

    \b
    Example:
      python run_matching.py units -o units --time 22:00 --user matching
    """
    settings = settings_from(settings_file)
    if not _TIME.fullmatch(time):
        raise Stop(Exit.USAGE, f"--time {time!r} is no time of day; write 22:00")
    if "01:00" <= time < "03:00":
        raise Stop(Exit.USAGE, "between 1:00 and 3:00 clocks jump twice a year: choose another time, such as 22:00")
    if "10:00" <= time < "14:00":
        raise Stop(Exit.USAGE, "a night turns at noon: choose a time further away from it, such as 22:00")
    folder = Path.cwd()
    place = Place(folder, Path(sys.executable), user or getpass.getuser(), time, secrets or folder / "secrets.env")
    files = unit_files(settings, place)
    if output is None:
        for name, text in files.items():
            click.echo(f"==> {name} <==\n{text}")
        return
    output.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        write_whole(output / name, text)
    talk(f"wrote {len(files)} files to {output}; docs/operate.md says how to install them")
