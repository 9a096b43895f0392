"""`/api/form-submission/` and `/api/forms/professional-availability/`: signed posts of the form scripts."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.record.api.problems import Problem
from backend.record.api.reading import ReadingShape, frame, reading_shape
from backend.record.api.site import matching, now, own_program
from backend.record.models.states import FormKind
from backend.record.services.posts import Received, store_post, take_post
from backend.record.services.responses import Taken
from ingest.issues import Severity

MAX_POST = 256 * 1024
TOLERANCE = timedelta(minutes=5)
STAMP, SIGNATURE = "X-Form-Timestamp", "X-Form-Signature"


class PostInput(serializers.Serializer[Any]):
    """What the form script sends."""

    response_id = serializers.CharField(max_length=200, help_text="The form's own id of the response.")
    timestamp = serializers.CharField(help_text="When it was submitted, ISO 8601.")
    respondent_email = serializers.CharField(required=False, allow_blank=True)
    responses = serializers.DictField(help_text="Question title to answer; a list for check boxes.")


class UnderstoodShape(serializers.Serializer[Any]):
    """What was understood. `state`: current, held (staff look), rejected, superseded, refused (no answer at all)."""

    id = serializers.CharField(allow_null=True)
    state = serializers.CharField()
    reason = serializers.CharField(help_text="Why it does not count, or ''.")
    replay = serializers.BooleanField(help_text="It was there already; nothing changed.")
    revision = serializers.IntegerField(allow_null=True)
    understood = ReadingShape(many=True)
    remarks = serializers.ListField(child=serializers.CharField(), help_text="Doubts about single answers.")


class FormPosts(APIView):
    """Posts of one form."""

    form: ClassVar[FormKind]
    authentication_classes = ()
    permission_classes = ()
    rate = "form"
    also = (503,)

    @extend_schema(
        request=PostInput,
        responses={200: UnderstoodShape, 202: UnderstoodShape},
        parameters=[
            OpenApiParameter(STAMP, str, OpenApiParameter.HEADER, description="Unix seconds when it was signed."),
            OpenApiParameter(
                SIGNATURE,
                str,
                OpenApiParameter.HEADER,
                description="sha256= and the HMAC-SHA256 of the time stamp, a full stop and the body, in hex.",
            ),
        ],
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Take one answer. 202: stored and read; 200: it was there already."""
        body = _signed_body(request)
        present = now()
        stored = store_post(own_program(), self.form, body, present)
        received = take_post(stored, frame(), present, verified_email=matching().forms.verified_email)
        return Response(_understood(received), 200 if received.replay else 202)


class StudentPosts(FormPosts):
    """Of the students' form."""

    form = FormKind.STUDENTS


class ProfessionalPosts(FormPosts):
    """Of the professionals' form."""

    form = FormKind.PROFESSIONALS


def sign(secret: str, stamp: str, body: bytes) -> str:
    """What `X-Form-Signature` must be."""
    return "sha256=" + hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _signed_body(request: Request) -> bytes:
    """The bytes, once their signature is right and fresh. Raises `Problem`; what is forged is not stored."""
    secret: str = settings.FORM_WEBHOOK_SECRET
    if not secret:
        raise Problem(503, "not-configured", "This server has no FORM_WEBHOOK_SECRET, so it takes no form posts.")
    body: bytes = request._request.read(MAX_POST + 1)
    if len(body) > MAX_POST:
        raise Problem(413, "too-large", f"The post is larger than {MAX_POST // 1024} KiB.")
    stamp, signature = request.headers.get(STAMP, ""), request.headers.get(SIGNATURE, "")
    given = signature.encode("utf-8", "replace")
    if not hmac.compare_digest(sign(secret, stamp, body).encode(), given):
        raise Problem(401, "forged", f"{SIGNATURE} does not fit the body and {STAMP}.", _CHALLENGE)
    if not stamp.isascii() or not stamp.isdecimal() or len(stamp) > 12:
        raise Problem(401, "forged", f"{STAMP} is not in Unix seconds.", _CHALLENGE)
    if abs(now().timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        raise Problem(401, "stale", "Signed more than five minutes ago or ahead: sign each try anew.", _CHALLENGE)
    return body


_CHALLENGE = {"WWW-Authenticate": "Form-Signature"}


def _understood(received: Received) -> dict[str, Any]:
    post = received.post
    if received.taken is not None:
        return {**understood(received.taken), "replay": received.replay}
    reason = f"The post {post.reason}." if post.reason else ""
    nothing: dict[str, Any] = {"id": None, "revision": None, "understood": [], "remarks": []}
    return {**nothing, "state": post.state, "reason": reason, "replay": received.replay}


def understood(taken: Taken) -> dict[str, Any]:
    """What was understood of an answer; see `UnderstoodShape`."""
    row, answer = taken.response, taken.answer
    doubts = [issue for issue in answer.issues if issue.severity is not Severity.NOTE] if answer else []
    return {
        "id": row.public_id,
        "state": row.state,
        "reason": row.reason,
        "replay": taken.replay,
        "revision": row.revision,
        "understood": [reading_shape(one.column, one.text, one.result) for one in row.readings.order_by("pk")],
        "remarks": [f"{issue.column}: {issue.reason}" for issue in doubts],
    }
