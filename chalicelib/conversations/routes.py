"""Conversations over HTTP: the operators' side and the customers'."""

from __future__ import annotations

from chalicelib.conversations import service
from chalicelib.conversations.schemas import (
    AssignIn,
    BulkIn,
    BulkOut,
    ConversationOut,
    ConversationPatch,
    ConversationQuery,
    CountsOut,
    CustomerConversationOut,
    MessageOut,
    MessageQuery,
    NewConversation,
    NewCustomerConversation,
    NewMessage,
    NewVisitorConversation,
    ReadIn,
    SnoozeIn,
    StartedOut,
    TimelineQuery,
)
from chalicelib.edge.http import Api
from chalicelib.edge.pages import Page, PageQuery
from chalicelib.edge.wire import Output
from chalicelib.kit.actors import Context, Operator, Visitor
from chalicelib.kit.grants import Grant
from chalicelib.visitors import service as visitors

api = Api("conversations")


@api.get(
    "/v1/conversations",
    by=(Operator,),
    query=ConversationQuery,
    answers=Page[ConversationOut],
)
def list_conversations(ctx: Context[Operator], query: ConversationQuery) -> Page[ConversationOut]:
    """List conversations by status, assignee or contact."""
    return service.list_conversations(ctx, query)


@api.post(
    "/v1/conversations",
    by=(Operator,),
    needs=Grant.CONVERSATIONS_REPLY,
    body=NewConversation,
    answers=ConversationOut,
    status=201,
    cost=5,
)
def create_conversation(ctx: Context[Operator], body: NewConversation) -> ConversationOut:
    """Begin a conversation with a contact."""
    return service.start_as_operator(ctx, body)


@api.post(
    "/v1/conversations/bulk",
    by=(Operator,),
    needs=Grant.CONVERSATIONS_MANAGE,
    body=BulkIn,
    answers=BulkOut,
    cost=100,
)
def change_conversations(ctx: Context[Operator], body: BulkIn) -> BulkOut:
    """Open, close, snooze or assign up to 200 conversations."""
    return service.bulk(ctx, body)


@api.get("/v1/conversations/counts", by=(Operator,), answers=CountsOut)
def get_counts(ctx: Context[Operator]) -> CountsOut:
    """Count what is open and what is unread: all, the caller's, nobody's."""
    return service.get_counts(ctx)


@api.get("/v1/conversations/{id}", by=(Operator,), answers=ConversationOut)
def get_conversation(ctx: Context[Operator], id: str) -> ConversationOut:
    """Get one conversation."""
    return service.get(ctx, id)


@api.patch(
    "/v1/conversations/{id}",
    by=(Operator,),
    needs=Grant.CONVERSATIONS_MANAGE,
    body=ConversationPatch,
    answers=ConversationOut,
)
def update_conversation(
    ctx: Context[Operator], id: str, body: ConversationPatch
) -> ConversationOut:
    """Change subject, priority or tags."""
    return service.update(ctx, id, body)


@api.post(
    "/v1/conversations/{id}/open",
    by=(Operator,),
    needs=Grant.CONVERSATIONS_MANAGE,
    answers=ConversationOut,
)
def open_conversation(ctx: Context[Operator], id: str) -> ConversationOut:
    """Open a snoozed or closed conversation."""
    return service.open_again(ctx, id)


@api.post(
    "/v1/conversations/{id}/close",
    by=(Operator,),
    needs=Grant.CONVERSATIONS_MANAGE,
    answers=ConversationOut,
)
def close_conversation(ctx: Context[Operator], id: str) -> ConversationOut:
    """Close a conversation."""
    return service.close(ctx, id)


@api.post(
    "/v1/conversations/{id}/snooze",
    by=(Operator,),
    needs=Grant.CONVERSATIONS_MANAGE,
    body=SnoozeIn,
    answers=ConversationOut,
)
def snooze_conversation(ctx: Context[Operator], id: str, body: SnoozeIn) -> ConversationOut:
    """Put a conversation off until an instant or the customer's next reply."""
    return service.snooze(ctx, id, body.until)


@api.post(
    "/v1/conversations/{id}/assign",
    by=(Operator,),
    needs=Grant.CONVERSATIONS_MANAGE,
    body=AssignIn,
    answers=ConversationOut,
)
def assign_conversation(ctx: Context[Operator], id: str, body: AssignIn) -> ConversationOut:
    """Make somebody responsible, or nobody."""
    return service.assign(ctx, id, body.assignee_id)


@api.post(
    "/v1/conversations/{id}/claim",
    by=(Operator,),
    needs=Grant.CONVERSATIONS_MANAGE,
    answers=ConversationOut,
)
def claim_conversation(ctx: Context[Operator], id: str) -> ConversationOut:
    """Take an unassigned conversation, unless somebody was quicker."""
    return service.claim(ctx, id)


@api.post("/v1/conversations/{id}/read", by=(Operator,), needs=None, body=ReadIn)
def read_conversation(ctx: Context[Operator], id: str, body: ReadIn) -> None:
    """Note how far the caller has read."""
    service.read_as_operator(ctx, id, body.seq)


@api.get(
    "/v1/conversations/{id}/messages",
    by=(Operator,),
    query=MessageQuery,
    answers=Page[MessageOut],
)
def list_messages(ctx: Context[Operator], id: str, query: MessageQuery) -> Page[MessageOut]:
    """List messages in order, after or before a `seq`."""
    return service.list_messages(ctx, id, query)


@api.post(
    "/v1/conversations/{id}/messages",
    by=(Operator,),
    needs=Grant.CONVERSATIONS_REPLY,
    body=NewMessage,
    answers=MessageOut,
    status=201,
    cost=3,
)
def send_message(ctx: Context[Operator], id: str, body: NewMessage) -> MessageOut:
    """Send a message to the customer."""
    return service.send_as_operator(ctx, id, body)


@api.get(
    "/v1/conversations/{id}/timeline",
    by=(Operator,),
    query=TimelineQuery,
    answers=service.timeline_page_shape,
)
def get_timeline(ctx: Context[Operator], id: str, query: TimelineQuery) -> Page[Output]:
    """List messages and changes by time; the cursor leads to what is older."""
    return service.get_timeline(ctx, id, query)


@api.post(
    "/v1/visitors/{id}/conversations",
    by=(Operator,),
    needs=Grant.CONVERSATIONS_REPLY,
    body=NewVisitorConversation,
    answers=ConversationOut,
    status=201,
    cost=5,
)
def write_to_visitor(
    ctx: Context[Operator], id: str, body: NewVisitorConversation
) -> ConversationOut:
    """Begin a conversation with a visitor who is online."""
    return service.start_with_visitor(
        ctx, visitors.get_recipient(ctx, id), body.text, body.client_id
    )


@api.get(
    "/v1/widget/conversations",
    by=(Visitor,),
    query=PageQuery,
    answers=Page[CustomerConversationOut],
)
def list_own_conversations(
    ctx: Context[Visitor], query: PageQuery
) -> Page[CustomerConversationOut]:
    """List the caller's own conversations, last active first."""
    return service.list_as_visitor(ctx, query)


@api.post(
    "/v1/widget/conversations",
    by=(Visitor,),
    body=NewCustomerConversation,
    answers=StartedOut,
    status=201,
    cost=25,
    keeps=True,
)
def start_conversation(ctx: Context[Visitor], body: NewCustomerConversation) -> StartedOut:
    """Begin a conversation with its first message."""
    return service.start_as_visitor(ctx, body)


@api.get(
    "/v1/widget/conversations/{id}/messages",
    by=(Visitor,),
    query=MessageQuery,
    answers=Page[MessageOut],
)
def list_own_messages(ctx: Context[Visitor], id: str, query: MessageQuery) -> Page[MessageOut]:
    """List messages of one's own conversation, after or before a `seq`."""
    return service.list_messages_as_visitor(ctx, id, query)


@api.post(
    "/v1/widget/conversations/{id}/messages",
    by=(Visitor,),
    body=NewMessage,
    answers=MessageOut,
    status=201,
    cost=3,
    keeps=True,
)
def send_own_message(ctx: Context[Visitor], id: str, body: NewMessage) -> MessageOut:
    """Send a message to the team."""
    return service.send_as_visitor(ctx, id, body)


@api.post("/v1/widget/conversations/{id}/read", by=(Visitor,), body=ReadIn)
def read_own_conversation(ctx: Context[Visitor], id: str, body: ReadIn) -> None:
    """Note how far the caller has read."""
    service.read_as_visitor(ctx, id, body.seq)
