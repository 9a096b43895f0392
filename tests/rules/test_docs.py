"""The documents say what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import BaseModel

from backend.commands import COMMANDS
from backend.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def keys(section: type[BaseModel], prefix: str = "") -> list[str]:
    found: list[str] = []
    for name, field in section.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found += keys(inner, f"{prefix}{name}.")
        else:
            found.append(f"{prefix}{name}")
    return found


def test_every_setting_is_documented_and_nothing_else() -> None:
    table = (ROOT / "docs" / "settings.md").read_text().split("## Secrets")[0]
    documented = re.findall(r"`([a-z_.]+)`", "\n".join(row.split("|")[1] for row in table.splitlines() if "|" in row))
    assert sorted(documented) == sorted(keys(Settings))


def test_defaults_in_the_document_are_the_codes() -> None:
    table = (ROOT / "docs" / "settings.md").read_text()
    settings = Settings()
    for key in keys(Settings):
        value: object = settings
        for part in key.split("."):
            value = getattr(value, part)
        written = (
            str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)
        )
        line = next(row for row in table.splitlines() if f"`{key}`" in row)
        assert f"`{written}`" in line, f"{key}: {line}"


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    assert not [name for name in COMMANDS if f"`{name}" not in readme]
