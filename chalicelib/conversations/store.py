"""Where conversations, their messages and their changes are kept.

| question                                | asked of                  | key                        |
|-----------------------------------------|---------------------------|----------------------------|
| one conversation                        | conversations             | ws + id                    |
| a workspace's, by status and activity   | conversations by_activity | "<ws>#<status>", backwards |
| a workspace's, newest first             | conversations             | ws, backwards              |
| somebody's or nobody's, not closed      | conversations by_assignee | "<ws>#<assignee or none>"  |
| all that somebody ever had              | conversations             | ws, backwards, filtered    |
| a contact's                             | conversations by_contact  | con, backwards             |
| what was snoozed by earlier versions    | conversations by_due      | "due#<shard>"              |
| a message by its client's id (resends)  | messages                  | cnv + client_id            |
| a conversation's messages in order      | messages by_seq           | cnv, seq                   |
| which conversation a first message made | messages                  | "start#<by whom>" + client |
| what was done to a conversation         | timeline                  | cnv + evt id               |

Attribute names are short because they are paid for: a conversation and a message with 500 bytes
of text both stay under 1 kB. Instants are `instants.shown` text.
"""

from __future__ import annotations

from itertools import islice

from pynamodb import indexes
from pynamodb.indexes import AllProjection, KeysOnlyProjection

from chalicelib.conversations.domain import Assignee, Status, Thread
from chalicelib.platform.config import named
from chalicelib.platform.rows import (
    BooleanAttribute,
    InstantAttribute,
    JSONAttribute,
    Model,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
    VersionAttribute,
)

DUE_SHARDS = 4
"""Of by_due, which nothing is added to any more: see `platform.due`."""
LOOKED_AT = 500
"""Rows that `had_by` looks at, with each of four queries."""
NOBODY = "none"


class ByActivity(indexes.GlobalSecondaryIndex["Conversation"]):
    class Meta:
        index_name = "by_activity"
        projection = AllProjection()

    st_key = UnicodeAttribute(hash_key=True)
    act = InstantAttribute(range_key=True)


class ByAssignee(indexes.GlobalSecondaryIndex["Conversation"]):
    class Meta:
        index_name = "by_assignee"
        projection = AllProjection()

    as_key = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class ByContact(indexes.GlobalSecondaryIndex["Conversation"]):
    class Meta:
        index_name = "by_contact"
        projection = KeysOnlyProjection()

    con = UnicodeAttribute(hash_key=True)
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

    ws = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    # Index keys: status, activity, assignee, contact, wake-up.
    st_key = UnicodeAttribute()
    act = InstantAttribute()
    as_key = UnicodeAttribute(null=True)
    con = UnicodeAttribute()
    due_key = UnicodeAttribute(null=True)
    due = UnicodeAttribute(null=True)
    # The contact as lists show it: name, e-mail, verified; and the visitor that began it.
    cn = UnicodeAttribute(default="")
    ce = UnicodeAttribute(default="")
    cv = BooleanAttribute(default=False)
    cb = BooleanAttribute(default=False)
    vis = UnicodeAttribute(null=True)
    # The state: status, assignee (id, name), snooze, waiting since, created.
    st = UnicodeAttribute()
    asg = UnicodeAttribute(null=True)
    asn = UnicodeAttribute(null=True)
    sn = InstantAttribute(null=True)
    snb = InstantAttribute(null=True)
    wait = InstantAttribute(null=True)
    cr = InstantAttribute()
    # What operators set.
    subj = UnicodeAttribute(null=True)
    pri = UnicodeAttribute(null=True)
    tags = UnicodeSetAttribute(null=True)
    # Messages: how many, the newest (author type, id, name; text; at), and how far each side is:
    # delivered to the customer, read by the customer, by the team, and by each operator; and our
    # own last one.
    seq = NumberAttribute(default=0)
    lt = UnicodeAttribute(null=True)
    li = UnicodeAttribute(null=True)
    ln = UnicodeAttribute(null=True)
    lx = UnicodeAttribute(null=True)
    la = UnicodeAttribute(null=True)
    cds = NumberAttribute(default=0)
    crs = NumberAttribute(default=0)
    trs = NumberAttribute(default=0)
    lts = NumberAttribute(default=0)
    rb = JSONAttribute(default=dict)
    v = VersionAttribute()

    by_activity = ByActivity()
    by_assignee = ByAssignee()
    by_contact = ByContact()
    by_due = ByDue()

    def thread(self) -> Thread:
        """The part that the rules look at."""
        assignee = Assignee(self.asg, self.asn or "") if self.asg else None
        return Thread(Status(self.st), assignee, self.sn, self.snb, self.wait)

    @property
    def ids(self) -> dict[str, str]:
        """What every event of it carries."""
        return {"conversation_id": self.id, "contact_id": self.con}

    def become(self, thread: Thread) -> None:
        """Take over what the rules decided, index keys included."""
        self.st = thread.status.value
        self.asg = thread.assignee.id if thread.assignee else None
        self.asn = thread.assignee.name if thread.assignee else None
        self.sn = thread.snoozed_until
        self.snb = thread.snoozed_before
        self.wait = thread.waiting_since
        self.st_key, closed = status_key(self.ws, self.st), thread.status is Status.CLOSED
        self.as_key = None if closed else assignee_key(self.ws, self.asg or NOBODY)
        self.due_key = self.due = None


class BySeq(indexes.LocalSecondaryIndex["Message"]):
    class Meta:
        index_name = "by_seq"
        projection = AllProjection()

    cnv = UnicodeAttribute(hash_key=True)
    seq = NumberAttribute(range_key=True)


class Message(Model):
    class Meta:
        table_name = named("messages")

    cnv = UnicodeAttribute(hash_key=True)
    key = UnicodeAttribute(range_key=True)
    seq = NumberAttribute()
    id = UnicodeAttribute()
    # Author: type (c, o, w, s), and for all but the conversation's contact an id and a name.
    at = UnicodeAttribute()
    ai = UnicodeAttribute(null=True)
    an = UnicodeAttribute(null=True)
    tx = UnicodeAttribute()
    cr = UnicodeAttribute()
    by_seq = BySeq()


class Start(Model):
    """Which conversation the first message of a visitor, or of an operator to somebody, made."""

    class Meta:
        table_name = named("messages")

    cnv = UnicodeAttribute(hash_key=True)
    key = UnicodeAttribute(range_key=True)
    conversation_id = UnicodeAttribute()
    tx = UnicodeAttribute()


class Change(Model):
    class Meta:
        table_name = named("timeline")

    cnv = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    name = UnicodeAttribute()
    at = UnicodeAttribute()
    actor = JSONAttribute()
    data = JSONAttribute(default=dict)


def conversation(workspace_id: str, conversation_id: str) -> Conversation | None:
    """One conversation, as it is now: one read unit."""
    try:
        return Conversation.get(workspace_id, conversation_id, consistent_read=True)
    except Conversation.DoesNotExist:
        return None


def message_by_key(conversation_id: str, key: str) -> Message | None:
    """A message by its client's id: one read unit."""
    try:
        return Message.get(conversation_id, key, consistent_read=True)
    except Message.DoesNotExist:
        return None


def messages_after(conversation_id: str, seq: int, limit: int) -> list[Message]:
    """Messages after `seq`, oldest first. Strongly consistent: this is how gaps are closed."""
    later = Message.seq > seq
    return list(Message.by_seq.query(conversation_id, later, consistent_read=True, limit=limit))


def messages_before(
    conversation_id: str, seq: int, limit: int, *, consistent: bool = False
) -> list[Message]:
    """The last messages before `seq`, oldest first: a read unit for some 25 short ones."""
    rows = Message.by_seq.query(
        conversation_id, Message.seq < seq,
        scan_index_forward=False, consistent_read=consistent, limit=limit,
    )  # fmt: skip
    return list(rows)[::-1]


def changes_before(conversation_id: str, change_id: str | None, limit: int) -> list[Change]:
    """The last changes before `change_id`, newest first."""
    older = Change.id < change_id if change_id else None
    return list(Change.query(conversation_id, older, scan_index_forward=False, limit=limit))


def snoozed_before_the_common_index(limit: int) -> list[tuple[str, str]]:
    """(workspace id, conversation id) of what an earlier version snoozed; two units if nothing."""
    return [
        (row.ws, row.id)
        for shard in range(DUE_SHARDS)
        for row in Conversation.by_due.query(f"due#{shard}", limit=limit)
    ]


def had_by(
    workspace_id: str, assignee: str, but: str | None, before: str | None
) -> tuple[list[str], str | None]:
    """Ids of somebody's conversations, newest first, and where to go on (None at the end).

    Without those that show them as `but` already; with None, without the closed ones. It doesn't
    ask an index, which may not know yet what was assigned a moment ago.
    """
    older = Conversation.id < before if before else None
    other = Conversation.st != "closed" if but is None else Conversation.asn != but
    rows = Conversation.query(
        workspace_id, older, (Conversation.asg == assignee) & other,
        scan_index_forward=False, consistent_read=True, page_size=LOOKED_AT,
    )  # fmt: skip
    pages = rows.page_iter
    found = [str(item["id"]["S"]) for page in islice(pages, 4) for item in page["Items"]]
    place = pages.last_evaluated_key
    return found, str(place["id"]["S"]) if place else None


def status_key(workspace_id: str, status: str) -> str:
    """Hash key of by_activity."""
    return f"{workspace_id}#{status}"


def assignee_key(workspace_id: str, assignee: str) -> str:
    """Hash key of by_assignee; `NOBODY` for the unassigned."""
    return f"{workspace_id}#{assignee}"


def reader_mark(operator_id: str) -> str:
    """An operator's key in `rb`: the end of the id, 40 random bits."""
    return operator_id[-8:]
