"""The widget's session over HTTP."""

from __future__ import annotations

from chalicelib.edge.http import Api
from chalicelib.kit.actors import Context, Nobody
from chalicelib.widget import service
from chalicelib.widget.schemas import SessionIn, SessionOut

api = Api("widget")


@api.post("/v1/widget/session", by=(Nobody,), body=SessionIn, answers=SessionOut, cost=10)
def start_session(ctx: Context[Nobody], body: SessionIn) -> SessionOut:
    """Start a widget's session for a browser."""
    return service.start(ctx, body)
