"""Who is connected to whom, on one screen.

`app.py` takes everything from here: routes, socket actions, who reacts to which event, what the
clock does, and which module reads which credential.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from chalicelib.auth import reactions as auth_reactions
from chalicelib.auth import routes as auth_routes
from chalicelib.auth import service as auth
from chalicelib.auth.events import (
    MemberJoined,
    MemberRemoved,
    MemberSignedOut,
    MemberUninvited,
    MemberUpdated,
)
from chalicelib.contacts import frames as contacts_frames
from chalicelib.contacts import reactions as contacts_reactions
from chalicelib.contacts import routes as contacts_routes
from chalicelib.contacts import service as contacts
from chalicelib.contacts.events import ContactCreated, ContactMerged, ContactUpdated
from chalicelib.conversations import actions as conversations_actions
from chalicelib.conversations import following as conversations_following
from chalicelib.conversations import frames as conversations_frames
from chalicelib.conversations import jobs as conversations_jobs
from chalicelib.conversations import reactions as conversations_reactions
from chalicelib.conversations import routes as conversations_routes
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
from chalicelib.kit.actors import Actor, Operator, Visitor
from chalicelib.kit.events import Event
from chalicelib.lanes import LANES
from chalicelib.realtime import actions as realtime_actions
from chalicelib.realtime import routes as realtime_routes
from chalicelib.realtime import service as realtime
from chalicelib.visitors import actions as visitors_actions
from chalicelib.visitors import frames as visitors_frames
from chalicelib.visitors import reactions as visitors_reactions
from chalicelib.visitors import routes as visitors_routes
from chalicelib.visitors import service as visitors
from chalicelib.widget import routes as widget_routes
from chalicelib.workspaces import routes as workspaces_routes
from chalicelib.workspaces.events import WorkspaceUpdated

MODULES: tuple[Api, ...] = (
    auth_routes.api,
    workspaces_routes.api,
    contacts_routes.api,
    conversations_routes.api,
    visitors_routes.api,
    realtime_routes.api,
    widget_routes.api,
)
ACTIONS: Mapping[str, Action] = {
    action.name: action
    for action in (
        *realtime_actions.ACTIONS,
        *visitors_actions.ACTIONS,
        *conversations_actions.ACTIONS,
    )
}

PUSHES: tuple[Push, ...] = (
    *contacts_frames.PUSHES,
    *conversations_frames.PUSHES,
    *visitors_frames.PUSHES,
)

ROUTES: tuple[Api, ...] = (*MODULES, meta.api_about(MODULES, ACTIONS.values(), PUSHES))

AUTHENTICATORS: Mapping[str, identities.Authenticate] = {
    "operator": auth.authenticate,
    "visitor": contacts.authenticate,
}

TOPICS: Mapping[str, realtime.Topic] = {
    "conversations": realtime.Topic(conversations.may_watch_list),
    "conversation": realtime.Topic(conversations.may_watch, home="conversations"),
    "visitors": realtime.Topic(visitors.may_watch),
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
    MessageCreated: [conversations_reactions.show_message],
    MessageRead: [conversations_reactions.show_reading],
    ConversationCreated: [
        conversations_following.follow_beginning,
        conversations_reactions.show_conversation,
        conversations_reactions.note_chat,
        conversations_following.follow_assignment,
    ],
    ConversationOpened: [
        conversations_reactions.keep_change,
        conversations_reactions.show_conversation,
        conversations_reactions.note_chat,
        conversations_following.follow_assignment,
    ],
    ConversationClosed: [
        conversations_reactions.keep_change,
        conversations_reactions.show_conversation,
        conversations_reactions.note_chat,
    ],
    ConversationSnoozed: [
        conversations_reactions.keep_change,
        conversations_reactions.show_conversation,
    ],
    ConversationAssigned: [
        conversations_reactions.keep_change,
        conversations_reactions.show_conversation,
        conversations_following.follow_assignment,
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

SUBSCRIBERS: Subscribers = queueing.joined(_ON_THE_STREAM, LANES)
"""Every event there is, those that nobody here reacts to included: they are for the feed."""

FEED_ONLY: frozenset[type[Event]] = frozenset({MemberJoined, MemberUninvited, WorkspaceUpdated})
"""Recorded for the feed; nobody reacts to them."""

TIMELINE: Sequence[conversations.EntryKind] = (conversations.MESSAGES, conversations.CHANGES)
"""What a conversation's timeline holds. New kinds go to the end: cursors count on the order."""

DUE: Mapping[str, clock.Handler] = {
    conversations.WAKE: conversations_jobs.wake,
}

JOBS: Sequence[clock.Job] = (
    partial(consume.see_to_parked, SUBSCRIBERS),
    conversations_jobs.migrate_snoozes,
    partial(clock.do_what_is_due, DUE),
)

identities.learn(AUTHENTICATORS)
conversations.register_timeline(TIMELINE)
realtime.register(TOPICS, GUARDS, STANDING)
