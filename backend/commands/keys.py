"""`keys`: who may use the API. `staff`: who may use the admin."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from backend.commands.options import now, settings_from, settings_option
from backend.commands.output import print_json, talk
from backend.nightly.exits import Exit, Stop
from backend.record.access import LEVELS, add_staff, list_keys, make_key, remove_key, remove_staff


@click.group(short_help="API keys: create, list, revoke")
def keys() -> None:
    """API keys. A token is shown once, when its key is made; the record keeps a hash.

    \b
    Example:
      python run_matching.py keys create --scope read --name dashboard
      python run_matching.py keys revoke dashboard
    """


@keys.command()
@click.option("--scope", type=click.Choice(["read", "write", "bot", "self"]), required=True)
@click.option("--name", required=True, help="What it is for; to find it again.")
@click.option("--person", default="", help="For scope self: the person's id or e-mail address.")
@settings_option
def create(scope: str, name: str, person: str, settings_file: Path | None) -> None:
    """Make a key and print its token, which nobody can see again."""
    token, prefix = make_key(settings_from(settings_file), scope, name, person, now())
    talk(f"made the {scope} key {name!r}; its token begins with {prefix} and is shown only now:")
    click.echo(token)


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@settings_option
def list_(as_json: bool, settings_file: Path | None) -> None:
    """All keys, without their tokens."""
    rows = list_keys(settings_from(settings_file))
    if as_json:
        print_json({"keys": [vars(row) for row in rows]})
        return
    for row in rows:
        state = f"revoked {row.revoked}" if row.revoked else f"last used {row.last_used or 'never'}"
        click.echo(f"{row.prefix or '(from the environment)':<24} {row.scope:<6} {row.name:<24} {state}")


@keys.command()
@click.argument("key")
@settings_option
def revoke(key: str, settings_file: Path | None) -> None:
    """Revoke KEY (its prefix, id or name): from now on its token opens nothing."""
    prefix = remove_key(settings_from(settings_file), key, now())
    talk(f"revoked {prefix or key}")


@click.group(short_help="Staff accounts of the admin: add, remove")
def staff() -> None:
    """Staff accounts of the admin. There is no default account and no default password.

    \b
    Example:
      python run_matching.py staff add maria --level owner
    """


@staff.command()
@click.argument("name")
@click.option("--level", type=click.Choice(LEVELS), required=True, help="Look, also change, also override and erase.")
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin instead of asking for it.")
@settings_option
def add(name: str, level: str, password_stdin: bool, settings_file: Path | None) -> None:
    """Make the account NAME, or give it another level and password."""
    settings = settings_from(settings_file)
    stdin = sys.stdin
    if password_stdin:
        password = stdin.readline().rstrip("\n")
    elif stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        raise Stop(Exit.USAGE, "no terminal to ask for a password; use --password-stdin")
    add_staff(settings, name, level, password, now())
    talk(f"{name} is {'an' if level == 'owner' else 'a'} {level} of the admin now")


@staff.command()
@click.argument("name")
@settings_option
def remove(name: str, settings_file: Path | None) -> None:
    """The account NAME opens nothing any more; what it did stays in the audit."""
    remove_staff(settings_from(settings_file), name, now())
    talk(f"{name} is no longer staff")
