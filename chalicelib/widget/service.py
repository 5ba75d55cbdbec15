"""Starting a widget's session."""

from __future__ import annotations

import re
from typing import Any

from chalicelib.auth import service as auth
from chalicelib.contacts import service as contacts
from chalicelib.conversations import service as conversations
from chalicelib.conversations.schemas import FaceOut
from chalicelib.edge.answers import ErrorOut
from chalicelib.kit import locales
from chalicelib.kit.actors import Context, Nobody
from chalicelib.kit.lenient import Lenient
from chalicelib.kit.problems import invalid
from chalicelib.visitors import service as visitors
from chalicelib.visitors.schemas import PageIn
from chalicelib.widget.schemas import ConfigOut, SessionIn, SessionOut
from chalicelib.workspaces import service as workspaces

_FACES = 3
_ZONE = re.compile(r"[\w+/-]{0,60}", re.ASCII)
_NO_LOCALE = (None, "", "C", "POSIX")
_LONGEST_PAGE_TEXT = 4_096


def start(ctx: Context[Nobody], body: SessionIn) -> SessionOut:
    """Recognise a browser and hand it a token, the workspace's settings and its unread count.

    A visitor who hasn't written costs one write, whatever it claims; a contact two reads more.

    Raises:
        Missing: No workspace has this widget key.
        Forbidden: The workspace requires proof of identity and there is none.
    """
    workspace = workspaces.get_by_widget_key(body.widget_key)
    lenient = Lenient()
    locale = _locale(body.locale, lenient)
    time_zone = lenient.read("time_zone", body.time_zone or "", _zone, "")
    identification = contacts.identify(
        contacts.Arrival(
            workspace_id=workspace.id,
            widget_key=workspace.widget_key,
            visitor_secret=body.visitor_secret,
            identity=body.identity,
            mode=workspace.identity_mode,
            secrets={each.id: each.secret for each in workspace.secrets},
            locale=locale,
            time_zone=time_zone,
            now=ctx.now,
        )
    )
    visitor = identification.visitor
    visitors.save_arrival(
        visitor,
        visitors.Arrival(_page(body.page, lenient), locale, time_zone, ctx.client),
        ctx.now,
    )
    is_contact = identification.contact is not None
    return SessionOut(
        token=contacts.mint(visitor, ctx.now),
        expires_in=int(contacts.TOKEN_LIFE.total_seconds()),
        visitor_id=visitor.id,
        visitor_secret=identification.visitor_secret,
        contact_id=visitor.contact_id if is_contact else None,
        verified=visitor.verified,
        config=_config(workspace),
        broadcasts=[],
        unread=conversations.count_unread(workspace.id, visitor.contact_id) if is_contact else 0,
        ignored=[
            ErrorOut(field=each.field, message=each.message)
            for each in (*identification.ignored, *lenient.ignored)
        ],
    )


def _page(raw: Any, lenient: Lenient) -> PageIn:
    if not isinstance(raw, dict):
        if raw is not None:
            lenient.drop("page", "must be an object")
        return PageIn(url="")
    names = ("url", "title", "referrer")
    lenient.note_unknown("page", raw, names)
    return PageIn(
        **{name: lenient.read(f"page.{name}", raw.get(name, ""), _page_text, "") for name in names}
    )


def _page_text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise invalid(name, "must be a text")
    return value[:_LONGEST_PAGE_TEXT]


def _locale(raw: Any, lenient: Lenient) -> str:
    locale = locales.canonical(raw)
    if not locale and raw not in _NO_LOCALE:
        lenient.drop("locale", "is not a locale such as de or de-AT")
    return locale


def _zone(name: str, value: Any) -> str:
    if not isinstance(value, str) or not _ZONE.fullmatch(value):
        raise invalid(name, "is not a time zone such as Europe/Berlin")
    return value


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
