"""The way to a socket."""

from __future__ import annotations

from chalicelib.edge.http import Api
from chalicelib.kit.actors import Context, Operator, Visitor
from chalicelib.realtime import service
from chalicelib.realtime.schemas import TicketOut

api = Api("realtime")


@api.post(
    "/v1/socket-tickets", by=(Operator, Visitor), needs=None, answers=TicketOut, cost=5, secret=True
)
def issue_socket_ticket(ctx: Context[Operator] | Context[Visitor]) -> TicketOut:
    """Get a one-time ticket for the WebSocket; it lives 30 seconds."""
    return service.issue_ticket(ctx)
