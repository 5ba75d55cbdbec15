"""Starting a widget's session."""

from __future__ import annotations

from chalicelib.auth import service as auth
from chalicelib.contacts import service as contacts
from chalicelib.conversations import service as conversations
from chalicelib.conversations.schemas import FaceOut
from chalicelib.kit.actors import Context, Nobody
from chalicelib.kit.problems import TooMany
from chalicelib.visitors import service as visitors
from chalicelib.widget.schemas import ConfigOut, SessionIn, SessionOut
from chalicelib.workspaces import service as workspaces

_FACES = 3
SESSIONS_PER_MINUTE = 1_200
"""From one source, which may be a whole company, or a phone network."""


def start(ctx: Context[Nobody], asked: SessionIn) -> SessionOut:
    """Recognise a browser and hand it a token, the workspace's settings and its unread count.

    An unknown anonymous visitor costs one read and one write; a contact two reads more.

    Raises:
        Missing: No workspace has this widget key.
        Forbidden: The workspace requires proof of identity and there is none.
        TooMany: The source starts them without end.
    """
    if auth.is_flood("widget-session", ctx.client.ip, SESSIONS_PER_MINUTE, ctx.now):
        raise TooMany("Too many sessions from here", retry_after=60)
    workspace = workspaces.by_widget_key(asked.widget_key)
    recognised = contacts.identify(
        contacts.Arrival(
            workspace_id=workspace.id,
            visitor_id=asked.visitor_id,
            identity=asked.identity,
            mode=workspace.identity_mode,
            secrets=tuple(each.secret for each in workspace.secrets),
            locale=asked.locale or "",
            time_zone=asked.time_zone or "",
            now=ctx.now,
        )
    )
    visitor = recognised.visitor
    visitors.arrived(
        visitor,
        visitors.Arrival(asked.page, asked.locale or "", asked.time_zone or "", ctx.client),
        ctx.now,
    )
    known = recognised.contact is not None
    return SessionOut(
        token=contacts.mint(visitor, ctx.now),
        expires_in=int(contacts.TOKEN_LIFE.total_seconds()),
        visitor_id=visitor.id,
        contact_id=visitor.contact_id if known else None,
        verified=visitor.verified,
        config=_config(workspace),
        broadcasts=[],
        unread=conversations.unread_of(workspace.id, visitor.contact_id) if known else 0,
    )


def _config(workspace: workspaces.Workspace) -> ConfigOut:
    widget = workspace.widget
    return ConfigOut(
        workspace_name=workspace.name,
        presence=widget.presence,
        presence_seconds=visitors.PRESENCE_SECONDS,
        colour=widget.colour,
        position=widget.position,
        greeting=widget.greeting,
        intro=widget.intro,
        reply_expectation=widget.reply_expectation,
        launcher_hidden=widget.launcher_hidden,
        theme=widget.theme,
        team=[FaceOut(name=name) for _, name in auth.team(workspace.id)[:_FACES]],
    )
