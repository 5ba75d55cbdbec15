"""Conversations follow the people who have them: who is renamed or leaves the team."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from chalicelib.auth import service as auth
from chalicelib.auth.events import MemberRemoved, MemberUpdated
from chalicelib.conversations import states, store
from chalicelib.conversations.events import (
    ConversationAssigned,
    ConversationCreated,
    ConversationOpened,
    MemberPartFollowed,
)
from chalicelib.kit import instants
from chalicelib.kit.actors import Author, System
from chalicelib.kit.events import Recorded
from chalicelib.platform.dynamo import commit
from chalicelib.platform.outbox import Source

_AT_ONCE = 8


def follow_member(recorded: Recorded) -> None:
    """Show a new name on all conversations of a member, and give back those of who has left.

    As many as are found among some thousand; for the rest it announces where to go on. Those that
    were done are not found again, so it may be repeated.
    """
    event = recorded.event
    if not isinstance(event, MemberUpdated | MemberRemoved | MemberPartFollowed):
        return
    if isinstance(event, MemberUpdated) and "name" not in event.fields:
        return
    before = event.before if isinstance(event, MemberPartFollowed) else None
    by = Source(recorded.workspace_id, recorded.actor, instants.read(recorded.at))
    known = auth.find(by.workspace_id, event.user_id)
    name = known.name if known else None
    found, rest = store.had_by(by.workspace_id, event.user_id, name, before)
    follow = partial(states.follow_assignee, by.workspace_id, by=by)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(follow, found))
    if rest is not None:
        commit(events=[MemberPartFollowed(user_id=event.user_id, before=rest)], by=by)


def follow_assignment(recorded: Recorded) -> None:
    """See to one that was given to somebody who left, or was renamed, at the same moment.

    And to one that was closed then and is open again.
    """
    event = recorded.event
    if not isinstance(event, ConversationAssigned | ConversationCreated | ConversationOpened):
        return
    if isinstance(event, ConversationCreated) and recorded.actor.type != "operator":
        return
    foyer = System(recorded.workspace_id)
    author = Author("system", foyer.id, foyer.name)
    by = Source(foyer.workspace_id, author, instants.read(recorded.at))
    states.follow_assignee(by.workspace_id, event.conversation_id, by=by)
