"""A visitor's session token, and what it stands on: part of the contacts service.

A token names what let its visitor in: the widget's key, and the identity secret that vouched for
who it is. Where one of them is gone, or the workspace asks for more proof since, the session has
ended. That is asked of the workspace's settings, which a process holds for ten seconds anyway.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from chalicelib.contacts import blocking
from chalicelib.edge import tokens
from chalicelib.kit.actors import Visitor
from chalicelib.kit.problems import Unauthenticated
from chalicelib.workspaces import service as workspaces

TOKEN_LIFE = timedelta(hours=12)


def mint(visitor: Visitor, now: datetime) -> str:
    """A session token for a visitor; it lives `TOKEN_LIFE`."""
    payload = {
        "sub": visitor.id,
        "ws": visitor.workspace_id,
        "con": visitor.contact_id,
        "ver": visitor.verified,
        "adm": visitor.admitted_by,
        "vou": visitor.vouched_by,
        "nam": visitor.names_itself,
        "loc": [visitor.locale, visitor.time_zone],
        "cla": visitor.claims,
    }
    return tokens.mint("visitor", payload, now=now, life=TOKEN_LIFE)


def authenticate(claims: tokens.Claims, now: datetime) -> Visitor:
    """The visitor of a verified session token. One read unit in ten seconds for a workspace.

    Raises:
        Unauthenticated: What let it in doesn't count any more (`auth.session_ended`).
        Forbidden: It was blocked here just now.
    """
    del now
    payload = claims.payload
    try:
        visitor = Visitor(
            id=str(payload["sub"]),
            workspace_id=str(payload["ws"]),
            contact_id=str(payload["con"]),
            verified=bool(payload["ver"]),
            admitted_by=str(payload["adm"]),
            vouched_by=str(payload["vou"]),
            names_itself=bool(payload["nam"]),
            locale=str(payload["loc"][0]),
            time_zone=str(payload["loc"][1]),
            claims=dict(payload["cla"]),
        )
    except KeyError as error:
        raise Unauthenticated("This credential isn't valid", code="auth.invalid_token") from error
    check_admission(visitor)
    return visitor


def check_admission(visitor: Visitor) -> None:
    """Make sure that what let a visitor in still counts. No read while the settings are held.

    Raises:
        Unauthenticated: The widget has another key, the secret that vouched is gone, or the
            workspace takes its word no more.
        Forbidden: It was blocked here just now.
    """
    blocking.check_not_blocked_lately(visitor)
    try:
        workspace = workspaces.settings(visitor.workspace_id)
    except workspaces.NoWorkspace as error:
        raise session_ended_problem() from error
    mode = workspace.identity_mode
    vouching = {each.id for each in workspace.secrets} if mode != "off" else set()
    if (
        visitor.admitted_by != fingerprint(workspace.widget_key)
        or (visitor.verified and visitor.vouched_by not in vouching)
        or (mode == "required" and visitor.names_itself and not visitor.verified)
    ):
        raise session_ended_problem()


def session_ended_problem() -> Unauthenticated:
    """What a visitor is told whose session doesn't count any more: the widget begins another."""
    return Unauthenticated("Start a new session", code="auth.session_ended")


def fingerprint(widget_key: str) -> str:
    """Enough of a widget's key to tell it from the next."""
    return hashlib.sha256(widget_key.encode("utf-8", "replace")).hexdigest()[:16]
