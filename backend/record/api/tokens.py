"""`/api/me/feed/`, `/api/me/form-links/`, `/api/me/keys/`: addresses and tokens of one's own."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.record.actor import Actor
from backend.record.api.caller import MEMBERS
from backend.record.api.feed import feed_address
from backend.record.api.filtering import refuse_unknown
from backend.record.api.inputs import Input, Nothing, taken
from backend.record.api.me import HELD, Personal
from backend.record.api.problems import Problem
from backend.record.api.site import matching, now
from backend.record.models import ApiKey
from backend.record.models.states import Scope
from backend.record.services.keys import close_feed, create_key, open_feed, prefix_of, revoke_key
from backend.record.services.tokens import form_token


class FeedShape(serializers.Serializer[Any]):
    """Shown once: only a hash is kept."""

    url = serializers.CharField(help_text="To subscribe to in a calendar. Whoever has it sees my sessions.")


class LinksShape(serializers.Serializer[Any]):
    """The forms with my token filled in; null where the program has set no link."""

    students = serializers.CharField(allow_null=True)
    professionals = serializers.CharField(allow_null=True)
    proves_discord_id = serializers.BooleanField(help_text="The answer will count as mine without asking back.")


class KeyInput(Input):
    """A key for an app of mine."""

    label = serializers.CharField(max_length=80, allow_blank=True, default="")  # type: ignore[assignment]  # the stubs


class KeyShape(serializers.Serializer[Any]):
    """A key of mine. `token` is there only once, when it is made."""

    id = serializers.CharField()
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # the stubs: the field's own label
    prefix = serializers.CharField(help_text="How its token begins.")
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    token = serializers.CharField(allow_null=True)


class KeysShape(serializers.Serializer[Any]):
    """My open keys."""

    results = KeyShape(many=True)


class MyFeed(Personal):
    """My calendar."""

    who: ClassVar = {"post": HELD, "delete": HELD}

    @extend_schema(request=Nothing, responses={201: FeedShape})
    def post(self, request: Request) -> Response:
        """A new address of my calendar feed; the one before opens nothing any more."""
        taken(Nothing, request)
        token = open_feed(self.person, self.caller.actor, now())
        return Response({"url": feed_address(request._request, token)}, 201)

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:  # noqa: ARG002 - the framework's signature
        """Take the feed back."""
        close_feed(self.person, self.caller.actor, now())
        return Response(status=204)


class MyLinks(Personal):
    """The forms."""

    who: ClassVar = {"get": MEMBERS}

    @extend_schema(responses=LinksShape)
    def get(self, request: Request) -> Response:
        """The forms' links; through the bot with a signed token that proves the Discord member."""
        refuse_unknown(request, set())
        known = self.caller.discord_id
        token = form_token(self.caller.program, known) if known else ""
        forms = matching().forms
        links = {
            name: template.replace("{token}", token) if template else None
            for name, template in (("students", forms.students), ("professionals", forms.professionals))
        }
        return Response({**links, "proves_discord_id": bool(known)})


class MyKeys(Personal):
    """Keys for apps of mine."""

    who: ClassVar = {"get": HELD, "post": HELD}

    @extend_schema(responses=KeysShape)
    def get(self, request: Request) -> Response:
        """My open keys, without their tokens."""
        refuse_unknown(request, set())
        keys = ApiKey.objects.filter(person=self.person, program=self.caller.program, revoked_at__isnull=True)
        return Response(KeysShape({"results": [_shown(one) for one in keys]}).data)

    @extend_schema(request=KeyInput, responses={201: KeyShape})
    def post(self, request: Request) -> Response:
        """A new key of scope self. Its token is shown now and never again."""
        label = taken(KeyInput, request)["label"]
        person = self.person
        actor = Actor.participant(person, self.caller.actor.channel)
        key, token = create_key(Scope.SELF, actor, now(), program=self.caller.program, person=person, label=label)
        return Response(KeyShape(_shown(key, token)).data, 201)


class MyKey(Personal):
    """One of them."""

    who: ClassVar = {"delete": HELD}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, key: str) -> Response:  # noqa: ARG002 - the framework's signature
        """Revoke it."""
        person = self.person
        row = ApiKey.objects.filter(person=person, public_id=key).first()
        if row is None:
            raise Problem(404, "not-found", "You have no such key.")
        revoke_key(row, Actor.participant(person, self.caller.actor.channel), now())
        return Response(status=204)


def _shown(key: ApiKey, token: str | None = None) -> dict[str, Any]:
    return {
        "id": key.public_id,
        "label": key.label,
        "prefix": prefix_of(key),
        "created_at": key.created_at,
        "last_used_at": key.last_used_at,
        "token": token,
    }
