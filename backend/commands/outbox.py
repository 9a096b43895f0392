"""`outbox`: what waits to be sent, what was given up, and what to do about it. `release`: a night that was held."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import click

from backend.commands.columns import fitted, wrapped
from backend.commands.options import json_option, now, settings_from, settings_option
from backend.commands.output import end_progress, print_json, sending, talk
from backend.commands.run import tell_delivery, waiting
from backend.nightly.act import work_off
from backend.nightly.channels import channels
from backend.nightly.document import Document, instant
from backend.nightly.exits import Exit, Stop
from backend.nightly.lock import only_run
from backend.record.given_up import STANDS
from backend.record.opening import open_record
from backend.record.outgoing import (
    REASONS,
    Every,
    Listing,
    Outgoing,
    Which,
    drop_items,
    list_items,
    release_night,
    retry_items,
)
from backend.report.words import counted
from optimizer.domain import zone_info

OPEN = ("held", "pending", "unknown", "dead")
BECAUSE = "; ".join(f"{name}: {words}" for name, words in REASONS.items())
numbers_argument = click.argument("numbers", nargs=-1, type=int, metavar="NUMBER...")
dead_option = click.option(
    "--dead", is_flag=True, help="Every item that was given up, and none that was dropped or is outdated."
)


@click.group(short_help="What waits to be sent: list, retry, drop")
def outbox() -> None:
    """What waits to be sent, what was given up and why. No names, addresses or texts are shown.

    held: waits for `release`. pending: is tried with the next pass. unknown: an attempt began and nobody knows how
    it ended; the channel is asked first where it can be. dead: given up; retry or drop it. dropped, outdated: never
    sent, nothing to do. sent: done.

    \b
    Example:
      python run_matching.py outbox list
      python run_matching.py outbox retry 12 13
      python run_matching.py outbox drop 14 --because told
      python run_matching.py outbox retry --all
    """


@outbox.command("list")
@click.option("--state", "states", type=click.Choice(STANDS), multiple=True, help="Only these, else the first four.")
@click.option("--channel", default="", help="Only this channel, such as calendar or announcer.")
@click.option("--all", "everything", is_flag=True, help="Sent, dropped and outdated ones too.")
@json_option
@settings_option
def list_(states: tuple[str, ...], channel: str, everything: bool, as_json: bool, settings_file: Path | None) -> None:
    """Items with their state, age, attempts, what went wrong, and until when they rest.

    \b
    Example:
      python run_matching.py outbox list --state dead --channel calendar
    """
    settings = settings_from(settings_file)
    found = list_items(settings, states or (STANDS if everything else OPEN), channel)
    if as_json:
        items = [_facts(one) for one in found.items]
        print_json({"format": "matching-outbox/1", "counts": found.counts, "items": items})
    else:
        click.echo(_table(found, now(), settings.program.zone))


@outbox.command()
@numbers_argument
@dead_option
@click.option("--all", "resting", is_flag=True, help="Every item that rests before its next try.")
@json_option
@settings_option
def retry(numbers: tuple[int, ...], dead: bool, resting: bool, as_json: bool, settings_file: Path | None) -> None:
    """Try items again with the next pass (`run`), whatever went wrong before; all of them or none.

    What an earlier attempt did is found and not done twice, except by e-mail and Apprise, where nobody can look.

    \b
    Examples:
      python run_matching.py outbox retry 12 13
      python run_matching.py outbox retry --all
    """
    which = _meant(numbers, {"--dead": dead, "--all": resting})
    _say("will be tried again", retry_items(settings_from(settings_file), which, now()), as_json)


@outbox.command()
@numbers_argument
@dead_option
@click.option("--because", type=click.Choice(list(REASONS)), required=True, help=BECAUSE)
@json_option
@settings_option
def drop(numbers: tuple[int, ...], dead: bool, because: str, as_json: bool, settings_file: Path | None) -> None:
    """Never send items; all of them or none. `outbox list --all` shows them with your reason.

    \b
    Example:
      python run_matching.py outbox drop 14 --because told
    """
    which = _meant(numbers, {"--dead": dead})
    _say("will not be sent", drop_items(settings_from(settings_file), which, because, now()), as_json)


@click.command(short_help="Send what a night holds that was run with --hold")
@click.argument("night")
@click.option("--approve", is_flag=True, help="Go on although a guard would hold it.")
@json_option
@settings_option
def release(night: str, approve: bool, as_json: bool, settings_file: Path | None) -> int:
    """Send what NIGHT holds (its key such as 2026-11-22, a run's id, or "last").

    A night that a guard stops (exit code 4) stays held, and can be rehearsed, released with --approve, or undone.

    \b
    Example:
      python run_matching.py run --hold
      python run_matching.py rehearse
      python run_matching.py release last
    """
    settings = settings_from(settings_file)
    with only_run(Path(settings.state_dir)):
        record = open_record(settings, now)
        key, released = release_night(settings, night, now(), approved=approve)
        talk(f"released {counted(released, 'item')} of the night {key}")
        with channels(settings) as ports:
            delivery = work_off(settings, record, ports, now, sending(), approved=approve, patience=waiting(settings))
    end_progress()
    if as_json:
        told = {"sent": delivery.sent, "waiting": delivery.waiting, "dead": delivery.dead}
        print_json({"format": "matching-release/1", "night": key, "released": released, **told})
    tell_delivery(settings, delivery)
    return int(delivery.exit)


EVERY = {"--dead": Every.GIVEN_UP, "--all": Every.RESTING}
WORDS = {"--dead": "--dead for all that was given up", "--all": "--all for all that rests"}


def _meant(numbers: tuple[int, ...], options: Mapping[str, bool]) -> Which:
    """Numbers, or what one of the options stands for. Raises `Stop`."""
    given = [name for name, there in options.items() if there]
    if bool(numbers) + len(given) != 1:
        ways = ", or ".join(["numbers of `outbox list`", *(WORDS[name] for name in options)])
        raise Stop(Exit.USAGE, f"say which: {ways}")
    return EVERY[given[0]] if given else numbers


def _say(what: str, items: tuple[Outgoing, ...], as_json: bool) -> None:
    if as_json:
        print_json({"format": "matching-outbox/1", "items": [_facts(one) for one in items]})
    else:
        click.echo(f"{counted(len(items), 'item')} {what}")


def _table(found: Listing, present: datetime, zone: str) -> str:
    """At most 80 columns: number, channel, state, age, attempts; below why, and until when it rests."""
    lines = [
        click.style(f"{'number':>7}  {'channel':<10} {'state':<8} {'night':<10} {'age':>6} {'tries':>6}", bold=True)
    ]
    for one in found.items:
        head = f"{one.id:>7}  {fitted(one.channel, 10)} {one.state:<8} {one.night:<10} {_age(present - one.added):>6}"
        lines.append(f"{head} {one.attempts:>6}")
        if one.problem:
            lines.append(wrapped(one.problem, " " * 9))
        rests = one.rests_until(present)
        if rests is not None:
            lines.append(f"{'':9}next try {rests.astimezone(zone_info(zone)):%Y-%m-%d %H:%M:%S %Z}")
    if not found.items:
        lines = ["nothing that fits"]
    lines.append(", ".join(f"{number} {state}" for state, number in found.counts.items()))
    if any(one.state == "dead" for one in found.items):
        lines.append("Try again: outbox retry NUMBER. Give up: outbox drop NUMBER --because told")
    if any(one.rests_until(present) for one in found.items):
        lines.append("Do not rest: outbox retry --all, then run")
    return "\n".join(lines)


def _age(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 120:
        return f"{max(0, minutes)} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d"


def _facts(one: Outgoing) -> Document:
    return {
        "number": one.id,
        "key": one.key,
        "channel": one.channel,
        "state": one.state,
        "night": one.night,
        "added": instant(one.added),
        "attempts": one.attempts,
        "attempted": instant(one.attempted) if one.attempted else None,
        "not_before": instant(one.not_before) if one.not_before else None,
        "claimed_until": instant(one.claimed_until) if one.claimed_until else None,
        "problem": one.problem,
    }
