"""What Discord refuses of a message, and what nobody wants in one: checked for everything the bot sends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_EMBED = {"title": 256, "description": 4096}


def faults(body: dict[str, Any]) -> Iterator[str]:
    """Each limit of Discord's documentation that a message breaks."""
    content = body.get("content") or ""
    if units(content) > 2000:
        yield "content is longer than 2000"
    embeds = body.get("embeds") or []
    if len(embeds) > 10:
        yield "more than 10 embeds"
    if sum(map(_weight, embeds)) > 6000:
        yield "embeds are longer than 6000 in all"
    for embed in embeds:
        yield from _of_embed(embed)
    yield from _of_components(body.get("components") or [])
    if not content.strip() and not embeds and not body.get("files"):
        yield "an empty message"


def unwanted(body: dict[str, Any]) -> Iterator[str]:
    """Pings and e-mail addresses."""
    if body.get("allowed_mentions", {}).get("parse") != [] or body["allowed_mentions"].get("users"):
        yield "may ping somebody"
    if _ADDRESS.search(text_of(body)):
        yield "shows an e-mail address"


def text_of(body: dict[str, Any]) -> str:
    """Everything of a message that can be read."""
    parts = [body.get("content") or ""]
    for embed in body.get("embeds") or []:
        parts += [embed.get("title") or "", embed.get("description") or ""]
        parts += [text for field in embed.get("fields", []) for text in (field["name"], field["value"])]
        parts.append((embed.get("footer") or {}).get("text", ""))
    for one in items(body.get("components") or []):
        parts += [one.get("label") or "", one.get("placeholder") or ""]
        for option in one.get("options", []):
            parts += [option["label"], option.get("description") or ""]
    return "\n".join(part for part in parts if part)


def items(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The buttons and menus of action rows."""
    return [item for row in rows for item in row["components"]]


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _weight(embed: dict[str, Any]) -> int:
    texts = [embed.get("title") or "", embed.get("description") or "", (embed.get("footer") or {}).get("text", "")]
    texts += [text for field in embed.get("fields", []) for text in (field["name"], field["value"])]
    return sum(map(units, texts))


def _of_embed(embed: dict[str, Any]) -> Iterator[str]:
    for name, limit in _EMBED.items():
        if units(embed.get(name) or "") > limit:
            yield f"an embed's {name} is longer than {limit}"
    if len(embed.get("fields", [])) > 25:
        yield "more than 25 fields"
    for field in embed.get("fields", []):
        if not 1 <= units(field["name"].strip()) <= 256 or not 1 <= units(field["value"].strip()) <= 1024:
            yield f"field {field['name']!r} is empty or too long"


def _of_components(rows: list[dict[str, Any]]) -> Iterator[str]:
    if len(rows) > 5 or any(not 1 <= len(row["components"]) <= 5 for row in rows):
        yield "more than 5 rows, or a row with other than 1 to 5 buttons"
    names = [item["custom_id"] for item in items(rows)]
    if len(set(names)) != len(names) or any(not 1 <= len(name) <= 100 for name in names):
        yield "custom ids repeat, or are longer than 100"
    for item in items(rows):
        if units(item.get("label") or "") > 80:
            yield "a button's label is longer than 80"
        options = item.get("options", [])
        if len(options) > 25 or len({one["value"] for one in options}) != len(options):
            yield "a menu has more than 25 options, or two of one value"
        if any(not 1 <= units(one["label"]) <= 100 or units(one.get("description") or "") > 100 for one in options):
            yield "an option's text is empty or longer than 100"
