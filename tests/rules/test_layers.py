"""Imports point one way, and each outside package has one owner."""

from __future__ import annotations

import ast
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("optimizer", "ingest", "publish", "backend", "bot")
MAY_IMPORT = {
    "optimizer": set(),
    "ingest": {"optimizer"},
    "publish": {"optimizer"},
    "backend": {"optimizer", "ingest", "publish"},
    "bot": set(),
}
OWNERS = {
    "ortools": ("optimizer/",),
    "gspread": ("ingest/sources/",),
    "openpyxl": ("ingest/sources/", "backend/record/admin/export.py"),
    "googleapiclient": ("publish/",),
    "google_auth_oauthlib": ("publish/google_consent.py",),
    "icalendar": ("publish/",),
    "caldav": ("publish/caldav_calendar.py",),
    "apprise": ("publish/apprise_notifier.py", "publish/texting.py"),
    "discord": ("bot/", "publish/discord_announcer.py", "publish/discord_look.py"),
    "aiohttp": ("bot/", "publish/discord_announcer.py"),
    "click": ("backend/commands/",),
    "jinja2": ("backend/report/",),
    "django": ("backend/record/",),
    "django_filters": ("backend/record/",),
    "drf_spectacular": ("backend/record/",),
    "waitress": ("backend/record/",),
    "rest_framework": ("backend/record/",),
    "unfold": ("backend/record/",),
    "whitenoise": ("backend/record/",),
    "pydantic": ("backend/settings.py", "backend/nightly/plain_record.py"),
}
IMPURE = {"os", "socket", "subprocess", "requests", "urllib", "http", "random", "tomllib", "logging"}
FILES = sorted(path for layer in LAYERS for path in (ROOT / layer).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The dotted names a file imports, top level and inside functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    layer = path.relative_to(ROOT).parts[0]
    reached = {name.split(".")[0] for name in imported(path)} & set(LAYERS)
    assert reached - {layer} <= MAY_IMPORT[layer]


@pytest.mark.parametrize("path", sorted((ROOT / "optimizer" / "domain").glob("*.py")), ids=lambda path: path.name)
def test_domain_knows_nothing_of_the_engine(path: Path) -> None:
    assert all(name.startswith("optimizer.domain") for name in imported(path) if name.split(".")[0] == "optimizer")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_outside_packages_have_one_owner(path: Path) -> None:
    place = str(path.relative_to(ROOT))
    for name in {name.split(".")[0] for name in imported(path)} & set(OWNERS):
        assert place.startswith(OWNERS[name]), f"{place} imports {name}, which belongs to {OWNERS[name]}"


@pytest.mark.parametrize("path", sorted((ROOT / "optimizer" / "domain").glob("*.py")), ids=lambda path: path.name)
def test_domain_is_pure(path: Path) -> None:
    assert not {name.split(".")[0] for name in imported(path)} & IMPURE


def test_no_clock_in_the_pure_layers() -> None:
    for path in FILES:
        if path.relative_to(ROOT).parts[0] in ("optimizer", "ingest"):
            text = path.read_text(encoding="utf-8")
            assert "datetime.now(" not in text, path
            assert "date.today(" not in text, path


def test_no_junk_drawers() -> None:
    assert not [path for path in FILES if path.stem in ("utils", "common", "helpers", "misc")]


def test_no_file_of_the_tests_hides_a_package() -> None:
    """Their folders stand on `sys.path`: a file named like a package would be imported in its place."""
    known = set(sys.stdlib_module_names) | set(packages_distributions())
    assert sorted(str(path) for path in (ROOT / "tests").rglob("*.py") if path.stem in known) == []
