"""Sessions and their tokens.

An access token is a signed statement, good for 15 minutes: user, workspace, session. What it
says is checked against the session's row and the place in the workspace, both held in the
process for at most ten seconds, so a session that ends or a role that changes elsewhere counts
within ten seconds, and at once in the process that did it.

A refresh token is good once. Its successor follows from its hash, a fresh salt and a key of this
deployment: two tabs that use the same token at once both get the same successor, and still the
table holds nothing to sign in with. Whoever uses one again later than that has a copy, so the
session ends for everybody (RFC 9700 §4.14.2).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import re
import secrets
from datetime import datetime, timedelta

from chalicelib.auth import store
from chalicelib.auth.domain import SessionEnded
from chalicelib.auth.events import MemberSignedOut
from chalicelib.auth.store import Login, Member, Session
from chalicelib.edge import tokens
from chalicelib.kit.actors import Author, Operator, Source
from chalicelib.kit.cache import Cache
from chalicelib.kit.grants import GRANTS
from chalicelib.kit.ids import new_id
from chalicelib.kit.problems import Unauthenticated
from chalicelib.platform.signing.keys import checking_keys, lasting_key, signing_key
from chalicelib.platform.tables.commits import Raced, commit

log = logging.getLogger("foyer.auth")

ACCESS_LIFE = timedelta(minutes=15)
IDLE_LIFE = timedelta(days=30)
LIFE = timedelta(days=90)
GRACE = timedelta(seconds=10)
MOST = 50
"""Sessions of one person; the next sign-in ends the oldest. All end in one transaction."""
CACHE_SECONDS = 10.0
"""Seconds in which another process may not yet have seen that a session or a role ended."""

_PURPOSE = "auth.refresh"
_FORM = re.compile(r"([0-9A-Z]{26})([0-9A-Z]{26})([A-Za-z0-9_-]{43})([A-Za-z0-9_-]{22})?")
"""User, session, secret, and a tag by which we know that we made it (those of before have none)."""

_Key = tuple[str, str, str]
_operators: Cache[_Key, tuple[Operator, float]] = Cache(size=2048, life=CACHE_SECONDS)


def authenticate(claims: tokens.Claims, now: datetime) -> Operator:
    """Who an access token is of. Two read units in two round trips, or none while it is held.

    Raises:
        SessionEnded: The session is over, or its owner is no member of the workspace any more.
    """
    key = (claims.payload["sub"], claims.payload["sid"], claims.payload["ws"])
    operator, ends = _operators.recall(key, lambda: _load_operator(key, now))
    if now.timestamp() >= ends:
        raise SessionEnded()
    return operator


def check_session(operator: Operator, now: datetime) -> None:
    """Make sure, without what is held, that the operator's session goes on. Two read units.

    Raises:
        SessionEnded: The session is over, or its owner is no member of the workspace any more.
        Unauthenticated: They are in another role by now.
    """
    current, _ = _load_operator((operator.id, operator.session_id, operator.workspace_id), now)
    if current.role is not operator.role or current.grants != operator.grants:
        raise Unauthenticated("Your role has changed; connect again", code="socket.bad_ticket")


def access_token(session: Session, now: datetime) -> str:
    """A token for the session's workspace."""
    payload = {"sub": session.user_id, "sid": session.id, "ws": session.workspace_id}
    return tokens.mint("operator", payload, now=now, life=ACCESS_LIFE)


def new_session(login: Login, workspace_id: str, now: datetime) -> tuple[Session, str]:
    """A session that isn't kept yet, and its first refresh token."""
    secret = secrets.token_urlsafe(32)
    session = Session(
        login.user_id,
        new_id("ses"),
        workspace_id=workspace_id,
        password=login.version or 1,
        token=_hash(secret),
        started_at=now,
        rotated_at=now,
        expires_at=_expiry(now, now),
    )
    return session, _format_token(session, secret)


def get_by_refresh_token(refresh_token: str, now: datetime) -> tuple[Session, str | None]:
    """The session of a refresh token, and the successor if it has been rotated just now.

    One read unit.

    Raises:
        SessionEnded: Not a token of ours, or of a session that is over; or an old one, and then
            the session is over from now on.
    """
    form = _FORM.fullmatch(refresh_token)
    if form is None:
        raise SessionEnded()
    session = store.session(f"usr_{form[1]}", f"ses_{form[2]}", now)
    if session is None:
        raise SessionEnded()
    token_hash = _hash(form[3])
    if hmac.compare_digest(token_hash, session.token):
        return session, None
    before = session.token_before or ""
    if hmac.compare_digest(token_hash, before) and now - session.rotated_at <= GRACE:
        return session, _format_token(session, _recover_secret(session, before))
    if hmac.compare_digest(form[4] or "", _tag(session, form[3])):
        log.warning("a refresh token of %s was used again; the session ends", session.id)
        end(session, session.workspace_id, now)
    raise SessionEnded()


def end_by_refresh_token(refresh_token: str, now: datetime) -> None:
    """End the session of a refresh token, if there still is one."""
    try:
        session, _ = get_by_refresh_token(refresh_token, now)
    except SessionEnded:
        return
    end(session, session.workspace_id, now)


def rotate(session: Session, workspace_id: str, now: datetime) -> str:
    """Give the session its next refresh token. One write unit.

    Raises:
        Raced: It was rotated or ended meanwhile.
    """
    refresh_token = prepare_rotation(session, workspace_id, now)
    if not store.save_if_current(session):
        raise Raced()
    return refresh_token


def prepare_rotation(session: Session, workspace_id: str, now: datetime) -> str:
    """The session's next refresh token; the session with it has yet to be kept."""
    session.token_before = session.token
    session.salt = secrets.token_urlsafe(16)
    secret = _successor(session, session.token, signing_key(_PURPOSE)[1])
    session.token = _hash(secret)
    session.workspace_id = workspace_id
    session.rotated_at = now
    session.expires_at = _expiry(session.started_at, now)
    return _format_token(session, secret)


def surplus(all_of_one: list[Session], now: datetime) -> list[Session]:
    """Those that have to go so that there is a place for one more: expired ones, oldest ones."""
    live = [one for one in all_of_one if one.expires_at > now.timestamp()]
    over = [one for one in all_of_one if one.expires_at <= now.timestamp()]
    excess = max(0, len(live) + 1 - MOST)
    return (live[:excess] + over)[:MOST]


def end(session: Session, workspace_id: str, now: datetime, *, name: str = "") -> None:
    """The session is over. Four write units."""
    commit(
        *store.end([session]),
        events=[MemberSignedOut(user_id=session.user_id, session_id=session.id)],
        by=Source(workspace_id, Author("operator", session.user_id, name), now),
    )
    _operators.forget_where(lambda key: key[1] == session.id)


def forget_operators(user_id: str, workspace_id: str | None = None) -> None:
    """The person's rights changed (in one workspace, or in all): check them on next use."""
    _operators.forget_where(
        lambda key: key[0] == user_id and (workspace_id is None or key[2] == workspace_id)
    )


def _load_operator(key: _Key, now: datetime) -> tuple[Operator, float]:
    user_id, session_id, workspace_id = key
    session = store.session(user_id, session_id, now)
    place = store.member(workspace_id, user_id) if session else None
    if session is None or place is None:
        raise SessionEnded()
    return _operator(place, session_id), float(session.expires_at)


def _operator(place: Member, session_id: str) -> Operator:
    return Operator(
        place.id, place.workspace_id, place.name, place.rank, session_id, GRANTS[place.rank]
    )


def _expiry(started_at: datetime, now: datetime) -> int:
    return int(min(now + IDLE_LIFE, started_at + LIFE).timestamp())


def _format_token(session: Session, secret: str) -> str:
    return f"{session.user_id[4:]}{session.id[4:]}{secret}{_tag(session, secret)}"


def _tag(session: Session, secret: str) -> str:
    """Only what we made ends a session when it comes again: ids alone can't. It opens nothing."""
    message = f"{session.id}\x00{secret}".encode()
    digest = hmac.digest(lasting_key("auth.refresh made"), message, hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


def _recover_secret(session: Session, before: str) -> str:
    """The session's secret, which followed the one with the hash `before` a moment ago.

    Raises:
        SessionEnded: The key that it was made with is retired.
    """
    for key in checking_keys(_PURPOSE):
        secret = _successor(session, before, key)
        if hmac.compare_digest(_hash(secret), session.token):
            return secret
    raise SessionEnded()


def _successor(session: Session, before: str, key: bytes) -> str:
    """The secret after the one with the hash `before`."""
    message = "\x00".join((session.id, session.salt or "", before)).encode()
    digest = hmac.digest(key, message, hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
