"""How a row's attributes are named: in Python for readers, in the tables for the bill.

docs/decisions/0019-names-of-rows.md says why.
"""

from __future__ import annotations

from pathlib import Path

from pynamodb.attributes import Attribute

import app
from chalicelib.conversations.rows import Change, Conversation, Message
from chalicelib.platform.tables.rows import Model

WORDS = frozenset((Path(__file__).parent / "words.txt").read_text().split())
"""Every word that a name may be made of. A new one is added there if a newcomer would write it."""
PAID_FOR = (Conversation, Message, Change)
"""Rows that grow with what is said: their names are a part of what each write costs."""
LONGEST = 7


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
