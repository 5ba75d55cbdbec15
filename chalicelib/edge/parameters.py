"""A route's parameters in the OpenAPI document: path, query, headers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from chalicelib.edge.http import Route
from chalicelib.edge.idempotency import KEY_LIMIT
from chalicelib.kit.actors import Nobody

_ULID = "01J8Z3N5V6Q7R8S9T0A1B2C3D4"
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": r'^(W/)?("\d{1,15}"|\d{1,15})$'},
    "example": '"3"',
    "description": "The `version` that the caller saw; 412 if it isn't current.",
}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_LIMIT},
    "description": "The same key and request get the first answer again, for 24 hours.",
}


def of(route: Route, ids: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """All parameters of a route, as OpenAPI has them. `ids`: collection → how its ids begin."""
    parameters = [_path(route, name, ids) for name in re.findall(r"\{(\w+)\}", route.path)]
    if route.query is not None:
        parameters += _query(route.query)
    if honours_if_match(route):
        parameters.append(_IF_MATCH)
    if route.method != "GET" and Nobody not in route.by:
        parameters.append(_IDEMPOTENCY_KEY)
    return parameters


def has_any(route: Route) -> bool:
    """Whether the route reads anything of its path, query or headers."""
    keyed = route.method != "GET" and Nobody not in route.by
    return "{" in route.path or route.query is not None or honours_if_match(route) or keyed


def honours_if_match(route: Route) -> bool:
    """Whether the route changes something that is there and has a version."""
    if route.method != "POST":
        return route.method in ("PATCH", "DELETE")
    versioned = "version" in getattr(route.shape, "__struct_fields__", ())
    is_named = re.search(r"/\{id\}/\w+$", route.path) is not None
    return route.status in (200, 204) and (versioned or is_named)


def _path(route: Route, name: str, ids: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    if name == "token":
        schema, example = {"type": "string", "pattern": r"^[A-Za-z0-9_-]{43}$"}, "x" * 43
    else:
        collection = route.path.partition("/{" + name + "}")[0].rpartition("/")[2]
        prefixes = ids[collection]
        pattern = f"^({'|'.join(prefixes)})_[0-7][0-9A-HJKMNP-TV-Z]{{25}}$"
        schema, example = {"type": "string", "pattern": pattern}, f"{prefixes[0]}_{_ULID}"
    return {"name": name, "in": "path", "required": True, "schema": schema, "example": example}


def _query(shape: type) -> list[dict[str, Any]]:
    (schema,), components = msgspec.json.schema_components([shape], ref_template="{name}")
    fields = components[schema["$ref"]]
    return [
        _query_parameter(name, field, required=name in fields.get("required", []))
        for name, field in fields["properties"].items()
    ]


def _query_parameter(name: str, field: dict[str, Any], *, required: bool) -> dict[str, Any]:
    """Without null, which a query can't say: it leaves the parameter out."""
    options = [option for option in field.get("anyOf", []) if option != {"type": "null"}]
    schema = dict(options[0] if len(options) == 1 else field)
    if schema.get("default", ...) is None:
        del schema["default"]
    description = {"description": schema.pop("description")} if "description" in schema else {}
    return {"name": name, "in": "query", "required": required, "schema": schema, **description}
