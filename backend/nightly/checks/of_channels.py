"""The other ways out and in: mail, Apprise, the hook, form posts, the bot's way to the API."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

from backend.nightly.channels import needed
from backend.nightly.checks.of_discord import bot_used
from backend.nightly.checks.result import Check, Health, grave
from backend.nightly.exits import Stop
from backend.secrets import (
    APPRISE_URLS,
    BOT_SHARED_SECRET,
    FORM_WEBHOOK_SECRET,
    HOOK_SECRET,
    REMINDER_PHONE_URL,
    SHORTEST_SECRET,
    SMTP_PASSWORD,
    SecretError,
    secret,
)
from backend.settings import Settings
from publish.hook import Hook, HookError
from publish.ports import PublishError

Greeter = Callable[[Settings, str | None], None]
"""Connects to the mail server, logs in and hangs up. Raises `PublishError`."""
_RANDOM = "choose 32 or more random characters: openssl rand -hex 32"


def check_channels(settings: Settings, greet: Greeter) -> Iterator[Check]:
    """Each of them that is used."""
    if settings.mail.host:
        yield _mail(settings, greet)
    if settings.publish.apprise:
        yield _apprise(settings)
    if settings.publish.hook_url:
        yield _hook(settings)
    if settings.reminders.phone:
        yield _phone()
    yield _form_posts(settings)
    if bot_used(settings):
        yield _shared_secret("bot: API key", BOT_SHARED_SECRET, "the bot cannot log in to the API", Health.BROKEN)
        yield _api(settings)


def _mail(settings: Settings, greet: Greeter) -> Check:
    mail = settings.mail
    if mail.tls == "none" and mail.host not in ("127.0.0.1", "::1", "localhost"):
        said = 'mail.tls = "none" would show everybody on the way what is written'
        return Check("mail", grave(settings), said, 'set mail.tls = "starttls" (port 587) or "implicit" (port 465)')
    try:
        greet(settings, needed(SMTP_PASSWORD) if mail.user else None)
    except Stop as stop:
        return Check("mail", grave(settings), stop.message, "the password of mail.user, from whoever runs the server")
    except PublishError as error:
        place = f"{mail.host} port {mail.port} with {mail.tls}"
        fix = f"check mail.host, mail.port, mail.tls, mail.user and {SMTP_PASSWORD}; it was tried at {place}"
        return Check("mail", grave(settings), str(error), fix)
    return Check("mail", Health.GOOD, "the server answers" + (" and knows mail.user" if mail.user else ""))


def _apprise(settings: Settings) -> Check:
    from publish.apprise_notifier import Notifier, NotifierError

    try:
        number = len(Notifier(needed(APPRISE_URLS).split()))
    except (Stop, NotifierError) as error:
        return Check(
            "apprise",
            grave(settings),
            str(error),
            f"put the addresses into {APPRISE_URLS}, or set publish.apprise = false",
        )
    return Check("apprise", Health.GOOD, f"{number} addresses that Apprise knows; whether they work, a message shows")


def _phone() -> Check:
    from publish.texting import Texter, TextingError

    try:
        Texter(needed(REMINDER_PHONE_URL))
    except (Stop, TextingError) as error:
        fix = f"put the service's address into {REMINDER_PHONE_URL}, or set reminders.phone = false"
        return Check("reminders: phone", Health.BROKEN, str(error), fix)
    return Check("reminders: phone", Health.GOOD, "Apprise knows the service; whether it works, a message shows")


def _hook(settings: Settings) -> Check:
    try:
        Hook(settings.publish.hook_url, needed(HOOK_SECRET))
    except (Stop, HookError) as error:
        return Check("hook", grave(settings), str(error), f"{HOOK_SECRET} is what the receiver checks; {_RANDOM}")
    return Check("hook", Health.GOOD, "has an address and a secret")


def _form_posts(settings: Settings) -> Check:
    name = "form posts"
    if not (settings.forms.students or settings.forms.professionals):
        try:
            used = secret(FORM_WEBHOOK_SECRET)
        except SecretError as error:
            return Check(name, Health.BROKEN, str(error), _RANDOM)
        if not used:
            return Check(name, Health.OFF, "no form link and no secret: answers come with the sheets alone")
    said = "links to the forms are set, but posts of the forms are refused"
    return _shared_secret(name, FORM_WEBHOOK_SECRET, said, Health.WARNING)


def _shared_secret(name: str, variable: str, lack: str, health: Health) -> Check:
    try:
        value = secret(variable)
    except SecretError as error:
        return Check(name, Health.BROKEN, str(error), f"{variable}: {_RANDOM}")
    if not value:
        return Check(name, health, f"{variable} is not set: {lack}", _RANDOM)
    if len(value) < SHORTEST_SECRET:
        said = f"{variable} is shorter than {SHORTEST_SECRET} characters: `serve` refuses to start with it"
        return Check(name, Health.BROKEN, said, _RANDOM)
    return Check(name, Health.GOOD, f"{variable} is set")


def _api(settings: Settings) -> Check:
    url = f"{settings.bot.api_url.rstrip('/')}/readyz"
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - settings take https and loopback alone
            ready = answer.status == http.client.OK
    except (OSError, http.client.HTTPException, urllib.error.URLError, ValueError):
        ready = False
    if ready:
        return Check("bot: API", Health.GOOD, f"{settings.bot.api_url} is ready")
    fix = "start `serve` (docs/operate.md has units for it), or correct bot.api_url"
    return Check("bot: API", Health.WARNING, f"nothing is ready at {settings.bot.api_url}", fix)
