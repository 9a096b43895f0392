"""Google's own discovery documents as JSON Schema: what our stand-ins accept and answer is what Google describes.

The documents come with google-api-python-client. Objects take no property that is not described; a property that a
method's annotations require is required in its requests. Nothing here knows how a service behaves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import googleapiclient
from jsonschema import Draft202012Validator

_DOCUMENTS = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
_FORMATS: dict[str, dict[str, Any]] = {
    "date": {"pattern": r"^\d{4}-\d{2}-\d{2}$"},
    "date-time": {"pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?$"},
    "google-datetime": {"pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$"},
    "int32": {"minimum": -(2**31), "maximum": 2**31 - 1},
    "uint32": {"minimum": 0, "maximum": 2**32 - 1},
    "int64": {"pattern": r"^-?\d+$"},
    "uint64": {"pattern": r"^\d+$"},
}


class SchemaViolationError(AssertionError):
    """A request or a response that the vendor's description does not allow; the message names method and place."""


@dataclass(frozen=True)
class Call:
    """A described method as found by its address: `method` is its discovery id, `path` the decoded path parameters."""

    method: str
    path: Mapping[str, str]


class DiscoveryApi:
    """One API of Google's discovery documents, for example `DiscoveryApi("calendar", "v3")`."""

    def __init__(self, name: str, version: str) -> None:
        text = (_DOCUMENTS / f"{name}.{version}.json").read_text(encoding="utf-8")
        self._document: dict[str, Any] = json.loads(text)
        self._validators: dict[tuple[str, str], Draft202012Validator] = {}

    @cached_property
    def _methods(self) -> dict[str, dict[str, Any]]:
        return {method["id"]: method for method in _methods_of(self._document)}

    @cached_property
    def _routes(self) -> list[tuple[str, re.Pattern[str], str]]:
        """HTTP method, pattern and method id, the most literal template first (`{range}:append` before `{range}`)."""
        found = []
        for method_id, method in self._methods.items():
            template = "/" + self._document["servicePath"] + method.get("flatPath", method["path"])
            pieces = re.split(r"\{\+?(\w+)\}", template)
            pattern = "".join(re.escape(p) if i % 2 == 0 else f"(?P<{p}>[^/]+)" for i, p in enumerate(pieces))
            literal = sum(len(piece) for piece in pieces[::2])
            found.append((-literal, method["httpMethod"], re.compile(pattern + "$"), method_id))
        found.sort(key=lambda route: (route[0], route[3]))
        return [route[1:] for route in found]

    def call(self, http_method: str, raw_path: str) -> Call | None:
        """Which described method a still percent-encoded path (no query) means, or None."""
        for verb, pattern, method_id in self._routes:
            match = pattern.match(raw_path)
            if verb == http_method and match:
                return Call(method_id, {name: unquote(value) for name, value in match.groupdict().items()})
        return None

    def check_request(self, method_id: str, query: Mapping[str, Sequence[str]], body: object | None) -> None:
        """Query as from `parse_qs`, body as parsed JSON (None = no body). Nulls in a body mean "not given".

        Raises `SchemaViolationError`.
        """
        method = self._methods[method_id]
        self._check_query(method, query)
        if "request" not in method:
            if body is not None:
                raise SchemaViolationError(f"{method_id}: a body where none is described")
            return
        if body is None:
            raise SchemaViolationError(f"{method_id}: no body")
        self._check(method_id, "request", without_nulls(body))

    def check_response(self, method_id: str, body: object | None) -> None:
        """A successful response's parsed JSON (None = empty). Raises `SchemaViolationError`."""
        if "response" in self._methods[method_id]:
            self._check(method_id, "response", body)
        elif body is not None:
            raise SchemaViolationError(f"{method_id}: a response body where none is described")

    def _check(self, method_id: str, direction: str, value: object) -> None:
        key = (method_id, direction)
        if key not in self._validators:
            root = self._methods[method_id][direction]["$ref"]
            demands = method_id if direction == "request" else ""
            schemas = {name: _schema(schema, demands) for name, schema in self._document["schemas"].items()}
            self._validators[key] = Draft202012Validator({"$defs": schemas, "$ref": f"#/$defs/{root}"})
        errors = sorted(self._validators[key].iter_errors(value), key=lambda error: error.json_path)
        if errors:
            raise SchemaViolationError(f"{method_id} {direction}: {errors[0].json_path}: {errors[0].message}")

    def _check_query(self, method: dict[str, Any], query: Mapping[str, Sequence[str]]) -> None:
        described = {**self._document.get("parameters", {}), **method.get("parameters", {})}
        for name, values in query.items():
            parameter = described.get(name)
            if parameter is None or parameter["location"] != "query":
                raise SchemaViolationError(f"{method['id']}: unknown query parameter {name}")
            if len(values) > 1 and not parameter.get("repeated"):
                raise SchemaViolationError(f"{method['id']}: {name} given {len(values)} times")
            for value in values:
                _check_parameter(f"{method['id']}: {name}", parameter, value)
        for name, parameter in described.items():
            if parameter.get("required") and parameter["location"] == "query" and name not in query:
                raise SchemaViolationError(f"{method['id']}: {name} is required")


def without_nulls(value: object) -> object:
    """The value without object members that are null: gspread sends some, and Google reads them as not given."""
    if isinstance(value, dict):
        return {key: without_nulls(member) for key, member in value.items() if member is not None}
    return [without_nulls(member) for member in value] if isinstance(value, list) else value


def _methods_of(node: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from node.get("methods", {}).values()
    for resource in node.get("resources", {}).values():
        yield from _methods_of(resource)


def _check_parameter(where: str, parameter: Mapping[str, Any], text: str) -> None:
    value: object = text
    if parameter["type"] == "boolean" and text in {"true", "false"}:
        value = text == "true"
    elif parameter["type"] == "integer" and re.fullmatch(r"-?\d+", text):
        value = int(text)
    errors = list(Draft202012Validator(_schema(parameter, "")).iter_errors(value))
    if errors:
        raise SchemaViolationError(f"{where}: {errors[0].message}")


def _schema(described: Mapping[str, Any], demands: str) -> dict[str, Any]:
    """One discovery schema as JSON Schema; properties that the method `demands` must be there."""
    if "$ref" in described:
        return {"$ref": f"#/$defs/{described['$ref']}"}
    kind = described.get("type", "any")
    if kind == "any":
        return {}
    schema: dict[str, Any] = {"type": kind, **_FORMATS.get(described.get("format", ""), {})}
    schema |= {word: described[word] for word in ("enum", "pattern") if word in described}
    schema |= {word: float(described[word]) for word in ("minimum", "maximum") if word in described}
    if kind == "array":
        schema["items"] = _schema(described["items"], demands)
    elif kind == "object":
        properties = described.get("properties", {})
        schema["properties"] = {name: _schema(value, demands) for name, value in properties.items()}
        extra = described.get("additionalProperties")
        schema["additionalProperties"] = False if extra is None else _schema(extra, demands)
        schema["required"] = sorted(
            name for name, value in properties.items() if demands in value.get("annotations", {}).get("required", ())
        )
    return schema
