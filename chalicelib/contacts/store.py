"""Where contacts are kept.

| question                           | asked of             | key                             |
|------------------------------------|----------------------|---------------------------------|
| one contact                        | contacts             | workspace_id + id               |
| a workspace's contacts, newest 1st | contacts by_creation | listed_in (backwards)           |
| who has an e-mail, phone, ext. id  | contact-claims       | workspace_id + "email#<folded>" |

A contact that was merged into another stays as a pointer (`merged_into`) and leaves the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

import msgspec
from pynamodb.exceptions import DoesNotExist
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.contacts.domain import Source
from chalicelib.kit import instants
from chalicelib.kit.problems import Conflict
from chalicelib.platform.config import table_name
from chalicelib.platform.tables.commits import Write, put_new, remove, save
from chalicelib.platform.tables.paging import page_of
from chalicelib.platform.tables.rows import (
    BooleanAttribute,
    Model,
    StructAttribute,
    UnicodeAttribute,
    VersionAttribute,
)

_LONGEST_KEY = 1024
"""Bytes of a range key ("DynamoDB quotas"): nobody has a claim that is longer."""


class ByCreation(GlobalSecondaryIndex["Contact"]):
    class Meta:
        index_name = "by_creation"
        projection = AllProjection()

    listed_in = UnicodeAttribute(hash_key=True)
    listed_at = UnicodeAttribute(range_key=True)


class ContactData(msgspec.Struct, array_like=True):
    """What is known of a contact. Instants are `instants.to_text` text.

    What most have comes first: defaults at the end aren't kept. New fields go to the very end.
    """

    created_at: str
    first_seen_at: str
    last_seen_at: str
    search: str = ""
    locale: str = ""
    time_zone: str = ""
    claimed: dict[str, Any] = {}
    """What a page said without proof, by field."""
    name: str = ""
    email: str = ""
    sources: dict[str, Source] | None = None
    """From whom the other fields are (`fields`); None in rows of before it."""
    verified: bool = False
    external_id: str = ""
    custom: dict[str, Any] = {}
    phone: str = ""
    claims_rested_at: str | None = None
    """When as many claims as may be changed at once may be changed again."""
    tags: tuple[str, ...] = ()
    # Keys that an operator noted and somebody else proved; whose notes this one's proof took.
    unheld: tuple[str, ...] = ()
    resembles: tuple[str, ...] = ()
    email_unproved: bool = False
    """Rows of before `sources`: its browser said the address beside a proof of something else."""


class Contact(Model):
    class Meta:
        table_name = table_name("contacts")

    workspace_id = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    # The index's keys; what conditions ask for.
    listed_in = UnicodeAttribute(null=True)
    listed_at = UnicodeAttribute(null=True)
    merged_into = UnicodeAttribute(null=True)
    blocked = BooleanAttribute(default=False)
    # Until version 0.1 each field of the value was an attribute of this name.
    data = StructAttribute(
        ContactData, attr_name="data", former={each: each for each in ContactData.__struct_fields__}
    )
    version = VersionAttribute()
    by_creation = ByCreation()


class Claim(Model):
    class Meta:
        table_name = table_name("contact-claims")

    workspace_id = UnicodeAttribute(hash_key=True)
    claim = UnicodeAttribute(range_key=True)
    contact_id = UnicodeAttribute()


def contact(workspace_id: str, contact_id: str) -> Contact | None:
    """One contact: one read unit per 4 kB."""
    try:
        return Contact.get(workspace_id, contact_id, consistent_read=True)
    except DoesNotExist:
        return None


def current_contact(workspace_id: str, contact_id: str) -> Contact | None:
    """One contact, or the one that it was merged into, however often: a read unit for each."""
    row = contact(workspace_id, contact_id)
    while row is not None and row.merged_into:
        row = contact(workspace_id, row.merged_into)
    return row


def holder(workspace_id: str, claim: str) -> str | None:
    """The id of the contact that has this unique key: one read unit."""
    if len(claim.encode()) > _LONGEST_KEY:
        return None
    try:
        return str(Claim.get(workspace_id, claim, consistent_read=True).contact_id)
    except DoesNotExist:
        return None


def page(
    workspace_id: str, *, limit: int, after: str | None, query: str
) -> tuple[list[Contact], str | None]:
    """Contacts, newest first, and the place to go on after (None at the end).

    `query` (case-folded) must stand in name, e-mail, phone or external id; a search looks at a
    bounded number of rows a call and may return a short page.
    """
    rows = Contact.by_creation.query(
        workspace_id,
        ByCreation.listed_at < after if after else None,
        scan_index_forward=False,
        page_size=200 if query else limit + 1,
    )
    page, last = page_of(rows, limit, lambda row: query in row.data.search)
    return page, last.listed_at if last else None


def new_contact(workspace_id: str, contact_id: str, now: datetime) -> Contact:
    """A contact that isn't kept yet."""
    at = instants.to_text(now)
    return Contact(
        workspace_id=workspace_id,
        id=contact_id,
        listed_in=workspace_id,
        listed_at=f"{now.isoformat(timespec='milliseconds')}#{contact_id}",
        data=ContactData(created_at=at, first_seen_at=at, last_seen_at=at),
    )


def update_search(row: Contact) -> None:
    """Bring the search text up to date with the fields."""
    data = row.data
    claimed = data.claimed
    parts = (
        data.name,
        data.email,
        data.phone,
        data.external_id,
        claimed.get("name", ""),
        claimed.get("email", ""),
    )
    data.search = " ".join(part for part in parts if part).casefold()[:500]


def merge(own: Contact, row: Contact) -> list[Write]:
    """`own` becomes a pointer to `row`, out of the list; `move_claims` takes what it had."""
    own.merged_into, own.listed_in, own.listed_at = row.id, None, None
    return [save(own)]


def check_unmerged(row: Contact) -> Write:
    """The transaction holds only while this contact isn't merged into another, nor blocked."""
    free = Contact.blocked.does_not_exist() | (Contact.blocked == False)  # noqa: E712
    return Write(
        "check",
        Contact.get_operation_kwargs_from_class(
            row.workspace_id, row.id, condition=Contact.merged_into.does_not_exist() & free
        ),
    )


def move_claims(
    row: Contact,
    old: Iterable[str],
    new: Iterable[str],
    *,
    released: Mapping[str, str] = MappingProxyType({}),
    raced: bool = False,
) -> list[Write]:
    """The claim writes that go with a change of unique fields: two units each.

    `released` are claims that others give up in the same transaction, each with who it is; those
    that `row` doesn't take are free. A claim that somebody else has is a conflict, or a lost race
    (`raced`) where it was looked for before.
    """
    before, after = frozenset(old), frozenset(new)

    def claim(key: str) -> Claim:
        return Claim(workspace_id=row.workspace_id, claim=key, contact_id=row.id)

    return [
        *(
            save(claim(key), condition=Claim.contact_id == released[key])
            if key in released
            else put_new(
                claim(key), on_conflict=None if raced else _conflict(key.partition("#")[0])
            )
            for key in sorted(after - before)
        ),
        *(remove(claim(key)) for key in sorted((before | released.keys()) - after)),
    ]


def _conflict(kind: str) -> Any:
    def conflict(_there: dict[str, Any] | None) -> Exception:
        names = {"external_id": "external id", "email": "e-mail address", "phone": "phone number"}
        return Conflict(f"Another contact has this {names[kind]}", code=f"contact.{kind}_taken")

    return conflict
