"""The signed token in a prefilled form link: proof that the answer comes from a Discord member."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing

from backend.record.models import Program

LASTS = timedelta(days=30)
_SALT = "form-link"


def form_token(program: Program, discord_id: str) -> str:
    """To be filled into the form's question "Verification Code"."""
    return signing.dumps([program.key, discord_id], salt=_SALT)


def proven_discord_id(program: Program, token: str) -> str:
    """Whose token it is; "" for none, a forged, an old or another program's."""
    try:
        key, discord_id = signing.loads(token.strip(), salt=_SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(discord_id) if key == program.key else ""
