"""Google's token endpoint on loopback: verifies the signed request of a service account, hands out bearer tokens."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import google.auth.jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.standins.loopback import Answer, Asked

_AUDIENCE = "https://oauth2.googleapis.com/token"  # what google-auth signs for, whatever the token_uri
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_ACCOUNT = "matcher@project.iam.gserviceaccount.com"
_REFRESH_TOKEN = "a-refresh-token"


@lru_cache(maxsize=1)
def _key_pair() -> tuple[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def service_account_json(token_uri: str = _AUDIENCE) -> str:
    """A service account's key file, made for this run of the tests."""
    return json.dumps(
        {
            "type": "service_account",
            "project_id": "project",
            "private_key_id": "one",
            "private_key": _key_pair()[0],
            "client_email": _ACCOUNT,
            "client_id": "1",
            "token_uri": token_uri,
        }
    )


def authorized_user_json(token_uri: str = _AUDIENCE) -> str:
    """A person's stored consent, as the installed-app flow leaves it."""
    return json.dumps(
        {
            "type": "authorized_user",
            "client_id": "1",
            "client_secret": "s",
            "refresh_token": _REFRESH_TOKEN,
            "token_uri": token_uri,
        }
    )


class TokenDesk:
    """`POST /token`. `claims` are those of every granted signed request, `revoked` makes it refuse all of them.

    `scope`: what a person allows of what is asked ("": all of it). `undelegated`: nobody let the service account act
    for people.
    """

    def __init__(self) -> None:
        self.scope = ""
        self.undelegated = False
        self._codes: dict[str, dict[str, str]] = {}
        self.claims: list[dict[str, Any]] = []
        self.granted: set[str] = set()
        self.revoked = False

    def answer(self, asked: Asked) -> Answer:
        """A bearer token, or 400 invalid_grant."""
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        if self.revoked or not self._entitled(form):
            return Answer(400, {"error": "invalid_grant", "error_description": "Invalid grant."})
        if self.undelegated and "sub" in (self.claims or [{}])[-1]:
            said = "Client is unauthorized to retrieve access tokens using this method"
            return Answer(401, {"error": "unauthorized_client", "error_description": said})
        token = f"token-{len(self.granted) + 1}"
        self.granted.add(token)
        more: dict[str, str] = {}
        if form["grant_type"] == "authorization_code":
            more = {"refresh_token": _REFRESH_TOKEN, "scope": self.scope or self._codes[form["code"]]["scope"]}
        return Answer(200, {"access_token": token, "expires_in": 3599, "token_type": "Bearer", **more})

    def agreed(self, address: str) -> str:
        """Somebody opens the address of the consent page and agrees: where their browser is sent."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self._codes) + 1}"
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'state': asked['state'], 'code': code, 'scope': asked['scope']})}"

    def knows(self, asked: Asked) -> bool:
        """Whether the request carries a token that was handed out here."""
        return asked.headers.get("authorization", "").removeprefix("Bearer ") in self.granted

    def _proven(self, form: dict[str, str]) -> bool:
        """Whoever exchanges the code knows the secret behind the challenge (PKCE)."""
        asked = self._codes.get(form.get("code", ""))
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=")
        same = asked is not None and form.get("redirect_uri") == asked["redirect_uri"]
        return same and asked is not None and proof.decode() == asked["code_challenge"]

    def _entitled(self, form: dict[str, str]) -> bool:
        if form.get("grant_type") == "refresh_token":
            return form.get("refresh_token") == _REFRESH_TOKEN
        if form.get("grant_type") == "authorization_code":
            return self._proven(form)
        if form.get("grant_type") != _GRANT:
            return False
        try:
            claims = google.auth.jwt.decode(form["assertion"], certs=_key_pair()[1], audience=_AUDIENCE)  # type: ignore[no-untyped-call]
        except ValueError:
            return False
        self.claims.append(dict(claims))
        return bool(claims["iss"] == _ACCOUNT)
