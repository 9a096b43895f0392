"""What each channel promises, held against what the world got."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from benchmarks.crash.world import Seen
from publish.apprise_notifier import APPRISE
from tests.standins.discord_http import STAFF_CHANNEL_ID


def broken(seen: Seen, clean: Seen) -> list[str]:
    """Each promise that does not hold; `clean` is what a run without a crash leaves."""
    return [*_calendar(seen, clean), *_discord(seen, clean), *_mail(seen, clean), *_others(seen, clean)]


def repeats(seen: Seen) -> Counter[str]:
    """What was sent again, where the channel's promise allows it."""
    return Counter(
        {
            "e-mails sent again, under the same Message-ID": sum(count - 1 for count in seen.mailed.values()),
            "hook deliveries sent again, under the same id": sum(count - 1 for count in seen.hooks.values()),
            "Apprise notices not confirmed, given up and listed": _given_up(seen),
        }
    )


def _calendar(seen: Seen, clean: Seen) -> Iterator[str]:
    if seen.events != clean.events:
        yield "calendar: not exactly one event as it should be for each invitation"
    if seen.invited != clean.invited:
        yield "calendar: guests were mailed another number of times"


def _discord(seen: Seen, clean: Seen) -> Iterator[str]:
    if set(seen.messages) != set(clean.messages):
        yield "Discord: a message is missing, or one too many"
    if any(len(texts) != 1 for texts in seen.messages.values()):
        yield "Discord: a message was posted again instead of edited"
    for key, texts in seen.messages.items():
        staff = key.startswith(STAFF_CHANNEL_ID)  # names what was given up
        if not staff and texts != clean.messages.get(key):
            yield "Discord: a message does not read as it should"
        if staff and ("could not be delivered" in texts[0]) != bool(_given_up(seen)):
            yield "Discord: staff's message does not say what was given up"


def _mail(seen: Seen, clean: Seen) -> Iterator[str]:
    if set(seen.mailed) != set(clean.mailed):
        yield "e-mail: not at least once for each invitation"
    if any(len(names) != 1 for names in seen.mails.values()):
        yield "e-mail: a repeat came under another Message-ID"


def _others(seen: Seen, clean: Seen) -> Iterator[str]:
    if set(seen.hooks) != set(clean.hooks):
        yield "hook: not at least once under the same delivery id"
    if seen.schedule != clean.schedule:
        yield "worksheet: the schedule does not read as it should"
    if seen.apprise > 1:
        yield "Apprise: more than once"
    if seen.apprise == 0 and not _given_up(seen):
        yield "Apprise: lost without being listed"
    if any(state != "sent" for key, state in seen.outbox.items() if not key.startswith(APPRISE)):
        yield "outbox: something was neither sent nor listed"
    yield from (f"stand-in: {violation}" for violation in seen.violations)


def _given_up(seen: Seen) -> int:
    return sum(state == "dead" for key, state in seen.outbox.items() if key.startswith(APPRISE))
