"""Conversations and messages on the wire."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from chalicelib.edge.pages import Cursor, Limit, PageQuery
from chalicelib.edge.wire import Input, Output
from chalicelib.kit.actors import Author
from chalicelib.kit.ids import Id
from chalicelib.kit.instants import Instant

ClientId = Annotated[str, msgspec.Meta(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_.\-]+$")]
Seq = Annotated[int, msgspec.Meta(ge=0, le=2**31)]
Delivery = Literal["sent", "delivered", "read", "failed"]
StatusName = Literal["open", "snoozed", "closed"]
Priority = Literal["low", "normal", "high", "urgent"]


TAGS, TAG_LENGTH = 10, 40
"""How many tags a conversation has at most, and a tag's characters: they are written again with
each message (docs/costs.md)."""


class MessageOut(Output):
    """A message; `seq` counts 1, 2, 3 … within its conversation."""

    id: str
    conversation_id: str
    seq: int
    author: Author
    text: str
    attachments: list[str]
    client_id: str
    created_at: Instant
    delivery: Delivery


class LastMessageOut(Output):
    """The newest message, for lists; `text` is at most 120 characters of it."""

    seq: int
    author: Author
    text: str
    created_at: Instant


class PersonOut(Output):
    """A member of the team."""

    id: str
    name: str


class FaceOut(Output):
    """A member of the team as customers see one."""

    name: str


class ConversationContactOut(Output):
    """The customer. `verified`: it proved who it is. `email` may be only what it said."""

    id: str
    name: str
    email: str | None
    verified: bool
    blocked: bool


class SharedConversationOut(Output):
    """A conversation as operators hear of it over their sockets.

    A frame goes to many, so `unread` is null: each receiver counts for itself. The `…_seq` marks
    say how far the customer got our messages, read them, and how far the team has read.
    """

    id: str
    contact: ConversationContactOut
    status: StatusName
    channel: str
    subject: str | None
    priority: Priority | None
    tags: list[str]
    assignee: PersonOut | None
    department_id: str | None
    snoozed_until: Instant | None
    snoozed_before: Instant | None
    last_seq: int
    last_message: LastMessageOut | None
    unread: int | None
    customer_delivered_seq: int
    customer_read_seq: int
    team_read_seq: int
    waiting_since: Instant | None
    created_at: Instant
    last_activity_at: Instant
    version: int


class ConversationOut(SharedConversationOut):
    """A conversation as operators see it; `unread` counts for the caller.

    The `…_seq` marks say how far the customer got our messages, read them, and how far the team
    has read.
    """

    unread: int


class CustomerConversationOut(Output):
    """A conversation as its customer sees it."""

    id: str
    status: StatusName
    last_seq: int
    last_message: LastMessageOut | None
    unread: int
    team_read_seq: int
    assignee: FaceOut | None
    created_at: Instant
    last_activity_at: Instant
    version: int


class StartedOut(Output):
    """A conversation with its first message, as its customer sees them."""

    conversation: CustomerConversationOut
    message: MessageOut


class TimelineMessageOut(MessageOut, tag_field="kind", tag="message"):
    """A message in the timeline."""


class TimelineEventOut(Output, tag_field="kind", tag="event"):
    """A change in the timeline: who did what, when."""

    id: str
    name: str
    actor: Author
    at: Instant
    data: dict[str, Any]


class NewMessage(Input):
    """A message to send; resending the same `client_id` answers the first one."""

    text: str
    client_id: ClientId
    attachments: Annotated[list[str], msgspec.Meta(max_length=0)] = []


class NewCustomerConversation(NewMessage):
    """A conversation's first message, from its customer."""

    department_id: None = None


class NewConversation(Input):
    """A conversation that an operator starts with a contact, and its first message if there is one.

    Resending the same `client_id` answers the first one.
    """

    contact_id: Id
    text: str | None = None
    client_id: ClientId | None = None


class ConversationQuery(PageQuery):
    """Which conversations. `assignee` is `me`, `none` or an operator's id."""

    status: Literal["open", "snoozed", "closed", "all"] = "open"
    assignee: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    contact: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    tag: Annotated[str, msgspec.Meta(max_length=50)] | None = None
    sort: Literal["last_activity", "created", "waiting"] = "last_activity"


class MessageQuery(Input):
    """Messages after or before a `seq`; without either, the newest page."""

    after_seq: Seq | None = None
    before_seq: Seq | None = None
    limit: Limit = 50


class TimelineQuery(Input):
    """A page of the timeline; `cursor` leads to what is older."""

    limit: Limit = 50
    cursor: Cursor | None = None


class SnoozeIn(Input):
    """Until an instant, or null: until the customer's next reply."""

    until: Instant | None


class AssignIn(Input):
    """An operator's id, or null for nobody."""

    assignee_id: Id | None


class ReadIn(Input):
    """How far the caller has read."""

    seq: Seq


class ConversationPatch(Input):
    """Fields to change; what isn't sent stays, null clears."""

    subject: Annotated[str, msgspec.Meta(max_length=200)] | msgspec.UnsetType | None = msgspec.UNSET
    priority: Priority | msgspec.UnsetType | None = msgspec.UNSET
    tags: Annotated[list[str], msgspec.Meta(max_length=TAGS)] | msgspec.UnsetType = msgspec.UNSET


class BulkIn(Input):
    """One action on up to 200 conversations."""

    ids: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=200)]
    action: Literal["open", "close", "snooze", "assign"]
    until: str | None = None
    assignee_id: Id | None = None


class QueueCountsOut(Output):
    """How many in all, and how many of them are the caller's or nobody's."""

    all: int
    mine: int
    unassigned: int


class CountsOut(Output):
    """Open conversations, and those with messages that nobody answered and the caller hasn't read.

    They follow what happens within moments.
    """

    open: QueueCountsOut
    unread: QueueCountsOut


class BulkResultOut(Output):
    """What became of one conversation; `code` tells why it failed."""

    id: str
    ok: bool
    code: str | None = None


class BulkOut(Output):
    """One result per id, in the order asked."""

    data: list[BulkResultOut]


class NewVisitorConversation(Input):
    """A first message to a visitor who is online."""

    text: str
    client_id: ClientId
