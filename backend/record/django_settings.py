"""Django's settings, built from what is handed in: nothing is read at import."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from backend.record.admin.theme import UNFOLD
from backend.record.api.configuration import API_RATES, REST_FRAMEWORK, SPECTACULAR_SETTINGS
from backend.settings import Settings

YEAR = 365 * 24 * 3600
WORKING_DAY = 10 * 3600
POSTGRESQL = ("postgres", "postgresql")
CONNECT_SECONDS = 10
SQLITE_FILE = "record.sqlite3"
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class DatabaseUrlError(ValueError):
    """DATABASE_URL cannot be used. The message never holds the URL, which may hold a password."""


def database_of(state_dir: Path, url: str | None) -> dict[str, Any]:
    """The database of `url` (postgresql://user:password@host:port/name), or SQLite in `state_dir` without one.

    A socket's folder goes into `?host=`; other parameters (`sslmode`) are passed on. Raises `DatabaseUrlError`.
    """
    if not url:
        return _sqlite(state_dir / SQLITE_FILE)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise DatabaseUrlError("DATABASE_URL is not a URL") from None
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in POSTGRESQL or not name:
        raise DatabaseUrlError("DATABASE_URL must read postgresql://user:password@host:port/name")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(port or options.pop("port", "")),
        "OPTIONS": {"connect_timeout": CONNECT_SECONDS, **options},
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path.absolute()),  # another folder may be current when the next connection is opened
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"},
    }


def configuration(
    database: Mapping[str, Any],
    secret_key: str,
    public_url: str = "",
    *,
    matching: Settings | None = None,
    form_secret: str = "",
) -> dict[str, Any]:
    """All settings. With an https `public_url` the site is guarded for the open web; without one it is for loopback.

    `matching`: the program's settings, for the API. `form_secret`: what signs form posts; "" takes none.
    """
    host = urlsplit(public_url).hostname
    return {
        "DEBUG": False,
        "SECRET_KEY": secret_key,
        "ALLOWED_HOSTS": [host, *LOOPBACK] if host else list(LOOPBACK),
        "DATABASES": {"default": dict(database)},
        "INSTALLED_APPS": list(APPS),
        "MIDDLEWARE": list(MIDDLEWARE),
        "TEMPLATES": TEMPLATES,
        "ROOT_URLCONF": "backend.record.urls",
        "AUTH_PASSWORD_VALIDATORS": PASSWORD_RULES,
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "LANGUAGE_CODE": "en-us",
        "TIME_ZONE": "UTC",
        "USE_TZ": True,
        "STATIC_URL": "/static/",
        "WHITENOISE_USE_FINDERS": True,  # straight from the packages: there is no step that collects files
        "WHITENOISE_AUTOREFRESH": False,
        "LOGGING_CONFIG": None,  # logging is set up by backend.nightly.logs
        "REST_FRAMEWORK": REST_FRAMEWORK,
        "SPECTACULAR_SETTINGS": SPECTACULAR_SETTINGS,
        "UNFOLD": UNFOLD,
        "SESSION_COOKIE_AGE": WORKING_DAY,
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "MESSAGE_STORAGE": "django.contrib.messages.storage.session.SessionStorage",  # what happened stays off cookies
        "API_RATES": API_RATES,
        "MATCHING": matching or Settings(),
        "FORM_WEBHOOK_SECRET": form_secret,
        "PUBLIC_URL": public_url,
        **_guards(public_url),
    }


def _guards(public_url: str) -> dict[str, Any]:
    secure = public_url.startswith("https://")
    return {
        "SECURE_SSL_REDIRECT": secure,
        "SECURE_HSTS_SECONDS": YEAR if secure else 0,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": secure,
        "SECURE_HSTS_PRELOAD": secure,
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if secure else None,
        "SESSION_COOKIE_SECURE": secure,
        "CSRF_COOKIE_SECURE": secure,
        "CSRF_TRUSTED_ORIGINS": [public_url.rstrip("/")] if secure else [],
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
    }


APPS = (
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "backend.record",
)
MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
PASSWORD_RULES = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
