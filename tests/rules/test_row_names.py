"""How a row's attributes are named: in Python for readers, in the tables for the bill.

docs/decisions/0019-names-of-rows.md says why.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
from pynamodb.attributes import Attribute

import app
from chalicelib.contacts.store import ContactData
from chalicelib.conversations.rows import Change, Conversation, ConversationData, Message
from chalicelib.platform.tables.rows import Model
from chalicelib.visitors.store import Visit

WORDS = frozenset((Path(__file__).parent / "words.txt").read_text().split())
"""Every word that a name may be made of. A new one is added there if a newcomer would write it."""
PAID_FOR = (Conversation, Message, Change)
"""Rows that grow with what is said: their names are a part of what each write costs."""
LONGEST = 7
VALUES = (ContactData, ConversationData, Visit)
"""What is kept as one value, by place and without names."""
VALUES_AS_KEPT = {
    "ContactData": (
        "created_at",
        "first_seen_at",
        "last_seen_at",
        "search",
        "locale",
        "time_zone",
        "claimed",
        "name",
        "email",
        "sources",
        "verified",
        "external_id",
        "custom",
        "phone",
        "claims_rested_at",
        "tags",
        "unheld",
        "resembles",
        "email_unproved",
    ),
    "ConversationData": (
        "created_at",
        "contact_name",
        "contact_email",
        "contact_verified",
        "contact_blocked",
        "seq",
        "last_author_type",
        "last_message_text",
        "last_message_at",
        "customer_delivered_seq",
        "customer_read_seq",
        "team_read_seq",
        "last_team_seq",
        "visitor_id",
        "waiting_since",
        "read_by",
        "last_author_id",
        "last_author_name",
        "snoozed_before",
        "snoozed_until",
        "priority",
        "subject",
        "tags",
    ),
    "Visit": (
        "since",
        "device",
        "locale",
        "time_zone",
        "country",
        "referrer",
        "visits",
        "verified",
    ),
}
"""A new field goes to the end of both: rows that are there can't be told of any other change."""


def models() -> set[type[Model]]:
    """Every kind of row of the application, which has been imported whole."""
    assert app.app
    found: set[type[Model]] = set()
    waiting: list[type[Model]] = [Model]
    while waiting:
        kinds = waiting.pop().__subclasses__()
        waiting += kinds
        found |= {kind for kind in kinds if kind.__module__.startswith("chalicelib.")}
    return found


def test_a_row_s_attributes_have_whole_names() -> None:
    assert len(models()) >= 15
    assert {
        f"{kind.__name__}.{name}"
        for kind in models()
        for name in kind.get_attributes()
        if not set(name.split("_")) <= WORDS
    } == set()


def test_an_index_names_its_keys_as_the_row_does() -> None:
    for kind in models():
        ours = {name: each.attr_name for name, each in kind.get_attributes().items()}
        for index in kind._indexes.values():
            keys = {
                name: each.attr_name
                for name, each in vars(type(index)).items()
                if isinstance(each, Attribute)
            }
            assert keys
            assert keys.items() <= ours.items(), f"{kind.__name__}.{index.Meta.index_name}"


def test_what_is_written_with_every_message_has_short_names_in_its_table() -> None:
    assert {
        f"{kind.__name__}.{name}"
        for kind in PAID_FOR
        for name, each in kind.get_attributes().items()
        if len(each.attr_name) > LONGEST
    } == set()


def test_a_row_s_value_keeps_the_places_of_its_fields() -> None:
    assert {kind.__name__: kind.__struct_fields__ for kind in VALUES} == VALUES_AS_KEPT


def test_a_field_that_is_added_has_a_default() -> None:
    for kind in VALUES:
        required = [field.name for field in msgspec.structs.fields(kind) if field.required]
        assert required == list(kind.__struct_fields__[: len(required)])
        assert kind.__struct_config__.array_like
