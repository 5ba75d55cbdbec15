"""Frames about conversations: what clients send, what the team and the customer are sent."""

from __future__ import annotations

from typing import Literal

from chalicelib.conversations.events import (
    ConversationAssigned,
    ConversationClosed,
    ConversationCreated,
    ConversationOpened,
    ConversationSnoozed,
    ConversationUpdated,
    MessageCreated,
    MessageRead,
)
from chalicelib.conversations.schemas import (
    CustomerConversationOut,
    MessageOut,
    PersonOut,
    SharedConversationOut,
)
from chalicelib.edge.frames import Frame, Push
from chalicelib.edge.wire import Output
from chalicelib.kit.actors import Author, Operator, Visitor
from chalicelib.kit.ids import Id


class TypingFrame(Frame):
    """`typing`: the caller writes in this conversation; hold for some seconds."""

    conversation_id: Id


class ViewingFrame(Frame):
    """`viewing`: the caller looks at this entity; repeat within a minute."""

    entity: Id


class ConversationPush(Output):
    """A conversation changed, as the team sees it, and who did it."""

    conversation: SharedConversationOut
    actor: Author


class CustomerConversationPush(Output):
    """A conversation changed, as its customer sees it."""

    conversation: CustomerConversationOut


class MessagePush(Output):
    """A new message, and its conversation as the team sees it."""

    message: MessageOut
    conversation: SharedConversationOut


class CustomerMessagePush(Output):
    """A new message, and its conversation as its customer sees it."""

    message: MessageOut
    conversation: CustomerConversationOut


class CustomerReadPush(Output):
    """One side has read, or its browser has got, all messages up to `seq`."""

    conversation_id: str
    by: Literal["customer", "team"]
    seq: int
    state: Literal["delivered", "read"]


class ReadPush(CustomerReadPush):
    """The same with who of them, which the team alone is told; null where it was only delivered."""

    reader_id: str | None


class TypingPush(Output):
    """Somebody writes; show it for some seconds."""

    conversation_id: str
    author: Author


class ConversationGonePush(Output):
    """A conversation is no more in the list that one follows; it goes on elsewhere."""

    conversation_id: str


class ViewingPush(Output):
    """Who looks at this entity."""

    entity: str
    operators: list[PersonOut]


CONVERSATION_GONE = "conversation.gone"

PUSHES = (
    Push(
        (
            ConversationCreated.name,
            ConversationOpened.name,
            ConversationClosed.name,
            ConversationSnoozed.name,
            ConversationAssigned.name,
            ConversationUpdated.name,
        ),
        (Operator,),
        ConversationPush,
    ),
    Push(
        (
            ConversationCreated.name,
            ConversationOpened.name,
            ConversationClosed.name,
            ConversationAssigned.name,
            ConversationUpdated.name,
        ),
        (Visitor,),
        CustomerConversationPush,
    ),
    Push((CONVERSATION_GONE,), (Operator,), ConversationGonePush),
    Push((MessageCreated.name,), (Operator,), MessagePush),
    Push((MessageCreated.name,), (Visitor,), CustomerMessagePush),
    Push((MessageRead.name,), (Operator,), ReadPush),
    Push((MessageRead.name,), (Visitor,), CustomerReadPush),
    Push(("typing",), (Operator, Visitor), TypingPush),
    Push(("viewing",), (Operator,), ViewingPush),
)
