"""Conversations follow their people: contacts, and members who are renamed or leave the team.

Whatever is written with what a person was a moment before is found again, by the reaction to that
writing itself: it looks at the person as they are then.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from chalicelib.auth import service as auth
from chalicelib.auth.events import MemberRemoved, MemberUpdated
from chalicelib.contacts.events import ContactMerged, ContactUpdated
from chalicelib.conversations import lists, states, store
from chalicelib.conversations.events import (
    ContactPartFollowed,
    ConversationAssigned,
    ConversationCreated,
    ConversationOpened,
    ConversationUpdated,
    MemberPartFollowed,
)
from chalicelib.kit import instants
from chalicelib.kit.actors import Source, System
from chalicelib.kit.events import Recorded
from chalicelib.platform.tables.commits import commit

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
    by = Source(recorded.workspace_id, recorded.actor, instants.from_text(recorded.at))
    colleague = auth.find_colleague(by.workspace_id, event.user_id)
    name = colleague.name if colleague else None
    ids, rest = store.list_ids_of_assignee(by.workspace_id, event.user_id, name, before)
    follow = partial(states.follow_assignee, by.workspace_id, by=by)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(follow, ids))
    if rest is not None:
        commit(events=[MemberPartFollowed(user_id=event.user_id, before=rest)], by=by)


def follow_contact(recorded: Recorded) -> None:
    """Bring conversations along when their contact changes, or proves to be another.

    As many as one query of the index finds; for the rest it announces where to go on.
    """
    event = recorded.event
    if not isinstance(event, ContactUpdated | ContactMerged | ContactPartFollowed):
        return
    before = None
    held_by = event.contact_id
    if isinstance(event, ContactMerged):
        held_by = event.merged_id
    elif isinstance(event, ContactPartFollowed):
        held_by, before = event.held_by, event.before
    by = Source(recorded.workspace_id, recorded.actor, instants.from_text(recorded.at))
    ids, rest = lists.list_ids_of_contact(by.workspace_id, held_by, before)
    follow = partial(states.follow_contact, by.workspace_id, by=by)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(follow, ids))
    if rest is not None:
        more = ContactPartFollowed(contact_id=event.contact_id, held_by=held_by, before=rest)
        commit(events=[more], by=by)


def follow_beginning(recorded: Recorded) -> None:
    """See to one that was begun, or moved, while its contact changed. Two read units."""
    event = recorded.event
    if not isinstance(event, ConversationCreated | ConversationUpdated):
        return
    if isinstance(event, ConversationUpdated) and "contact" not in event.fields:
        return
    by = Source(recorded.workspace_id, recorded.actor, instants.from_text(recorded.at))
    states.follow_contact(by.workspace_id, event.conversation_id, by=by)


def follow_assignment(recorded: Recorded) -> None:
    """See to one that was given to somebody who left, or was renamed, at the same moment.

    And to one that was closed then and is open again.
    """
    event = recorded.event
    if not isinstance(event, ConversationAssigned | ConversationCreated | ConversationOpened):
        return
    if isinstance(event, ConversationCreated) and recorded.actor.type != "operator":
        return
    by = Source.of(System(recorded.workspace_id), instants.from_text(recorded.at))
    states.follow_assignee(by.workspace_id, event.conversation_id, by=by)
