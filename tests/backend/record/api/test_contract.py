"""The OpenAPI document is what the server does: no answer that it does not name, and none that is a fault."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from backend.record.models import Membership, ProfessionalAvailability
from tests.backend.record.api.callers import World, soon
from tests.backend.record.api.planned import people_of, sample_night, stored_run

EXAMPLES = 5
CHECKS = (
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


def document() -> dict[str, Any]:
    generator: Any = SchemaGenerator()  # type: ignore[no-untyped-call]
    found: dict[str, Any] = generator.get_schema(request=None, public=True)
    return found


def test_the_document_is_valid_openapi() -> None:
    found = document()
    check: Callable[[Any], None] = validate_schema
    check(found)
    assert {"/api/scheduled-sessions/", "/api/me/", "/api/form-submission/"} <= set(found["paths"])


def test_every_operation_says_what_it_does_and_how_it_refuses() -> None:
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            assert operation.get("description"), (method, path)
            assert {"400", "401", "404", "429"} <= set(operation["responses"]), (method, path)


def test_schema_and_docs_are_served(small_world: World) -> None:
    client = Client(SERVER_NAME="localhost")
    assert json.loads(client.get("/api/schema/?format=json").content)["info"]["title"] == "Matching"
    assert b"swagger" in client.get("/api/docs/").content
    assert client.get("/api/nothing/here").json()["type"] == "urn:matching:problem:not-found"


def test_the_root_says_where_everything_is(small_world: World) -> None:
    told = Client(SERVER_NAME="localhost").get("/api/").json()
    known = {path.removeprefix("/api/").split("/")[0] for path in document()["paths"]}
    assert set(told["resources"]) <= known
    for place in told["resources"].values():
        assert world_answer(small_world, place) in (200, 400, 405)
    assert Client(SERVER_NAME="localhost").get("/")["Location"] == "/admin/"


def world_answer(world: World, place: str) -> int:
    code: int = world.as_["write"].get(place.removeprefix("http://localhost")).status_code
    return code


@pytest.mark.parametrize("role", ["write", "ana", "pat", "anonymous"])
def test_no_request_gets_an_answer_that_the_document_does_not_name(small_world: World, role: str) -> None:
    """Bounded: some requests for each operation, as each kind of caller, valid and not."""
    assert _held_to_the_document(small_world, role) == documented()


def test_nor_on_either_database(world: World) -> None:
    assert _held_to_the_document(world, "bot-owner") == documented()


def documented() -> set[tuple[str, str]]:
    """Method and path of every operation."""
    return {(method.upper(), path) for path, operations in document()["paths"].items() for method in operations}


def _held_to_the_document(world: World, role: str) -> set[tuple[str, str]]:
    """Method and path of the operations that were asked; fails at the first answer that the document does not name."""
    night = sample_night()
    stored_run(night, world.program)
    people_of(night, world.program)
    offer = ProfessionalAvailability.objects.create(
        membership=Membership.objects.get(person=world.pat, role="professional"),
        valid_from=soon().date(), valid_until=soon().date(), zone="UTC",
    )  # fmt: skip
    known: dict[str, Any] = {
        "scheduled-sessions": world.past, "review-requests": world.waiting, "students": world.ben,
        "professionals": world.pat, "professional-availability": offer,
    }  # fmt: skip
    ids = {place: row.public_id for place, row in known.items()}
    schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", get_wsgi_application())
    asked = set()
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # the document is valid, as another test says
        _ask(operation, world.as_[role].headers, ids.get(operation.path.split("/")[2], ""))
        asked.add((operation.method.upper(), operation.path))
    return asked


def _ask(operation: Any, headers: dict[str, str], known_id: str) -> None:
    """Random bodies, parameters and headers; where it can be, on a row that exists."""

    @bounds(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=[*HealthCheck])
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        for name in ("X-Discord-Member", "X-Discord-Roles"):
            case.headers.pop(name, None)
        if known_id and "id" in case.path_parameters:
            case.path_parameters["id"] = known_id
            case.headers["If-Match"] = "*"
        case.call_and_validate(headers=headers, checks=[*CHECKS])

    ask()
