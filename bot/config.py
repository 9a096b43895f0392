"""What the bot is started with."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class BotConfig:
    """`api_url`: where the REST API answers, without a slash at the end; `api_key`: of scope bot.

    `prefix`: before commands in messages; "" leaves slash commands alone (then no privileged intent is needed).
    `guilds`: ids of the servers it works in, () for all. `staff_channels`: ids of channels that only staff see, where
    staff are answered in the channel instead of by direct message.
    """

    token: str = field(repr=False)
    api_url: str
    api_key: str = field(repr=False)
    prefix: str = "!"
    guilds: frozenset[int] = frozenset()
    staff_channels: frozenset[int] = frozenset()
