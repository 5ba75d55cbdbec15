"""The OpenAPI 3.1 document, made from the routes themselves.

What a route declares says which refusals it can give, so that a client need not handle others:

    400            it takes a body
    401            it needs a credential, or trades one (public, with a body)
    403            there is a grant that is missing, or another kind of credential
    404            its path or its body may name something that isn't there
    409 413 415    it changes something
    422            there is a body, a path, a query or a header to read
    412            it changes something that has a `version`
    429            it takes secrets, which may be guessed
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from chalicelib.edge import parameters, socket
from chalicelib.edge.answers import STATUS, ProblemOut
from chalicelib.edge.frames import Action, Push
from chalicelib.edge.http import Api, Route
from chalicelib.kit.actors import Nobody, Visitor

_REF = "#/components/schemas/{name}"
_CREDENTIALS = {"Operator": "operator", "Visitor": "visitor"}
_PAGE_OF = re.compile(r"Page_(\w+?)(?:Out)?_")
_TITLES = {status: kind.title for kind, status in STATUS.items()}


def document(
    apis: Iterable[Api],
    actions: Iterable[Action],
    pushes: Sequence[Push],
    ids: Mapping[str, Sequence[str]],
    *,
    version: str,
    about: str,
) -> dict[str, Any]:
    """The contract of all routes of `apis` and of the socket, as JSON-able builtins.

    `ids`: collection in a path → how its ids begin.
    """
    routes = [route for api in apis for route in api.routes]
    shapes = {id(shape): shape for route in routes for shape in _shapes(route)}
    framed = (*socket.shapes(actions, pushes), ProblemOut)
    shapes |= {id(shape): shape for shape in framed}
    order = list(shapes.values())
    schemas, components = msgspec.json.schema_components(order, ref_template=_REF)
    for name, component in components.items():
        _polish(component, whole=name != ProblemOut.__name__)
    schema_of = {id(shape): schema for shape, schema in zip(order, schemas, strict=True)}
    for schema in schemas:
        _polish(schema, whole=True)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schema_of, ids)
    queries = {route.query.__name__ for route in routes if route.query is not None}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Foyer", "version": version, "description": about},
        "servers": [{"url": "/"}],
        "paths": {path: paths[path] for path in sorted(paths)},
        "webhooks": socket.frames(actions, pushes, schema_of),
        "components": {
            "schemas": {
                _plain(name): components[name] for name in sorted(components.keys() - queries)
            },
            "securitySchemes": {
                name: {"type": "http", "scheme": "bearer", "description": description}
                for name, description in {
                    "operator": "An operator's access token",
                    "visitor": "A visitor's session token",
                }.items()
            },
        },
    }


def _shapes(route: Route) -> list[Any]:
    return [shape for shape in (route.body, route.query, route.shape) if shape is not None]


def _operation(
    route: Route, schema_of: dict[int, dict[str, Any]], ids: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{route.tag}.{route.view.__name__}",
        "tags": [route.tag],
        "summary": route.summary.rstrip("."),
        "description": _description(route),
        "security": _security(route),
        "parameters": parameters.of(route, ids),
        "responses": _responses(route, schema_of),
    }
    if route.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema_of[id(route.body)]}},
        }
    return operation


def _description(route: Route) -> str:
    text = inspect.cleandoc(route.view.__doc__ or "")
    if route.needs is None:
        return text
    return f"{text}\n\nNeeds the grant `{route.needs}`: {route.needs.sentence}."


def _security(route: Route) -> list[dict[str, list[str]]]:
    """Alternatives, with the grant that each needs; the empty one: no credential is needed."""
    kinds = [kind for kind in route.by if kind is not Nobody]
    needed = [route.needs.value] if route.needs else []
    alternatives: list[dict[str, list[str]]] = [
        {_CREDENTIALS[kind.__name__]: [] if kind is Visitor else needed} for kind in kinds
    ]
    return [{}, *alternatives] if kinds and Nobody in route.by else alternatives


def _responses(route: Route, schema_of: dict[int, dict[str, Any]]) -> dict[str, Any]:
    done: dict[str, Any] = {"description": "Done"}
    if route.shape is not None:
        done["content"] = {"application/json": {"schema": schema_of[id(route.shape)]}}
    refusal = {"content": {"application/problem+json": {"schema": schema_of[id(ProblemOut)]}}}
    refusals = {
        str(status): {"description": _TITLES[status], **refusal}
        for status in sorted(_refusals(route))
    }
    return {str(route.status): done, **refusals}


def _refusals(route: Route) -> set[int]:
    public, changes = route.by == (Nobody,), route.method != "GET"
    possible = {
        400: route.body is not None,
        401: not public or route.body is not None,
        403: not public or route.body is not None,
        404: "{" in route.path or route.body is not None,
        409: changes,
        412: parameters.honours_if_match(route),
        413: changes,
        415: changes,
        422: parameters.has_any(route) or route.body is not None,
        429: True,
        503: True,
    }
    return {status for status, is_possible in possible.items() if is_possible}


def _polish(schema: Any, *, whole: bool) -> None:
    """Say what msgspec's schema leaves out, in place.

    Answers carry all their fields, defaults included (`whole`), so clients needn't ask whether one
    is there; and an object without known fields may hold any.
    """
    if isinstance(schema, list):
        for each in schema:
            _polish(each, whole=whole)
    if not isinstance(schema, dict):
        return
    if isinstance(schema.get("description"), str):
        schema["description"] = inspect.cleandoc(schema["description"])
    if schema.get("type") == "object":
        if "properties" not in schema:
            schema.setdefault("additionalProperties", True)
        elif whole and schema.get("additionalProperties") is not False:
            schema["required"] = list(schema["properties"])
            for each in schema["properties"].values():
                each.pop("default", None)
    if "$ref" in schema:
        head, _, name = schema["$ref"].rpartition("/")
        schema["$ref"] = f"{head}/{_plain(name)}"
    for each in schema.values():
        _polish(each, whole=whole)


def _plain(name: str) -> str:
    """`ContactPage` for msgspec's `Page_ContactOut_`."""
    of = _PAGE_OF.fullmatch(name)
    return f"{of[1]}Page" if of else name
