"""Frames about visitors: what their browsers send, and what the team is sent."""

from __future__ import annotations

from typing import Literal

from chalicelib.edge.frames import Frame, Push
from chalicelib.edge.wire import Output
from chalicelib.kit.actors import Operator
from chalicelib.visitors.schemas import PageIn, VisitorOut


class PresenceFrame(Frame):
    """`presence`: at connect, on page change, on active/idle change, and as a refresh."""

    page: PageIn
    state: Literal["active", "idle"]


class VisitorPush(Output):
    """A visitor came, or is on another page."""

    visitor: VisitorOut


class VisitorGonePush(Output):
    """A visitor has left."""

    id: str


class VisitorsPush(Output):
    """More happened than could be shown one by one: fetch the list."""


PUSHES = (
    Push(("visitor.online", "visitor.moved"), (Operator,), VisitorPush),
    Push(("visitor.offline",), (Operator,), VisitorGonePush),
    Push(("visitors.changed",), (Operator,), VisitorsPush),
)
