"""Where conversations, their messages and their changes are kept.

| question                                | asked of                  | key                        |
|-----------------------------------------|---------------------------|----------------------------|
| one conversation                        | conversations             | workspace_id + id          |
| a workspace's, by status, last active   | conversations by_activity | "<workspace>#<status>"     |
| a workspace's, newest first             | conversations             | workspace_id, backwards    |
| somebody's or nobody's, not closed      | conversations by_assignee | "<workspace>#<who, none>"  |
| all that somebody ever had              | conversations             | workspace_id, filtered     |
| a contact's                             | conversations by_contact  | contact_id, backwards      |
| what was snoozed by earlier versions    | conversations by_due      | "due#<shard>"              |
| a message by its client's id (resends)  | messages                  | conversation_id, client id |
| a conversation's messages in order      | messages by_seq           | conversation_id, seq       |
| which conversation a first message made | messages                  | "start#<who>" + client id  |
| what was done to a conversation         | timeline                  | conversation_id, event id  |
| how many are open, unanswered, in queues| conversations-counts      | workspace_id + "queue…"    |
| how many of those somebody has read     | conversations-counts      | workspace_id + "reader…"   |
| what one has added to those counts      | conversations-counts      | conversation_id            |

The rows themselves are in `rows`. Instants are `instants.to_text` text.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from chalicelib.conversations.count_rows import Count, TallyData, TallyRow
from chalicelib.conversations.rows import Change, Conversation, Message, status_key
from chalicelib.platform.tables.commits import Write

DUE_SHARDS = 4
"""Of by_due, which nothing is added to any more: see `platform.tables.due`."""
LOOKED_AT = 500
"""Rows that `had_by` looks at, with each of four queries."""


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


def newest_messages(row: Conversation, before_seq: int | None, limit: int) -> list[Message]:
    """The last messages before a seq, oldest first; without one, the last of all.

    Read at half price, and again in full if one is missing.
    """
    last = row.data.seq
    before = last + 1 if before_seq is None else min(before_seq, last + 1)
    messages = messages_before(row.id, before, limit)
    expected = min(limit, max(0, before - 1))
    if len(messages) < expected or (messages and messages[-1].seq != before - 1):
        messages = messages_before(row.id, before, limit, consistent=True)
    return messages


def changes_before(conversation_id: str, change_id: str | None, limit: int) -> list[Change]:
    """The last changes before `change_id`, newest first."""
    older = Change.id < change_id if change_id else None
    return list(Change.query(conversation_id, older, scan_index_forward=False, limit=limit))


def list_legacy_snoozes(limit: int) -> list[tuple[str, str]]:
    """(workspace id, conversation id) of what an earlier version snoozed; two units if nothing."""
    return [
        (row.workspace_id, row.id)
        for shard in range(DUE_SHARDS)
        for row in Conversation.by_due.query(f"due#{shard}", limit=limit)
    ]


def list_ids_of_assignee(
    workspace_id: str, assignee: str, but: str | None, before: str | None
) -> tuple[list[str], str | None]:
    """Ids of somebody's conversations, newest first, and where to go on (None at the end).

    Without those that show them as `but` already; with None, without the closed ones. It doesn't
    ask an index, which may not know yet what was assigned a moment ago.
    """
    older = Conversation.id < before if before else None
    other = Conversation.status != "closed" if but is None else Conversation.assignee_name != but
    rows = Conversation.query(
        workspace_id, older, (Conversation.assignee_id == assignee) & other,
        scan_index_forward=False, consistent_read=True, page_size=LOOKED_AT,
    )  # fmt: skip
    pages = rows.page_iter
    ids = [str(item["id"]["S"]) for page in islice(pages, 4) for item in page["Items"]]
    place = pages.last_evaluated_key
    return ids, str(place["id"]["S"]) if place else None


def list_open(workspace_id: str, before: str | None) -> list[Conversation]:
    """Open ones, the last active first, from an instant back: at most `LOOKED_AT`."""
    until = Conversation.last_activity_at <= before if before else None
    key = status_key(workspace_id, "open")
    rows = Conversation.by_activity.query(key, until, scan_index_forward=False, limit=LOOKED_AT)
    return list(rows)


def tally_row(conversation_id: str) -> TallyRow:
    """What a conversation has added to the counts, a new row if nothing yet: one read unit."""
    try:
        return TallyRow.get(conversation_id, "counted", consistent_read=True)
    except TallyRow.DoesNotExist:
        return TallyRow(conversation_id=conversation_id, data=TallyData())


def counts(workspace_id: str, key: str) -> list[Count]:
    """The counts whose key begins so: half a read unit for some fifty."""
    return list(Count.query(workspace_id, Count.key.startswith(key)))


def add_to_count(workspace_id: str, key: str, added: Mapping[str, int]) -> Write:
    """Move some numbers of a row up or down."""
    row = Count(workspace_id=workspace_id, key=key)
    actions = [getattr(Count, name).add(number) for name, number in added.items()]
    return Write("update", row.get_update_kwargs_from_instance(actions=actions))
