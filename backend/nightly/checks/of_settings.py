"""Whether matching.toml makes sense, and what it switches on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from backend.nightly.checks.result import Check, Health
from backend.nightly.exits import Stop
from backend.nightly.frame import policy_from, program_from, rules_from
from backend.nightly.reading import conventions_from
from backend.settings import Program, Settings

_PLACEHOLDER = Program().organizer_email


def check_settings(settings: Settings) -> Iterator[Check]:
    """Each part of the settings that the night builds something from."""
    steps: tuple[tuple[str, Callable[[Settings], object]], ...] = (
        ("rules", rules_from),
        ("policy", policy_from),
        ("program", program_from),
        ("reading", conventions_from),
    )
    for name, step in steps:
        try:
            step(settings)
        except Stop as stop:
            yield Check(f"settings: {name}", Health.BROKEN, stop.message, "edit matching.toml (docs/settings.md)")
        else:
            yield Check(f"settings: {name}", Health.GOOD, "makes sense")


def check_publishing(settings: Settings) -> Iterator[Check]:
    """The kill switch, and whether anything is there to be switched on."""
    targets = _targets(settings)
    if not settings.publish.enabled:
        yield Check(
            "publishing",
            Health.OFF,
            "publish.enabled is false: nothing leaves this machine, what would be sent waits in the outbox",
            "when all else is well, set publish.enabled = true in matching.toml",
        )
    elif not targets:
        fix = "set publish.calendar_id, publish.caldav_url, mail.host or publish.discord_channel_id (docs/settings.md)"
        yield Check("publishing", Health.BROKEN, "on, but no target", fix)
    else:
        yield Check("publishing", Health.GOOD, f"on: {', '.join(targets)}")
    if settings.publish.enabled and settings.program.organizer_email == _PLACEHOLDER:
        said = f"program.organizer_email is still {_PLACEHOLDER.partition('@')[2]}'s: replies of people get lost"
        yield Check("settings: organizer", Health.WARNING, said, "set program.organizer_email to an address you read")

    if settings.publish.enabled and settings.mail.host and not settings.web.public_url:
        said = "web.public_url is not set: who gets mails finds no links there to confirm, cancel or find another time"
        fix = "run `serve` behind a proxy with TLS and set web.public_url to its address (docs/links.md)"
        yield Check("settings: links", Health.WARNING, said, fix)
    meet = settings.program.meet and settings.publish.calendar_id
    if not (settings.program.share_addresses or settings.program.meeting_link or meet):
        said = (
            "program.share_addresses is false and there is no link for all: of a session whose professional gave no "
            "link of their own both people are told to ask the organizer where to meet"
        )
        fix = "set program.meeting_link, or with Google Calendar program.meet = true; else be ready to answer them"
        yield Check("settings: where to meet", Health.WARNING, said, fix)


def _targets(settings: Settings) -> list[str]:
    publish = settings.publish
    used = {
        "Google Calendar": publish.calendar_id,
        "the CalDAV calendar": publish.caldav_url,
        "invitations by e-mail": settings.mail.host and not publish.calendar_id,
        "the night's message in Discord": publish.discord_channel_id,
        "the staff's channel": publish.staff_channel_id,
        "the public summary": publish.summary_channel_id,
        "direct messages": publish.direct_messages,
        "Apprise": publish.apprise,
        "the hook": publish.hook_url,
        "the schedule's worksheet": publish.schedule_sheet,
    }
    return [name for name, target in used.items() if target]
