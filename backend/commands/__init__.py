"""The click commands. Each is imported only when it is called, so `--help` and `read` start fast."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Sequence

import click

from backend.commands.status_line import say
from backend.nightly.exits import Exit, Stop
from backend.nightly.logs import configure

COMMANDS = {
    "init": ("init", "Write the first matching.toml"),
    "demo": ("demo", "The whole job on sample_data/, no credentials; results under out/"),
    "run": ("run", "The nightly job: pull, read, solve, verify, book, post"),
    "plan": ("plan", "Compute tonight's plan into a file and look before you leap"),
    "show": ("plan", "Show a plan file"),
    "apply": ("plan", "Book a plan file that is still true"),
    "solve": ("problems", "Solve a problem file"),
    "verify": ("problems", "Check a solution of a problem file"),
    "suggest": ("suggest", "Whom a student could meet, and what booking it would displace"),
    "explain": ("explain", "Why somebody has this session, or none"),
    "advise": ("advise", "Whom to ask for what, where supply is missing, what hangs on one person"),
    "whatif": ("advise", "What tonight's plan would be with some changes"),
    "fairness": ("advise", "What other policies would give tonight"),
    "pin": ("overrides", "These two get a session with each other"),
    "forbid": ("overrides", "These two never meet"),
    "pause": ("overrides", "Somebody is not matched for a while"),
    "schedule": ("sessions", "Book a session by hand"),
    "reschedule": ("sessions", "Move a session to another time"),
    "sync": ("sync", "Take back what people did in Google Calendar"),
    "cancel": ("sessions", "Cancel a session, with as few others moved as you choose"),
    "erase": ("overrides", "Delete everything that says who somebody is"),
    "runs": ("runs", "Earlier runs: list, show, diff, replay"),
    "undo": ("undo", "Take a run back before its sessions begin"),
    "stats": ("stats", "How the program does, by month or field"),
    "backtest": ("backtest", "Stored nights under other settings or code"),
    "outbox": ("outbox", "What waits to be sent: list, retry, drop"),
    "rehearse": ("rehearse", "Send staff what a night would send to everybody"),
    "release": ("outbox", "Send what a night holds that was run with --hold"),
    "notebook": ("notebook", "Open the analysis notebooks in JupyterLab"),
    "simulate": ("simulate", "Nights ahead: nightly against twice weekly against at once"),
    "serve": ("serve", "The web server: admin, REST API, form webhooks, calendar feeds"),
    "bot": ("bot", "The Discord bot, for students, professionals and staff"),
    "keys": ("keys", "API keys: create, list, revoke"),
    "staff": ("keys", "Staff accounts of the admin: add, remove"),
    "remind": ("remind", "Remind people of sessions that are near; every 5 minutes, by a timer"),
    "skip-notice": ("skip_notice", "Tell people that they are in tonight's match"),
    "read": ("read", "Show how availability texts are understood"),
    "backup": ("backup", "Copy the record into one file, while everything goes on"),
    "restore": ("backup", "Put a backup in the place of the record"),
    "units": ("units", "Systemd units and a crontab for this folder"),
    "auth": ("auth", "Let this program act for you at Google"),
    "doctor": ("doctor", "Check settings, sheets, credentials and the record"),
}


class LazyCommands(click.Group):
    """Knows the names of all commands and imports one module at a time."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"backend.commands.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.command(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.option("-v", "--verbose", is_flag=True, help="Log each step as a JSON line on stderr (never personal data).")
def cli(verbose: bool) -> None:
    """Match students with professionals: fairly, provably, every night.

    \b
    Example:
      python run_matching.py demo
      python run_matching.py COMMAND --help
    """
    configure(verbose=verbose)


def main(arguments: Sequence[str] | None = None, start_bot: Callable[..., str] | None = None) -> int:
    """Run the command line and return its exit code; errors go to stderr in one clear line, never a traceback.

    `start_bot`: see `backend.commands.bot.Starter`.
    """
    try:
        given = None if arguments is None else list(arguments)
        color = False if os.environ.get("NO_COLOR") else None
        code = cli.main(args=given, standalone_mode=False, color=color, obj=start_bot)
    except Stop as stop:
        say(f"run_matching: {stop.message}")
        return int(stop.code)
    except click.UsageError as error:
        error.show(sys.stderr)
        return int(Exit.USAGE)
    except click.ClickException as error:
        error.show(sys.stderr)
        return int(Exit.ERROR)
    except (click.Abort, KeyboardInterrupt):
        say("run_matching: interrupted; nothing more was done")
        return int(Exit.INTERRUPTED)
    return int(code or 0)
