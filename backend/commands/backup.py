"""`backup` and `restore`: the record in one file, and back again."""

from __future__ import annotations

from pathlib import Path

import click

from backend.commands.options import now, settings_from, settings_option
from backend.commands.output import talk
from backend.nightly.exits import Exit, Stop
from backend.nightly.lock import only_run
from backend.record.saving import checked, has_record, save, set_aside
from backend.record.saving import restore as put_back


@click.command(short_help="Copy the record into one file, while everything goes on")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option("--yes", is_flag=True, help="Replace a file that is there.")
@settings_option
def backup(output: Path | None, yes: bool, settings_file: Path | None) -> None:
    """Copy the record and the key that signs links into one file that only you can read.

    Nothing has to be stopped for it. It holds names and addresses: keep it as you keep the record. Settings and
    secrets are not in it.

    \b
    Example:
      python run_matching.py backup -o /srv/backups/matching-monday.tar.gz --yes
    """
    state_dir = Path(settings_from(settings_file).state_dir)
    target = output or Path(f"matching-{now():%Y-%m-%dT%H%M%S}.tar.gz")
    if target.exists() and not yes:
        raise Stop(Exit.USAGE, f"{target} is there already; replace it with --yes, or name another with -o")
    save(state_dir, target, now())
    talk(f"wrote {target} ({target.stat().st_size / 1024:,.0f} KiB)")


@click.command(short_help="Put a backup in the place of the record")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Replace the record that is there; it is backed up first.")
@settings_option
def restore(file: Path, yes: bool, settings_file: Path | None) -> None:
    """Put FILE, made by `backup`, in the place of the record.

    Stop `serve` and `bot` first. A record that is there is backed up beside itself before it is replaced. An older
    backup is brought up to date by the next command. What was sent since the backup was made is not known any more:
    look at the calendar, and set publish.enabled = false before you run a night.

    \b
    Example:
      python run_matching.py restore /srv/backups/matching-monday.tar.gz --yes
    """
    state_dir = Path(settings_from(settings_file).state_dir)
    with only_run(state_dir):
        if has_record(state_dir) and not yes:
            raise Stop(Exit.USAGE, "there is a record already; replace it with --yes (it is kept beside it)")
        checked(file)
        kept = set_aside(state_dir, now())
        if kept is not None:
            talk(f"the record that was there is kept in {kept}")
        put_back(state_dir, file)
    talk(f"restored {file}; `python run_matching.py doctor` says how it stands")
