"""What the type checker's Django plugin loads; nothing else does."""

from pathlib import Path

from backend.record.django_settings import configuration, database_of
from backend.settings import Settings

MATCHING: Settings
API_RATES: dict[str, str]
FORM_WEBHOOK_SECRET: str
PUBLIC_URL: str

globals().update(configuration(database_of(Path("var"), None), "only for the type checker"))
