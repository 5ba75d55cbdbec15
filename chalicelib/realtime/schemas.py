"""What goes over sockets, and the ticket that opens one."""

from __future__ import annotations

from typing import Annotated

import msgspec

from chalicelib.edge.frames import Frame
from chalicelib.edge.wire import Output
from chalicelib.kit.instants import Instant


class TicketOut(Output):
    """Connect to `url?ticket=<ticket>` within `expires_in` seconds, once."""

    ticket: str
    url: str
    expires_in: int


class TopicFrame(Frame):
    """`subscribe` and `unsubscribe`."""

    topic: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class PingFrame(Frame):
    """`ping`, answered by `{"type": "pong"}`."""


class EventFrame(Output):
    """What the server sends: an event in the shape of the feed, as its receiver may see it."""

    type: str
    id: str
    at: Instant
    data: Output
