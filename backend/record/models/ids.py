"""Names of rows that may be shown: short, random, and silent about how many rows there are."""

from __future__ import annotations

import secrets

LETTERS = "23456789abcdefghjkmnpqrstvwxyz"  # nothing that reads like something else
LENGTH = 14


def public_id() -> str:
    """14 letters, 68 random bits."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
