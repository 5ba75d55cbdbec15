"""How many conversations are open, and how many of them unread. Part of the conversations service.

The numbers are kept, not counted by reading. What each conversation has added to them stands in a
row of its own, so a reaction compares that with how the conversation is now and moves the numbers
by the difference, in one transaction: seen twice, late or in another order, an event changes
nothing more. It looks again after it has written, so whoever writes last has seen how it is.

What is unread differs from one reader to the next: it is what nobody has answered, less what the
reader has read of that. Each queue (an assignee's, or nobody's) has both numbers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

from chalicelib.conversations import store
from chalicelib.conversations.count_rows import Count
from chalicelib.conversations.domain import NOBODY, Tally
from chalicelib.conversations.rows import Conversation, reader_mark
from chalicelib.conversations.schemas import CountsOut, QueueCountsOut
from chalicelib.kit.actors import Context, Operator
from chalicelib.platform.tables import due
from chalicelib.platform.tables.commits import commit, retry_on_conflict, save

COUNT = "conversation.count"
"""What is due when a workspace has conversations of before there were counts."""
_ALL_KEY = "queue"
"""The row that says that all is counted; the queues' own begin with it."""
_AT_ONCE = 8


def get_counts(ctx: Context[Operator]) -> CountsOut:
    """How many are open and how many unread to the caller: all, theirs, nobody's. Two queries.

    A workspace of before there were counts is counted within a minute of being asked first.
    """
    queues = store.counts(ctx.workspace_id, _ALL_KEY)
    own = store.counts(ctx.workspace_id, f"reader#{reader_mark(ctx.actor.id)}#")
    if all(row.key != _ALL_KEY for row in queues):
        commit(due.at(ctx.now, COUNT, ctx.workspace_id, "all"))
    open_, unread = Counter[str](), Counter[str]()
    for row in queues:
        queue = row.key.partition("#")[2]
        open_[queue] += int(row.open)
        unread[queue] += int(row.unanswered)
    for row in own:
        unread[row.key.rpartition("#")[2]] -= int(row.read)
    return CountsOut(open=_queue_counts(ctx, open_), unread=_queue_counts(ctx, unread))


@retry_on_conflict
def count(workspace_id: str, conversation_id: str, row: Conversation | None = None) -> None:
    """Bring the counts up to date with one conversation. `row` saves reading it at first.

    One read unit where nothing changes; else a transaction of two or three rows and one unit more.
    """
    kept = store.tally_row(conversation_id)
    row = row or store.conversation(workspace_id, conversation_id)
    while (new := row.tally if row else Tally()) != kept.tally:
        former, kept.tally = kept.tally, new
        moved = _differences(former, new)
        commit(
            save(kept),
            *(store.add_to_count(workspace_id, key, added) for key, added in moved.items()),
        )
        row = store.conversation(workspace_id, conversation_id)


def count_all(workspace_id: str, before: str, now: datetime) -> None:
    """Count what has been open since before there were counts: some hundred, then it goes on.

    `before` is the activity to go on from, `all` at first.
    """
    found = store.list_open(workspace_id, None if before == "all" else before)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(partial(count, workspace_id), [row.id for row in found]))
    if len(found) == store.LOOKED_AT and found[-1].last_activity_at != before:
        commit(due.at(now, COUNT, workspace_id, found[-1].last_activity_at))
    else:
        commit(save(Count(workspace_id=workspace_id, key=_ALL_KEY)))


def _differences(before: Tally, after: Tally) -> dict[str, dict[str, int]]:
    """By row and name, what is to be added to the counts."""
    old, new = before.entries(), after.entries()
    moved: dict[str, dict[str, int]] = defaultdict(dict)
    for key, name in {**old, **new}:
        if difference := new[key, name] - old[key, name]:
            moved[key][name] = difference
    return moved


def _queue_counts(ctx: Context[Operator], numbers: Counter[str]) -> QueueCountsOut:
    return QueueCountsOut(
        all=max(0, sum(numbers.values())),
        mine=max(0, numbers[ctx.actor.id]),
        unassigned=max(0, numbers[NOBODY]),
    )
