"""Visitors over HTTP."""

from __future__ import annotations

from chalicelib.edge.http import Api
from chalicelib.edge.pages import Page
from chalicelib.kit.actors import Context, Operator
from chalicelib.kit.grants import Grant
from chalicelib.visitors import service
from chalicelib.visitors.schemas import BlockOut, VisitorOut, VisitorQuery

api = Api("visitors")


@api.get("/v1/visitors", by=(Operator,), query=VisitorQuery, answers=Page[VisitorOut])
def list_visitors(ctx: Context[Operator], query: VisitorQuery) -> Page[VisitorOut]:
    """List who is on the site now."""
    return service.list_visitors(ctx, query)


@api.post("/v1/visitors/{id}/block", by=(Operator,), needs=Grant.CONTACTS_EDIT, answers=BlockOut)
def block_visitor(ctx: Context[Operator], id: str) -> BlockOut:
    """Block a visitor.

    Nothing that it says is taken, and it isn't shown as online. It becomes a contact, if it isn't
    one: that has to last. `If-Match` is the contact's version.
    """
    return service.block(ctx, id)


@api.post("/v1/visitors/{id}/unblock", by=(Operator,), needs=Grant.CONTACTS_EDIT, answers=BlockOut)
def unblock_visitor(ctx: Context[Operator], id: str) -> BlockOut:
    """Unblock a visitor who was here lately."""
    return service.unblock(ctx, id)
