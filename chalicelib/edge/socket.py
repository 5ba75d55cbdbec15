"""The socket's part of the OpenAPI document: what clients send and what the server sends.

OpenAPI knows no sockets, so frames stand among the `webhooks`, under whom they go to:

    operators/<name>   events for the team's dashboards
    customers/<name>   events for the widgets of a customer
    answers/<type>     what a connection is told besides
    clients/<action>   what clients send; only these go the other way
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib.edge.frames import ANSWERS, Action, Push
from chalicelib.kit.actors import Operator, Visitor

_AUDIENCES = {Operator: "operators", Visitor: "customers"}


def shapes(actions: Iterable[Action], pushes: Iterable[Push]) -> list[type]:
    """All that the schemas of frames refer to."""
    return [
        *(push.shape for push in pushes),
        *ANSWERS,
        *(action.shape for action in actions),
    ]


def frames(
    actions: Iterable[Action], pushes: Sequence[Push], schema_of: Mapping[int, dict[str, Any]]
) -> dict[str, Any]:
    """Every frame, by whom it goes to and its name."""
    described = {
        f"{_AUDIENCES[actor]}/{name}": _event(name, push, schema_of[id(push.shape)])
        for push in pushes
        for name in push.names
        for actor in push.to
    }
    for answer in ANSWERS:
        name = str(answer.__struct_config__.tag)
        described[f"answers/{name}"] = _frame(answer, schema_of[id(answer)])
    for action in actions:
        schema = {
            "allOf": [
                schema_of[id(action.shape)],
                {"type": "object", "properties": {"action": {"const": action.name}}},
            ]
        }
        described[f"clients/{action.name}"] = _frame(action.shape, schema)
    return {name: described[name] for name in sorted(described)}


def _event(name: str, push: Push, data: dict[str, Any]) -> dict[str, Any]:
    schema = {
        "type": "object",
        "required": ["type", "id", "at", "data"],
        "properties": {
            "type": {"const": name},
            "id": {"type": "string", "description": "`evt_…`; the same may come twice"},
            "at": {"type": "string", "format": "date-time"},
            "data": data,
        },
    }
    return _frame(push.shape, schema)


def _frame(shape: type, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "post": {
            "tags": ["socket"],
            "summary": inspect.cleandoc(shape.__doc__ or "").partition("\n")[0].rstrip("."),
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": schema}},
            },
            "responses": {"200": {"description": "Nobody answers a frame"}},
        }
    }
