"""What all resources share: who may act, how rows are shown, and how changes are guarded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar, cast

from django.db import transaction
from django.db.models import Model, QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from backend.record.api.caller import Caller
from backend.record.api.etags import etag_of, refuse_unseen, tagged
from backend.record.api.idempotency import once
from backend.record.models.ids import LENGTH, LETTERS
from backend.record.models.states import ActorKind

Row = TypeVar("Row", bound=Model)


class Resource(GenericViewSet[Row]):
    """A kind of row. `who`: action -> kinds of callers; `get_queryset`: the rows this caller reaches."""

    who: ClassVar[Mapping[str, frozenset[ActorKind]]] = {}
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_regex = f"[{LETTERS}]{{{LENGTH}}}"

    @property
    def caller(self) -> Caller:
        return cast(Caller, self.request.user)

    def rows(self) -> QuerySet[Row]:
        """The rows of the caller's program that this caller reaches, with what showing them needs."""
        raise TypeError(f"{type(self).__name__} says nothing about its rows")

    def get_queryset(self) -> QuerySet[Row]:
        if getattr(self, "swagger_fake_view", False) or not isinstance(self.request.user, Caller):
            return super().get_queryset().none()
        return self.rows()

    def shown(self, row: Row) -> Any:
        """The row as this caller sees it."""
        kind = cast(type[serializers.BaseSerializer[Row]], self.serializer_class)
        return kind(row, context=self.get_serializer_context()).data

    def list(self, _request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([self.shown(row) for row in page or ()])

    def retrieve(self, request: Request, **_path: str) -> Response:
        return tagged(request, self.shown(self.get_object()))

    def make(self, act: Callable[[], Row]) -> Response:
        """201 with the new row, once for an Idempotency-Key."""
        return once(self.request, lambda: self._answer(act(), 201))

    def change(self, act: Callable[[Row], Row], *, seen: bool = True, code: int = 200) -> Response:
        """Change the row of the URL; `seen`: only with If-Match (without it, If-Match counts when it is sent)."""
        with transaction.atomic():
            row = self._held()
            refuse_unseen(self.request, self.shown(row), needed=seen)
            return self._answer(act(row), code)

    def act(self, act: Callable[[Row], Row]) -> Response:
        """As `change`, for a POST below the row."""
        return once(self.request, lambda: self.change(act, seen=False))

    def remove(self, act: Callable[[Row], object]) -> Response:
        """204."""
        with transaction.atomic():
            row = self._held()
            refuse_unseen(self.request, self.shown(row))
            act(row)
        return Response(status=204)

    def _held(self) -> Row:
        """The row of the URL, locked before it is read."""
        found = self.get_object()
        type(found)._default_manager.select_for_update().get(pk=found.pk)
        return self.get_object()

    def _answer(self, row: Row, code: int) -> Response:
        fresh = self.rows().get(pk=row.pk)
        data = self.shown(fresh)
        return Response(data, code, headers={"ETag": etag_of(data)})
