"""A visitor's session token: part of the contacts service."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.edge import tokens
from chalicelib.kit.actors import Visitor
from chalicelib.kit.problems import Unauthenticated

TOKEN_LIFE = timedelta(hours=12)


def mint(visitor: Visitor, now: datetime) -> str:
    """A session token for a visitor; it lives `TOKEN_LIFE`."""
    said = {
        "sub": visitor.id,
        "ws": visitor.workspace_id,
        "con": visitor.contact_id,
        "ver": visitor.verified,
    }
    return tokens.mint("visitor", said, now=now, life=TOKEN_LIFE)


def authenticate(claims: tokens.Claims, now: datetime) -> Visitor:
    """The visitor of a verified session token; no read. Raises Unauthenticated."""
    del now
    said = claims.said
    try:
        return Visitor(str(said["sub"]), str(said["ws"]), str(said["con"]), bool(said["ver"]))
    except KeyError as error:
        raise Unauthenticated("This credential isn't valid", code="auth.invalid_token") from error
