"""Django logs the path of every request that fails; the paths of links and feeds hold tokens."""

from __future__ import annotations

import logging
import re

LOGGERS = ("django.request", "django.security.csrf", "django.security.DisallowedHost", "django.security")
_TOKENS = re.compile(r"(/l/|/feeds/)[^/\s'\"]+")


class WithoutTokens(logging.Filter):
    """Takes tokens out of what a record says."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if _TOKENS.search(message):
            record.msg, record.args = _TOKENS.sub(r"\1...", message), ()
        return True


def hush() -> None:
    """Once, when the apps are ready."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(one, WithoutTokens) for one in logger.filters):
            logger.addFilter(WithoutTokens())
