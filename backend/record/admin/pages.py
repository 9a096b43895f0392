"""What a page of one row shows: facts, tables, and the acts that fit; the template only lays it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Model
from django.urls import reverse

TONES = {
    "active": "good", "booked": "good", "completed": "good", "current": "good", "ok": "good", "sent": "good",
    "matched": "info", "planned": "info", "scheduled": "info", "started": "info", "received": "info",
    "paused": "warn", "held": "warn", "partial": "warn", "unknown": "warn", "pending": "warn", "stored": "warn",
    "open": "warn", "taken": "good", "restored": "good", "settled": "info",
    "dead": "bad", "failed": "bad", "no_show": "bad", "refused": "bad", "rejected": "bad", "unparseable": "bad",
}  # fmt: skip
"""State -> tone of its label; others are plain."""
LABELS = {
    state.replace("_", " "): {"good": "success", "warn": "warning", "bad": "danger"}.get(tone, tone)
    for state, tone in TONES.items()
}
"""The same in the theme's own words."""


@dataclass(frozen=True)
class Cell:
    """A text, perhaps a link; `tone` shows it as a label. `first` lines above, `note` smaller below."""

    text: str
    link: str = ""
    tone: str = ""
    note: str = ""


@dataclass(frozen=True)
class Table:
    """`headers` name the columns of `rows`; `empty` is said when there are none; `more`: a link to all of it."""

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    empty: str = "None."
    note: str = ""
    more: Cell | None = None

    @property
    def titled(self) -> bool:
        return any(self.headers)

    @property
    def labelled(self) -> list[list[tuple[str, Cell]]]:
        """Each cell with its column's name, for narrow screens."""
        return [list(zip(self.headers, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Page:
    """`facts`: label and cell. `template` may show more than the plain one, from `extra`."""

    title: str
    facts: Sequence[tuple[str, Cell]]
    tables: Sequence[Table] = ()
    lede: str = ""
    template: str = "record/page.html"
    extra: dict[str, object] = field(default_factory=dict)


def link_of(row: Model) -> str:
    """The address of a row's own page."""
    return reverse(f"admin:record_{row._meta.model_name}_change", args=[row.pk])


def list_link(model: type[Model], query: str = "") -> str:
    """The address of a table's list, perhaps filtered."""
    place = reverse(f"admin:record_{model._meta.model_name}_changelist")
    return f"{place}?{query}" if query else place


def to(row: Model | None, text: str = "") -> Cell:
    """A link to a row's page."""
    return Cell(text or str(row), link_of(row)) if row is not None else Cell(text)


def state(value: str) -> Cell:
    """A state as a label, in words."""
    return Cell(value.replace("_", " "), tone=TONES.get(value, "plain"))
