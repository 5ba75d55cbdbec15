"""Fills a running machine's tables as a busy team's would be, straight through the stores.

    FOYER_DYNAMODB_ENDPOINT=… python -m tests.bench.data <workspace> <operator id> > people.json

10,000 open conversations of as many contacts, 59,000 messages; the last conversations get 60
messages each, so that there are 50 to read. Prints {"talking": [[token, conversation], …],
"fresh": [token, …], "rows", "seconds"}: visitors who talk already, and new ones.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from chalicelib.contacts import browsers
from chalicelib.contacts import service as contacts
from chalicelib.contacts import store as contacts_store
from chalicelib.conversations.domain import Thread
from chalicelib.conversations.rows import Conversation, ConversationData, Message
from chalicelib.kit import instants, text
from chalicelib.kit.actors import Visitor
from chalicelib.kit.ids import new_id
from chalicelib.platform import transport
from chalicelib.platform.tables.rows import Model
from chalicelib.workspaces import service as workspaces

CONVERSATIONS = 10_000
MESSAGES = 59_000
LONG = 64
LONG_MESSAGES = 60
FRESH = 6_000
SAID = (
    "hello could you please check where my order is it was sent last week and the tracking page "
    "says nothing since then I need it before Friday thank you we will look into it at once and "
    "come back to you the parcel left our warehouse on Monday sorry for the trouble"
)


def main() -> None:
    workspace_id, operator_id = sys.argv[1:]
    began = time.monotonic()
    now = instants.now()
    rolled = random.Random(1)
    talking = [visitor(workspace_id) for _ in range(CONVERSATIONS)]
    conversations = [new_id("cnv") for _ in talking]
    rows = list(all_rows(talking, conversations, operator_id, now, rolled))
    write(rows)
    known = zip(talking[-LONG:], conversations[-LONG:], strict=True)
    told = {
        "talking": [[contacts.mint(one, now), conversation] for one, conversation in known],
        "fresh": [contacts.mint(visitor(workspace_id), now) for _ in range(FRESH)],
        "rows": len(rows),
        "seconds": time.monotonic() - began,
    }
    json.dump(told, sys.stdout)


def visitor(workspace_id: str) -> Visitor:
    """Somebody new."""
    visitor_id = browsers.new_browser(workspace_id).visitor_id
    contact_id = contacts.anonymous_id(workspace_id, visitor_id)
    admitted_by = contacts.fingerprint(workspaces.settings(workspace_id).widget_key)
    return Visitor(visitor_id, workspace_id, contact_id, verified=False, admitted_by=admitted_by)


def all_rows(
    talking: list[Visitor],
    conversations: list[str],
    operator_id: str,
    now: datetime,
    rolled: random.Random,
) -> Iterator[Model]:
    """A contact, a conversation and its messages for each visitor."""
    short = (MESSAGES - LONG * LONG_MESSAGES) / (CONVERSATIONS - LONG)
    owed = 0.0
    for place, (one, conversation_id) in enumerate(zip(talking, conversations, strict=True)):
        owed += short
        count = LONG_MESSAGES if place >= CONVERSATIONS - LONG else int(owed)
        owed -= int(owed)
        began = now - timedelta(seconds=10 * (CONVERSATIONS - place))
        yield contact(one, began)
        yield from chat(one, conversation_id, operator_id, began, count, rolled)


def contact(one: Visitor, began: datetime) -> Model:
    """The anonymous contact that a visitor became."""
    row = contacts_store.new_contact(one.workspace_id, one.contact_id, began)
    contacts_store.update_search(row)
    return row


def chat(
    one: Visitor,
    conversation_id: str,
    operator_id: str,
    began: datetime,
    count: int,
    rolled: random.Random,
) -> Iterator[Model]:
    """A conversation of `count` messages, every third one ours."""
    said: list[Message] = []
    words = SAID.split()
    for seq in range(1, count + 1):
        ours = seq % 3 == 0
        said.append(
            Message(
                conversation_id=conversation_id,
                key=new_id("c")[2:],
                seq=seq,
                id=new_id("msg"),
                author_type="o" if ours else "c",
                author_id=operator_id if ours else None,
                author_name="Olga" if ours else None,
                text=" ".join(rolled.choices(words, k=rolled.randint(4, 40))),
                created_at=instants.to_text(began + timedelta(seconds=seq)),
            )
        )
    yield from said
    yield conversation(one, conversation_id, began, said)


def conversation(
    one: Visitor, conversation_id: str, began: datetime, said: list[Message]
) -> Conversation:
    """The conversation's own row, as the service would have left it."""
    last = said[-1]
    row = Conversation(
        workspace_id=one.workspace_id,
        id=conversation_id,
        last_activity_at=last.created_at,
        contact_id=one.contact_id,
        data=ConversationData(
            contact_name=f"Visitor {one.contact_id[-4:]}",
            visitor_id=one.id,
            created_at=instants.to_text(began),
            seq=len(said),
            last_author_type=last.author_type,
            last_author_id=last.author_id,
            last_author_name=last.author_name,
            last_message_text=text.preview(last.text),
            last_message_at=last.created_at,
            customer_delivered_seq=len(said),
            customer_read_seq=len(said),
            team_read_seq=len(said) // 3 * 3,
            last_team_seq=len(said) // 3 * 3,
        ),
        version=len(said),
    )
    row.apply(Thread(waiting_since=began))
    return row


def write(rows: list[Model]) -> None:
    """Put everything, 25 rows a request, which is DynamoDB's limit."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(_put, (rows[start : start + 25] for start in range(0, len(rows), 25))))


def _put(rows: list[Model]) -> None:
    tables: dict[str, list[Any]] = {}
    for row in rows:
        meta: Any = type(row).Meta
        tables.setdefault(meta.table_name, []).append({"PutRequest": {"Item": row.serialize()}})
    transport.call("BatchWriteItem", {"RequestItems": tables})


if __name__ == "__main__":
    main()
