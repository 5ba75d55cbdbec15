"""The rows that `store` asks for, and what their keys are made of.

Names are short in the tables, where each item pays for them: a conversation and a message with 500
bytes of text both stay under 1 kB (docs/decisions/0019-names-of-rows.md).
"""

from __future__ import annotations

from typing import Literal

import msgspec
from pynamodb import indexes
from pynamodb.indexes import AllProjection, KeysOnlyProjection

from chalicelib.conversations import domain
from chalicelib.conversations.domain import NOBODY, Assignee, Status, Tally, Thread
from chalicelib.kit.instants import from_text_or_none, to_text_or_none
from chalicelib.platform.config import table_name
from chalicelib.platform.tables.rows import (
    JSONAttribute,
    Model,
    NumberAttribute,
    StructAttribute,
    UnicodeAttribute,
    VersionAttribute,
)

Priority = Literal["low", "normal", "high", "urgent"]


class ByActivity(indexes.GlobalSecondaryIndex["Conversation"]):
    class Meta:
        index_name = "by_activity"
        projection = AllProjection()

    status_key = UnicodeAttribute(hash_key=True, attr_name="st_key")
    last_activity_at = UnicodeAttribute(range_key=True, attr_name="act")


class ByAssignee(indexes.GlobalSecondaryIndex["Conversation"]):
    class Meta:
        index_name = "by_assignee"
        projection = AllProjection()

    assignee_key = UnicodeAttribute(hash_key=True, attr_name="as_key")
    id = UnicodeAttribute(range_key=True)


class ByContact(indexes.GlobalSecondaryIndex["Conversation"]):
    class Meta:
        index_name = "by_contact"
        projection = KeysOnlyProjection()

    contact_id = UnicodeAttribute(hash_key=True, attr_name="con")
    id = UnicodeAttribute(range_key=True)


class ByDue(indexes.GlobalSecondaryIndex["Conversation"]):
    class Meta:
        index_name = "by_due"
        projection = KeysOnlyProjection()

    due_key = UnicodeAttribute(hash_key=True)
    due = UnicodeAttribute(range_key=True)


class ConversationData(msgspec.Struct, array_like=True):
    """What a conversation holds beside its keys. Instants are `instants.to_text` text.

    What most have comes first: defaults at the end aren't kept. New fields go to the very end.
    """

    created_at: str
    # The contact as lists show it.
    contact_name: str = ""
    contact_email: str = ""
    contact_verified: bool = False
    contact_blocked: bool = False
    # Messages: how many, the newest, and how far each side is: delivered to the customer, read by
    # the customer, by the team, and our own last one.
    seq: int = 0
    last_author_type: str | None = None
    last_message_text: str | None = None
    last_message_at: str | None = None
    customer_delivered_seq: int = 0
    customer_read_seq: int = 0
    team_read_seq: int = 0
    last_team_seq: int = 0
    visitor_id: str | None = None
    """Who began it."""
    waiting_since: str | None = None
    read_by: dict[str, int] = {}
    """How far each operator has read, by `reader_mark`."""
    last_author_id: str | None = None
    last_author_name: str | None = None
    snoozed_before: str | None = None
    snoozed_until: str | None = None
    # What operators set.
    priority: Priority | None = None
    subject: str | None = None
    tags: tuple[str, ...] = ()


FORMER = {
    "cn": "contact_name", "ce": "contact_email", "cv": "contact_verified", "cb": "contact_blocked",
    "vis": "visitor_id", "cr": "created_at", "sn": "snoozed_until", "snb": "snoozed_before",
    "wait": "waiting_since", "subj": "subject", "pri": "priority", "tags": "tags", "seq": "seq",
    "lt": "last_author_type", "li": "last_author_id", "ln": "last_author_name",
    "lx": "last_message_text", "la": "last_message_at", "cds": "customer_delivered_seq",
    "crs": "customer_read_seq", "trs": "team_read_seq", "lts": "last_team_seq", "rb": "read_by",
}  # fmt: skip
"""A conversation's attributes before they were one value (until version 0.1)."""


class Conversation(Model):
    class Meta:
        table_name = table_name("conversations")

    workspace_id = UnicodeAttribute(hash_key=True, attr_name="ws")
    id = UnicodeAttribute(range_key=True)
    # Index keys: status, activity, assignee, contact, wake-up.
    status_key = UnicodeAttribute(attr_name="st_key")
    last_activity_at = UnicodeAttribute(attr_name="act")
    assignee_key = UnicodeAttribute(null=True, attr_name="as_key")
    contact_id = UnicodeAttribute(attr_name="con")
    due_key = UnicodeAttribute(null=True)
    due = UnicodeAttribute(null=True)
    # What filters ask for: status, assignee (id, name).
    status = UnicodeAttribute(attr_name="st")
    assignee_id = UnicodeAttribute(null=True, attr_name="asg")
    assignee_name = UnicodeAttribute(null=True, attr_name="asn")
    data = StructAttribute(ConversationData, attr_name="d", former=FORMER)
    version = VersionAttribute(attr_name="v")

    by_activity = ByActivity()
    by_assignee = ByAssignee()
    by_contact = ByContact()
    by_due = ByDue()

    def thread(self) -> Thread:
        """The part that the rules look at."""
        held_by, name, data = self.assignee_id, self.assignee_name or "", self.data
        return Thread(
            Status(self.status), Assignee(held_by, name) if held_by else None,
            from_text_or_none(data.snoozed_until), from_text_or_none(data.snoozed_before),
            from_text_or_none(data.waiting_since),
        )  # fmt: skip

    @property
    def tally(self) -> Tally:
        """What it adds to its workspace's counts."""
        data = self.data
        return domain.tally(
            self.thread(), seq=data.seq, answered=data.last_team_seq, read_by=data.read_by
        )

    @property
    def contact(self) -> tuple[str, str, str, bool, bool]:
        """The copy of its contact: id, name, e-mail, verified, blocked."""
        data = self.data
        return (
            self.contact_id, data.contact_name, data.contact_email, data.contact_verified,
            data.contact_blocked,
        )  # fmt: skip

    @contact.setter
    def contact(self, contact: tuple[str, str, str, bool, bool]) -> None:
        data = self.data
        (
            self.contact_id, data.contact_name, data.contact_email, data.contact_verified,
            data.contact_blocked,
        ) = contact  # fmt: skip

    @property
    def ids(self) -> dict[str, str]:
        """What every event of it carries."""
        return {"conversation_id": self.id, "contact_id": self.contact_id}

    def apply(self, thread: Thread) -> None:
        """Take over what the rules decided, index keys included."""
        self.status = thread.status.value
        self.assignee_id = thread.assignee.id if thread.assignee else None
        self.assignee_name = thread.assignee.name if thread.assignee else None
        self.data.snoozed_until = to_text_or_none(thread.snoozed_until)
        self.data.snoozed_before = to_text_or_none(thread.snoozed_before)
        self.data.waiting_since = to_text_or_none(thread.waiting_since)
        self.status_key = status_key(self.workspace_id, self.status)
        held_by = assignee_key(self.workspace_id, self.assignee_id or NOBODY)
        self.assignee_key = None if thread.status is Status.CLOSED else held_by
        self.due_key = self.due = None


class BySeq(indexes.LocalSecondaryIndex["Message"]):
    class Meta:
        index_name = "by_seq"
        projection = AllProjection()

    conversation_id = UnicodeAttribute(hash_key=True, attr_name="cnv")
    seq = NumberAttribute(range_key=True)


class Message(Model):
    class Meta:
        table_name = table_name("messages")

    conversation_id = UnicodeAttribute(hash_key=True, attr_name="cnv")
    key = UnicodeAttribute(range_key=True)
    seq = NumberAttribute()
    id = UnicodeAttribute()
    # Author: type (c, o, w, s), and for all but the conversation's contact an id and a name.
    author_type = UnicodeAttribute(attr_name="at")
    author_id = UnicodeAttribute(null=True, attr_name="ai")
    author_name = UnicodeAttribute(null=True, attr_name="an")
    text = UnicodeAttribute(attr_name="tx")
    created_at = UnicodeAttribute(attr_name="cr")
    by_seq = BySeq()


class Start(Model):
    """Which conversation the first message of a visitor, or of an operator to somebody, made."""

    class Meta:
        table_name = table_name("messages")

    begun_by = UnicodeAttribute(hash_key=True, attr_name="cnv")
    key = UnicodeAttribute(range_key=True)
    conversation_id = UnicodeAttribute()
    text_mark = UnicodeAttribute(attr_name="tx")


class Change(Model):
    class Meta:
        table_name = table_name("timeline")

    conversation_id = UnicodeAttribute(hash_key=True, attr_name="cnv")
    id = UnicodeAttribute(range_key=True)
    name = UnicodeAttribute()
    at = UnicodeAttribute()
    actor = JSONAttribute()
    data = JSONAttribute(default=dict)


def status_key(workspace_id: str, status: str) -> str:
    """Hash key of by_activity."""
    return f"{workspace_id}#{status}"


def assignee_key(workspace_id: str, assignee: str) -> str:
    """Hash key of by_assignee; `NOBODY` for the unassigned."""
    return f"{workspace_id}#{assignee}"


def reader_mark(operator_id: str) -> str:
    """An operator's key in `rb`: the end of the id, 40 random bits."""
    return operator_id[-8:]
