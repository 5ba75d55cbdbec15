"""Visitors over HTTP."""

from __future__ import annotations

from chalicelib.edge.http import Api
from chalicelib.edge.pages import Page
from chalicelib.kit.actors import Context, Operator
from chalicelib.visitors import service
from chalicelib.visitors.schemas import VisitorOut, VisitorQuery

api = Api("visitors")


@api.get("/v1/visitors", by=(Operator,), query=VisitorQuery, answers=Page[VisitorOut])
def list_visitors(ctx: Context[Operator], query: VisitorQuery) -> Page[VisitorOut]:
    """List who is on the site now."""
    return service.listed(ctx, query)
