"""Who is connected to whom, on one screen.

`app.py` takes everything from here: routes, socket actions, who reacts to which event, what the
clock does, and which module reads which credential.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from chalicelib.auth import module as auth_module
from chalicelib.auth import reactions as auth_reactions
from chalicelib.auth import service as auth
from chalicelib.auth.events import (
    MemberJoined,
    MemberRemoved,
    MemberSignedOut,
    MemberUninvited,
    MemberUpdated,
)
from chalicelib.contacts import module as contacts_module
from chalicelib.contacts import reactions as contacts_reactions
from chalicelib.contacts import service as contacts
from chalicelib.contacts.events import ContactCreated, ContactMerged, ContactUpdated
from chalicelib.conversations import following as conversations_following
from chalicelib.conversations import module as conversations_module
from chalicelib.conversations import reactions as conversations_reactions
from chalicelib.conversations import service as conversations
from chalicelib.conversations.events import (
    ContactPartFollowed,
    ConversationAssigned,
    ConversationClosed,
    ConversationCreated,
    ConversationOpened,
    ConversationSnoozed,
    ConversationUpdated,
    MemberPartFollowed,
    MessageCreated,
    MessageRead,
)
from chalicelib.edge import clock, consume, identities, meta, queueing
from chalicelib.edge.consume import Subscribers
from chalicelib.edge.frames import Action, Connections, Push
from chalicelib.edge.http import Api
from chalicelib.edge.modules import Module, merge
from chalicelib.kit.actors import Actor, Operator, Visitor
from chalicelib.kit.events import Event
from chalicelib.lanes import LANES
from chalicelib.realtime import module as realtime_module
from chalicelib.realtime import service as realtime
from chalicelib.visitors import module as visitors_module
from chalicelib.visitors import reactions as visitors_reactions
from chalicelib.widget import module as widget_module
from chalicelib.workspaces import module as workspaces_module
from chalicelib.workspaces.events import WorkspaceUpdated

MODULES: tuple[Module, ...] = (
    auth_module.MODULE,
    workspaces_module.MODULE,
    contacts_module.MODULE,
    conversations_module.MODULE,
    visitors_module.MODULE,
    realtime_module.MODULE,
    widget_module.MODULE,
)
"""Every module's own declarations. What connects them with each other stands below."""

ACTIONS: Mapping[str, Action] = {each.name: each for one in MODULES for each in one.actions}
PUSHES: tuple[Push, ...] = tuple(each for one in MODULES for each in one.pushes)
IDS: Mapping[str, Sequence[str]] = merge(one.ids for one in MODULES)
TOPICS: Mapping[str, realtime.Topic] = merge(one.topics for one in MODULES)
DUE: Mapping[str, clock.Handler] = merge(one.due for one in MODULES)

_APIS = tuple(one.routes for one in MODULES)
ROUTES: tuple[Api, ...] = (*_APIS, meta.api_about(_APIS, ACTIONS.values(), PUSHES, IDS))

AUTHENTICATORS: Mapping[str, identities.Authenticate] = {
    "operator": auth.authenticate,
    "visitor": contacts.authenticate,
}

GUARDS: Mapping[type[Actor], realtime.Guard] = {
    Operator: auth.check_session,
    Visitor: contacts.check_visitor,
}

STANDING: Mapping[type[Actor], Callable[[Any], None]] = {Visitor: contacts.check_admission}

CONNECTIONS = Connections(
    open=realtime.open_connection,
    find_actor=realtime.find_actor,
    send=realtime.send,
    disconnect=realtime.disconnect,
)

# What is quick and ours; what is slow or outside goes through the queues of `lanes.py`.
_ON_THE_STREAM: Subscribers = {
    MessageCreated: [conversations_reactions.show_message, conversations_reactions.count],
    MessageRead: [conversations_reactions.show_reading, conversations_reactions.count],
    ConversationCreated: [
        conversations_following.follow_beginning,
        conversations_reactions.show_conversation,
        conversations_reactions.note_chat,
        conversations_following.follow_assignment,
        conversations_reactions.count,
    ],
    ConversationOpened: [
        conversations_reactions.keep_change,
        conversations_reactions.show_conversation,
        conversations_reactions.note_chat,
        conversations_following.follow_assignment,
        conversations_reactions.count,
    ],
    ConversationClosed: [
        conversations_reactions.keep_change,
        conversations_reactions.show_conversation,
        conversations_reactions.note_chat,
        conversations_reactions.count,
    ],
    ConversationSnoozed: [
        conversations_reactions.keep_change,
        conversations_reactions.show_conversation,
        conversations_reactions.count,
    ],
    ConversationAssigned: [
        conversations_reactions.keep_change,
        conversations_reactions.show_conversation,
        conversations_following.follow_assignment,
        conversations_reactions.count,
    ],
    ConversationUpdated: [
        conversations_following.follow_beginning,
        conversations_reactions.show_conversation,
    ],
    ContactCreated: [contacts_reactions.show_contact],
    ContactUpdated: [
        contacts_reactions.end_sockets,
        visitors_reactions.end_visits,
        contacts_reactions.show_contact,
        conversations_following.follow_contact,
    ],
    ContactMerged: [
        contacts_reactions.show_contact,
        conversations_following.follow_contact,
    ],
    MemberRemoved: [auth_reactions.end_sockets, conversations_following.follow_member],
    MemberUpdated: [auth_reactions.end_sockets, conversations_following.follow_member],
    ContactPartFollowed: [conversations_following.follow_contact],
    MemberPartFollowed: [conversations_following.follow_member],
    MemberSignedOut: [auth_reactions.end_sockets],
}

SUBSCRIBERS: Subscribers = queueing.join(_ON_THE_STREAM, LANES)
"""Every event there is, those that nobody here reacts to included: they are for the feed."""

FEED_ONLY: frozenset[type[Event]] = frozenset({MemberJoined, MemberUninvited, WorkspaceUpdated})
"""Recorded for the feed; nobody reacts to them."""

TIMELINE: Sequence[conversations.EntryKind] = (conversations.MESSAGES, conversations.CHANGES)
"""What a conversation's timeline holds. New kinds go to the end: cursors count on the order."""

JOBS: Sequence[clock.Job] = (
    partial(consume.see_to_parked, SUBSCRIBERS),
    *(job for one in MODULES for job in one.jobs),
    partial(clock.do_what_is_due, DUE),
)

identities.register(AUTHENTICATORS)
conversations.register_timeline(TIMELINE)
realtime.register(TOPICS, GUARDS, STANDING)
