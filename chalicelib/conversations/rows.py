"""The rows that `store` asks for, and what their keys are made of.

Names are short in the tables, where each item pays for them: a conversation and a message with 500
bytes of text both stay under 1 kB (docs/decisions/0019-names-of-rows.md).
"""

from __future__ import annotations

from pynamodb import indexes
from pynamodb.indexes import AllProjection, KeysOnlyProjection

from chalicelib.conversations.domain import Assignee, Status, Thread
from chalicelib.platform.config import named
from chalicelib.platform.tables.rows import (
    BooleanAttribute,
    InstantAttribute,
    JSONAttribute,
    Model,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
    VersionAttribute,
)

NOBODY = "none"


class ByActivity(indexes.GlobalSecondaryIndex["Conversation"]):
    class Meta:
        index_name = "by_activity"
        projection = AllProjection()

    status_key = UnicodeAttribute(hash_key=True, attr_name="st_key")
    last_activity_at = InstantAttribute(range_key=True, attr_name="act")


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


class Conversation(Model):
    class Meta:
        table_name = named("conversations")

    workspace_id = UnicodeAttribute(hash_key=True, attr_name="ws")
    id = UnicodeAttribute(range_key=True)
    # Index keys: status, activity, assignee, contact, wake-up.
    status_key = UnicodeAttribute(attr_name="st_key")
    last_activity_at = InstantAttribute(attr_name="act")
    assignee_key = UnicodeAttribute(null=True, attr_name="as_key")
    contact_id = UnicodeAttribute(attr_name="con")
    due_key = UnicodeAttribute(null=True)
    due = UnicodeAttribute(null=True)
    # The contact as lists show it: name, e-mail, verified; and the visitor that began it.
    contact_name = UnicodeAttribute(default="", attr_name="cn")
    contact_email = UnicodeAttribute(default="", attr_name="ce")
    contact_verified = BooleanAttribute(default=False, attr_name="cv")
    contact_blocked = BooleanAttribute(default=False, attr_name="cb")
    visitor_id = UnicodeAttribute(null=True, attr_name="vis")
    # The state: status, assignee (id, name), snooze, waiting since, created.
    status = UnicodeAttribute(attr_name="st")
    assignee_id = UnicodeAttribute(null=True, attr_name="asg")
    assignee_name = UnicodeAttribute(null=True, attr_name="asn")
    snoozed_until = InstantAttribute(null=True, attr_name="sn")
    snoozed_before = InstantAttribute(null=True, attr_name="snb")
    waiting_since = InstantAttribute(null=True, attr_name="wait")
    created_at = InstantAttribute(attr_name="cr")
    # What operators set.
    subject = UnicodeAttribute(null=True, attr_name="subj")
    priority = UnicodeAttribute(null=True, attr_name="pri")
    tags = UnicodeSetAttribute(null=True)
    # Messages: how many, the newest (author type, id, name; text; at), and how far each side is:
    # delivered to the customer, read by the customer, by the team, and by each operator; and our
    # own last one.
    seq = NumberAttribute(default=0)
    last_author_type = UnicodeAttribute(null=True, attr_name="lt")
    last_author_id = UnicodeAttribute(null=True, attr_name="li")
    last_author_name = UnicodeAttribute(null=True, attr_name="ln")
    last_message_text = UnicodeAttribute(null=True, attr_name="lx")
    last_message_at = UnicodeAttribute(null=True, attr_name="la")
    customer_delivered_seq = NumberAttribute(default=0, attr_name="cds")
    customer_read_seq = NumberAttribute(default=0, attr_name="crs")
    team_read_seq = NumberAttribute(default=0, attr_name="trs")
    last_team_seq = NumberAttribute(default=0, attr_name="lts")
    read_by = JSONAttribute(default=dict, attr_name="rb")
    version = VersionAttribute(attr_name="v")

    by_activity = ByActivity()
    by_assignee = ByAssignee()
    by_contact = ByContact()
    by_due = ByDue()

    def thread(self) -> Thread:
        """The part that the rules look at."""
        held_by, name = self.assignee_id, self.assignee_name or ""
        return Thread(
            Status(self.status), Assignee(held_by, name) if held_by else None,
            self.snoozed_until, self.snoozed_before, self.waiting_since,
        )  # fmt: skip

    @property
    def contact(self) -> tuple[str, str, str, bool, bool]:
        """The copy of its contact: id, name, e-mail, verified, blocked."""
        return (
            self.contact_id, self.contact_name, self.contact_email, self.contact_verified,
            self.contact_blocked,
        )  # fmt: skip

    @contact.setter
    def contact(self, known: tuple[str, str, str, bool, bool]) -> None:
        (
            self.contact_id, self.contact_name, self.contact_email, self.contact_verified,
            self.contact_blocked,
        ) = known  # fmt: skip

    @property
    def ids(self) -> dict[str, str]:
        """What every event of it carries."""
        return {"conversation_id": self.id, "contact_id": self.contact_id}

    def become(self, thread: Thread) -> None:
        """Take over what the rules decided, index keys included."""
        self.status = thread.status.value
        self.assignee_id = thread.assignee.id if thread.assignee else None
        self.assignee_name = thread.assignee.name if thread.assignee else None
        self.snoozed_until = thread.snoozed_until
        self.snoozed_before = thread.snoozed_before
        self.waiting_since = thread.waiting_since
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
        table_name = named("messages")

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
        table_name = named("messages")

    begun_by = UnicodeAttribute(hash_key=True, attr_name="cnv")
    key = UnicodeAttribute(range_key=True)
    conversation_id = UnicodeAttribute()
    text_mark = UnicodeAttribute(attr_name="tx")


class Change(Model):
    class Meta:
        table_name = named("timeline")

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
