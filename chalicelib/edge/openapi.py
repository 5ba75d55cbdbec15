"""The OpenAPI 3.1 document, made from the routes themselves."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from typing import Any

import msgspec

from chalicelib.edge.answers import STATUS, ProblemOut
from chalicelib.edge.http import Api, Route
from chalicelib.kit.actors import Nobody

_REF = "#/components/schemas/{name}"
_CREDENTIALS = {"Operator": "operator", "Visitor": "visitor"}


def document(apis: Iterable[Api], *, version: str, about: str) -> dict[str, Any]:
    """The contract of all routes of `apis`, as JSON-able builtins."""
    routes = [route for api in apis for route in api.routes]
    shapes = {id(shape): shape for route in routes for shape in _shapes(route)}
    shapes[id(ProblemOut)] = ProblemOut
    order = list(shapes.values())
    schemas, components = msgspec.json.schema_components(order, ref_template=_REF)
    schema_of = {id(shape): schema for shape, schema in zip(order, schemas, strict=True)}
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schema_of)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Foyer", "version": version, "description": about},
        "paths": {path: paths[path] for path in sorted(paths)},
        "components": {
            "schemas": {name: components[name] for name in sorted(components)},
            "securitySchemes": {
                name: {"type": "http", "scheme": "bearer", "description": told}
                for name, told in {
                    "operator": "An operator's access token",
                    "visitor": "A visitor's session token",
                }.items()
            },
        },
    }


def _shapes(route: Route) -> list[Any]:
    return [shape for shape in (route.body, route.query, route.answers) if shape is not None]


def _operation(route: Route, schema_of: dict[int, dict[str, Any]]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{route.tag}.{route.view.__name__}",
        "tags": [route.tag],
        "summary": route.summary,
        "description": inspect.cleandoc(route.view.__doc__ or ""),
        "security": _security(route),
        "parameters": _parameters(route),
        "responses": _responses(route, schema_of),
    }
    if route.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema_of[id(route.body)]}},
        }
    return operation


def _security(route: Route) -> list[dict[str, list[str]]]:
    if Nobody in route.by:
        return []
    return [{_CREDENTIALS[kind.__name__]: []} for kind in route.by]


def _parameters(route: Route) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", route.path)
    ]
    if route.query is not None:
        (schema,), components = msgspec.json.schema_components([route.query], ref_template=_REF)
        shape = components[schema["$ref"].rsplit("/", 1)[1]]
        parameters += [
            {
                "name": name,
                "in": "query",
                "required": name in shape.get("required", []),
                "schema": field,
                "description": _described(field),
            }
            for name, field in shape["properties"].items()
        ]
    if route.method in {"PATCH", "DELETE"}:
        parameters.append(
            {
                "name": "If-Match",
                "in": "header",
                "required": False,
                "schema": {"type": "string", "pattern": r'^(W/)?"?\d{1,15}"?$'},
                "description": "The version that the caller saw; 412 if it isn't current.",
            }
        )
    return parameters


def _described(field: dict[str, Any]) -> str:
    found = field.get("description") or next(
        (option["description"] for option in field.get("anyOf", []) if "description" in option), ""
    )
    return str(found)


def _responses(route: Route, schema_of: dict[int, dict[str, Any]]) -> dict[str, Any]:
    done: dict[str, Any] = {"description": "Done"}
    if route.answers is not None:
        done["content"] = {"application/json": {"schema": schema_of[id(route.answers)]}}
    refusal = {
        "content": {"application/problem+json": {"schema": schema_of[id(ProblemOut)]}},
    }
    refusals = {
        str(status): {"description": kind.title, **refusal} for kind, status in STATUS.items()
    }
    return {str(route.status): done, **refusals}
