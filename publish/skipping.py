"""Before a night: "you are in tonight's match", with a link to be left out of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from publish.booking import Program, person_name
from publish.direct import DIRECT, Letter, Reached
from publish.links import Links
from publish.mail import local_time
from publish.message import discord_text
from publish.ports import Item
from publish.text import one_line

SKIP = "skip"
BY_MAIL = "letter-email"
"""The outbox channel of letters to who cannot be written to by Discord."""


def skip_items(people: Iterable[tuple[str, bool]], night: str, run_at: datetime) -> list[Item]:
    """One notice for each person (pseudonym, whether they are in the chat), once for each night, whatever its hour."""
    return [
        Item(
            f"{SKIP}/{night}/{person}",
            DIRECT if in_chat else BY_MAIL,
            {"act": SKIP, "person": person, "stage": SKIP, "on": night, "run_at": run_at.isoformat()},
        )
        for person, in_chat in people
    ]


def skip_letter(program: Program, item: Item, to: Reached, links: Links) -> Letter:
    """When the night is, that nothing needs to be done, and how to stay out."""
    run_at = datetime.fromisoformat(str(item.payload["run_at"]))
    hello, name = person_name(to.name), one_line(program.name, 80)
    when = local_time(run_at, to.zone)
    first = "tonight's matching of {} looks for a session for you, on {}."
    calm = "You need not do anything. To be left out this once, use the link; the nights after it look again."
    return Letter(
        to,
        item.key,
        f"You are in tonight's match of {name}",
        (f"Hello {discord_text(hello)}, {first.format(discord_text(name), f'<t:{int(run_at.timestamp())}:f>')}", calm),
        (f"Hello {hello}, {first.format(name, when)}", calm),
        links,
    )
