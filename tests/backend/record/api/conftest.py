"""A program with its people, and one caller for each role."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache

from tests.backend.record.api.callers import FORM_SECRET, MATCHING, World, populate


def _prepared() -> Iterator[World]:
    settings.MATCHING = MATCHING
    settings.FORM_WEBHOOK_SECRET = FORM_SECRET
    settings.API_RATES = dict.fromkeys(("key", "member", "stranger", "form"), "100000/minute")
    cache.clear()
    yield populate()


@pytest.fixture
def world(record_db: str) -> Iterator[World]:
    """On both databases."""
    yield from _prepared()


@pytest.fixture
def small_world(embedded_db: Path) -> Iterator[World]:
    """On SQLite alone, for what does not depend on the database."""
    yield from _prepared()
