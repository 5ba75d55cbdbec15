"""Messages that are sent again: met in the same transaction, answered with the first one.

A message's key is the id that its client chose; a first message's row (`Start`) leads to the
conversation that it made.
"""

from __future__ import annotations

import hashlib
from typing import Any

from chalicelib.conversations import serializers, store
from chalicelib.conversations.access import find_by_start
from chalicelib.conversations.rows import Conversation, Message, Start
from chalicelib.conversations.schemas import MessageOut
from chalicelib.kit.actors import Context
from chalicelib.kit.problems import Busy, Conflict
from chalicelib.platform.tables.commits import Write, put_new

AUTHOR_CODES = {"contact": "c", "operator": "o", "workflow": "w", "system": "s"}
"""A message's author type, as its row has it."""


class Resent(Exception):
    """The client's id is known: `there` is the row that the first sending made."""

    def __init__(self, there: dict[str, Any] | None) -> None:
        super().__init__("resent")
        self.there = there or {}


def start_row(by: str, client_id: str, conversation_id: str, body: str) -> Write:
    """Who begins, and not with which contact: that may prove to be another before the resend."""
    key = f"start#{by}"
    row = Start(begun_by=key, key=client_id, conversation_id=conversation_id, text_mark=_mark(body))
    return put_new(row, on_conflict=Resent)


def same_message(resent: Resent, row: Conversation, author_type: str, body: str) -> MessageOut:
    """The first sending's message, if this is the same one again."""
    first = Message()
    first.deserialize(resent.there)
    if first.text != body or first.author_type != AUTHOR_CODES[author_type]:
        raise _mismatch()
    return serializers.message(first, row)


def _mark(body: str) -> str:
    """Enough of a text to tell it from another."""
    return hashlib.sha256(body.encode()).hexdigest()[:32]


def conversation_of_start(ctx: Context[Any], resent: Resent, body: str) -> Conversation:
    """The conversation that the first sending of this beginning made."""
    first = Start()
    first.deserialize(resent.there)
    if first.text_mark != _mark(body):
        raise _mismatch()
    return find_by_start(ctx, first.conversation_id)


def first_message(row: Conversation, client_id: str) -> Message:
    message = store.message_by_key(row.id, client_id)
    if message is None:
        raise Busy()
    return message


def _mismatch() -> Conflict:
    return Conflict("This client_id was used for another message", code="idempotency.mismatch")
