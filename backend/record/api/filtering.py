"""Filters of lists; a parameter that does not exist is an error, not silently everything."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import django_filters
from django.core.exceptions import ValidationError as FormError
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

if TYPE_CHECKING:  # the framework loads this file while it loads that one
    from rest_framework.views import APIView

FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
OUT_OF_RANGE = "must lie between the years 2000 and 2200"
PAGING = frozenset({"page", "page_size"})


class KnownFilters(DjangoFilterBackend):  # type: ignore[misc]  # untyped package
    """The view's `filterset_class`, strict about names."""

    def filter_queryset(self, request: Request, queryset: Any, view: APIView) -> Any:
        filters = self.get_filterset_class(view, queryset)
        known = PAGING | set(filters.base_filters if filters else ()) | set(getattr(view, "parameters", ()))
        refuse_unknown(request, known)
        return super().filter_queryset(request, queryset, view)


def refuse_unknown(request: Request, known: frozenset[str] | set[str]) -> None:
    """Raises `ValidationError` for parameters that are not known."""
    strange = sorted(set(request.query_params) - known)
    if strange:
        wanted = ", ".join(sorted(known)) or "none"
        raise ValidationError({name[:80]: f"is no parameter here (known: {wanted})" for name in strange})


def in_range(moment: datetime) -> bool:
    return FIRST <= moment <= LAST


class InstantFilter(django_filters.IsoDateTimeFilter):  # type: ignore[misc]  # untyped package
    """An instant in ISO 8601 with an offset, within a range that every time zone can express."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, validators=[_instant], **given)


def _instant(moment: datetime) -> None:
    if not in_range(moment):
        raise FormError(OUT_OF_RANGE)


class InstantField(serializers.DateTimeField):
    """An instant; one without an offset is refused, since nobody could know which zone it means."""

    default_error_messages = {  # noqa: RUF012 - the framework's own attribute
        "zone": "needs an offset from UTC: 2026-12-01T15:00:00-05:00, or Z for UTC",
        "range": OUT_OF_RANGE,
    }

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.tzinfo is None:
            self.fail("zone")
        if not in_range(value):
            self.fail("range")
        return value.astimezone(UTC)
