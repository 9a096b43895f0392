"""The web server: everything that `serve` starts, with one command and no set-up."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from backend.nightly.exits import Exit, Stop
from backend.record.setup import ready
from backend.secrets import BOT_SHARED_SECRET, FORM_WEBHOOK_SECRET, SHORTEST_SECRET, SecretError, secret
from backend.settings import Settings

LOG = structlog.get_logger()
THREADS = 8
MAX_REQUEST = 1024 * 1024
WILDCARDS = ("0.0.0.0", "::", "*")  # noqa: S104 - named to be warned of


@dataclass(frozen=True)
class Address:
    """Where to listen, and how people reach it from outside ("": only from this machine)."""

    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""

    @property
    def base(self) -> str:
        host = "127.0.0.1" if self.host in WILDCARDS else self.host
        return self.public_url.rstrip("/") or f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def application(settings: Settings, address: Address, now: Callable[[], datetime]) -> Any:
    """The WSGI application on a record that is ready: migrated, the bot's key entered, left posts read.

    Raises `Stop` when the record cannot be used or a secret is not safe.
    """
    if address.public_url and not address.public_url.startswith("https://"):
        raise Stop(Exit.USAGE, "--public-url must begin with https://: keys and answers travel over it")
    form_secret = _secret(FORM_WEBHOOK_SECRET)
    bot_secret = _secret(BOT_SHARED_SECRET)
    ready(Path(settings.state_dir), public_url=address.public_url, matching=settings, form_secret=form_secret)
    from django.core.wsgi import get_wsgi_application

    from backend.record.api.reading import frame
    from backend.record.api.site import own_program
    from backend.record.services.keys import seed_bot_key
    from backend.record.services.posts import take_left_posts

    program = own_program()
    if bot_secret:
        seed_bot_key(bot_secret, program, now())
    left = take_left_posts(program, frame(), now(), verified_email=settings.forms.verified_email)
    if left:
        LOG.info("read what an earlier stop had left", posts=left)
    return get_wsgi_application()


def jobs_beside(settings: Settings, now: Callable[[], datetime]) -> AbstractContextManager[object]:
    """The small jobs of `backend.record.jobs`, for as long as the block lasts. Django must be ready."""
    from backend.record.jobs import Rounds, jobs_of

    return Rounds(jobs_of(settings, now))


def serve(app: Any, address: Address) -> None:
    """Answer until interrupted. Raises `Stop` when the port cannot be had."""
    from waitress import create_server

    trusted = {"trusted_proxy": "127.0.0.1", "trusted_proxy_headers": "x-forwarded-proto"} if address.public_url else {}
    try:
        server = create_server(
            app,
            host=address.host,
            port=address.port,
            threads=THREADS,
            max_request_body_size=MAX_REQUEST,
            ident=None,
            **trusted,
        )
    except OSError as error:
        place = f"{address.host}:{address.port}"
        raise Stop(Exit.ERROR, f"cannot listen on {place}: {error.strerror}; choose another with --port") from None
    try:
        server.run()
    finally:
        server.close()


def _secret(name: str) -> str:
    try:
        found = secret(name) or ""
    except SecretError as error:
        raise Stop(Exit.USAGE, str(error)) from None
    if found and len(found) < SHORTEST_SECRET:
        raise Stop(Exit.USAGE, f"{name} is shorter than {SHORTEST_SECRET} characters, so it could be guessed")
    return found
