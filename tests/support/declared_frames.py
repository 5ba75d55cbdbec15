"""Holds every frame that is sent in a test to what `wiring.PUSHES` declares."""

from __future__ import annotations

from typing import Any, Union

import msgspec

from chalicelib.edge.frames import ANSWERS
from chalicelib.kit.actors import Operator, Visitor
from chalicelib.wiring import PUSHES

AUDIENCES: dict[type, str] = {Operator: "operators", Visitor: "customers"}
SHAPES: dict[tuple[str, str], Any] = {
    (AUDIENCES[actor], name): push.shape
    for push in PUSHES
    for name in push.names
    for actor in push.to
}
_ENVELOPE = {"type", "id", "at", "data"}
_ANSWER: Any = Union[ANSWERS]  # noqa: UP007  # of a tuple


def is_declared(frame: dict[str, Any], audience: str) -> bool:
    """Whether a frame is one that `audience` may be sent, with these fields and no other."""
    shape = SHAPES.get((audience, frame["type"]))
    if shape is None:
        return _is(frame, _ANSWER)
    return set(frame) == _ENVELOPE and _is(frame["data"], shape)


def _is(value: Any, shape: Any) -> bool:
    try:
        return bool(msgspec.to_builtins(msgspec.convert(value, shape)) == value)
    except msgspec.ValidationError:
        return False
