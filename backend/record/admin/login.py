"""Signing in, with a limit on guesses."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from unfold.forms import AuthenticationForm

MOST_FAILURES = 10
WITHIN = timedelta(minutes=15)


class LoginForm(AuthenticationForm):  # type: ignore[misc]  # untyped package
    """After ten wrong passwords for a name from one address, that pair must wait a quarter of an hour."""

    def clean(self) -> dict[str, Any]:
        key = self._key()
        if cache.get(key, 0) >= MOST_FAILURES:
            raise ValidationError("Too many wrong passwords. Wait a quarter of an hour, then try again.")
        try:
            data: dict[str, Any] = super().clean()
        except ValidationError:
            cache.add(key, 0, WITHIN.total_seconds())
            cache.incr(key)
            raise
        cache.delete(key)
        return data

    def _key(self) -> str:
        place = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        given = f"{place}/{self.cleaned_data.get('username', '')}"
        return f"login/{hashlib.sha256(given.encode('utf-8', 'replace')).hexdigest()}"
