"""The settings to compare with: another file, or this file as git has it at some revision."""

from __future__ import annotations

import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

from backend.nightly.exits import Exit, Stop
from backend.settings import Settings, SettingsError, from_mapping, load


@dataclass(frozen=True)
class Side:
    """Settings with a name for people."""

    label: str
    settings: Settings


def side_from(text: str, file: Path) -> Side:
    """`text` ending in .toml: that file; otherwise a git revision, at which `file` is looked up. Raises `Stop`."""
    try:
        if text.endswith(".toml"):
            return Side(text, load(Path(text)))
        return _at_revision(text, file)
    except SettingsError as error:
        raise Stop(Exit.USAGE, str(error)) from None


def _at_revision(revision: str, file: Path) -> Side:
    folder = file.resolve().parent
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise Stop(
            Exit.USAGE,
            f"--against {revision}: {folder} knows no such git revision; name one, or a settings file ending in .toml",
        )
    content = _git(folder, "show", f"{commit.strip()}:./{file.name}")
    label = f"{file.name} at {revision} ({commit[:7]})"
    if content is None:
        raise Stop(Exit.USAGE, f"--against {revision}: there is no {file.name} at {commit[:7]}")
    try:
        return Side(label, from_mapping(tomllib.loads(content), label))
    except tomllib.TOMLDecodeError as error:
        raise Stop(Exit.USAGE, f"{label} is not valid TOML: {error}") from None


def _git(folder: Path, *arguments: str) -> str | None:
    """What git says, None when it refuses. Raises `Stop` without git."""
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, and no shell
            ["git", "-C", str(folder), *arguments],  # noqa: S607 - the git of whoever calls this
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        raise Stop(Exit.ERROR, f"git cannot be run: {error.strerror}; name a settings file ending in .toml") from None
    return done.stdout if done.returncode == 0 else None
