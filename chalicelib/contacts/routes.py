"""Contacts over HTTP."""

from __future__ import annotations

from chalicelib.contacts import service
from chalicelib.contacts.schemas import ContactOut, ContactPatch, ContactQuery, NewContact
from chalicelib.edge.http import Api
from chalicelib.edge.pages import Page
from chalicelib.kit.actors import Context, Operator
from chalicelib.kit.grants import Grant

api = Api("contacts")


@api.get("/v1/contacts", by=(Operator,), query=ContactQuery, answers=Page[ContactOut])
def list_contacts(ctx: Context[Operator], query: ContactQuery) -> Page[ContactOut]:
    """List contacts, newest first, or search them."""
    return service.list_contacts(ctx, query)


@api.post(
    "/v1/contacts",
    by=(Operator,),
    needs=Grant.CONTACTS_EDIT,
    body=NewContact,
    answers=ContactOut,
    status=201,
)
def create_contact(ctx: Context[Operator], body: NewContact) -> ContactOut:
    """Add a contact by hand."""
    return service.create(ctx, body)


@api.get("/v1/contacts/{id}", by=(Operator,), answers=ContactOut)
def get_contact(ctx: Context[Operator], id: str) -> ContactOut:
    """Get one contact."""
    return service.get(ctx, id)


@api.patch(
    "/v1/contacts/{id}",
    by=(Operator,),
    needs=Grant.CONTACTS_EDIT,
    body=ContactPatch,
    answers=ContactOut,
)
def update_contact(ctx: Context[Operator], id: str, body: ContactPatch) -> ContactOut:
    """Change a contact's fields."""
    return service.update(ctx, id, body)
