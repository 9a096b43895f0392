"""Buttons and menus that survive a restart: what they do stands in their custom id, and whether it may be done the API
decides, for whoever pressed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol, Self, cast

import discord

if TYPE_CHECKING:
    from discord.ui import Button, Item, Select

ANYBODY = 0
LONGEST_ID = 100
_SEPARATOR = ":"


_NAMED = r"v1:(?P<asker>\d+):(?P<act>[a-z_]+)(?P<parts>(?::.*)?)"


class Presser(Protocol):
    """What the client must be able to do."""

    async def pressed(self, interaction: discord.Interaction[Any], act: Act) -> None: ...


class Act(discord.ui.DynamicItem[discord.ui.Item[Any]], template=_NAMED):
    """`act` with its parts, for `asker` (0: whoever presses). `chosen`: of a menu, the value that was picked."""

    def __init__(self, item: Button[Any] | Select[Any], asker: int, act: str, parts: tuple[str, ...]) -> None:
        super().__init__(cast("Item[Any]", item))
        self.asker = asker
        self.act = act
        self.parts = parts

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - the library's signature
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        parts = tuple(match["parts"].split(_SEPARATOR)[1:])
        return cls(cast("Button[Any]", item), int(match["asker"]), match["act"], parts)

    @property
    def chosen(self) -> str:
        return self.item.values[0] if isinstance(self.item, discord.ui.Select) and self.item.values else ""

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await cast(Presser, interaction.client).pressed(interaction, self)


def button(
    label: str, asker: int, act: str, *parts: str | int, style: str = "secondary", disabled: bool = False
) -> Act:
    """A button. Parts must not hold colons; `style` is one of Discord's: primary, secondary, success, danger."""
    told = tuple(str(part) for part in parts)
    kind = getattr(discord.ButtonStyle, style)
    made: Button[Any] = discord.ui.Button(
        label=label[:80], style=kind, custom_id=_name(asker, act, told), disabled=disabled
    )
    return Act(made, asker, act, told)


def menu(placeholder: str, options: Sequence[tuple[str, str, str]], asker: int, act: str, *parts: str | int) -> Act:
    """A menu of (label, value, description), 25 at most."""
    told = tuple(str(part) for part in parts)
    shown = [
        discord.SelectOption(label=label[:100] or "?", value=value[:100], description=text[:100] or None)
        for label, value, text in options[:25]
    ]
    made: Select[Any] = discord.ui.Select(
        placeholder=placeholder[:150], options=shown, custom_id=_name(asker, act, told)
    )
    return Act(made, asker, act, told)


def view_of(items: Sequence[Act]) -> discord.ui.View:
    """Never times out: the items know what to do without it."""
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    return view


def _name(asker: int, act: str, parts: tuple[str, ...]) -> str:
    if any(_SEPARATOR in part for part in parts):
        raise ValueError(f"a part of {act} holds a colon")
    name = _SEPARATOR.join(("v1", str(asker), act, *parts))
    if len(name) > LONGEST_ID:
        raise ValueError(f"the custom id of {act} has {len(name)} characters")
    return name
