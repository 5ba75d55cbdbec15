"""Signing in and out, staying signed in, and where."""

from __future__ import annotations

from msgspec import UNSET

from chalicelib.auth import (
    credentials,
    devices,
    people,
    sessions,
    store,
)
from chalicelib.auth.domain import NoMember, SessionEnded
from chalicelib.auth.events import MemberSignedOut
from chalicelib.auth.schemas import (
    LogIn,
    LogOut,
    Refresh,
    SignedInOut,
    Switch,
)
from chalicelib.auth.store import Login
from chalicelib.kit.actors import Context, Nobody, Operator
from chalicelib.kit.problems import Unauthenticated
from chalicelib.platform.tables.commits import commit, put_new, retry_on_conflict


def log_in(ctx: Context[Nobody], body: LogIn) -> SignedInOut:
    """Sign in, to the workspace that was used last.

    Besides `credentials.verify_password`: three read units (one more for each further workspace)
    and four write units, in four round trips; one more of each for each workspace whose name isn't
    held.

    Raises:
        WrongCredentials: No account has this address and this password.
        NoWorkspace: The person belongs to no workspace.
        TooMany: Too many wrong passwords.
    """
    login = credentials.verify_password(
        ctx, _fold_email(body.email), body.password, body.device_token
    )
    return open_session(ctx, login, device_token=body.device_token)


@retry_on_conflict
def open_session(
    ctx: Context[Nobody], login: Login, *, workspace_id: str = "", device_token: str | None = None
) -> SignedInOut:
    """A new session for whoever has proved to be `login`, on a device that is known from now on.

    Prefers `workspace_id`.

    Raises:
        WrongCredentials: The password was changed since.
        NoWorkspace: The person belongs to no workspace.
    """
    person = people.get_person(login.user_id)
    past = store.sessions(login.user_id)
    latest = max(past, key=lambda one: one.rotated_at, default=None)
    place = people.place_for(person, workspace_id, latest.workspace_id if latest else "")
    session, refresh_token = sessions.new_session(login, place.workspace_id, ctx.now)
    ending = sessions.surplus(past, ctx.now)
    over = [one.id for one in ending if one.expires_at > ctx.now.timestamp()]
    device_token, hashes = devices.remember_device(login, device_token)
    commit(
        store.update_devices(login, hashes),
        put_new(session),
        *store.end(ending),
        events=[MemberSignedOut(user_id=place.id, session_id=one) for one in over],
        by=people.place_source(place, ctx.now),
    )
    if over:
        sessions.forget_operators(place.id)
    return people.to_signed_in(
        person, place, session, refresh_token, ctx.now, device_token=device_token
    )


@retry_on_conflict
def refresh(ctx: Context[Nobody], body: Refresh) -> SignedInOut:
    """Trade a refresh token for the next one and an access token.

    Three read units (one more for each further workspace) and one write unit, in four round
    trips; one more of each for each workspace whose name isn't held. A workspace that the person
    had to leave is replaced by the oldest that they have.

    Raises:
        SessionEnded: The session is over, or ends now because the token was used before.
    """
    session, successor = sessions.get_by_refresh_token(body.refresh_token, ctx.now)
    person = people.get_person(session.user_id)
    if not person.places:
        raise SessionEnded()
    place = people.place_for(person, session.workspace_id)
    if successor is None:
        successor = sessions.rotate(session, place.workspace_id, ctx.now)
    return people.to_signed_in(person, place, session, successor, ctx.now)


@retry_on_conflict
def switch(ctx: Context[Operator], body: Switch) -> SignedInOut:
    """Go on in another of the caller's workspaces, in the same session. Costs as `refresh` does.

    Raises:
        NoMember: Not a workspace of the caller's.
    """
    session = store.session(ctx.actor.id, ctx.actor.session_id, ctx.now)
    if session is None:
        raise SessionEnded()
    person = people.get_person(ctx.actor.id)
    place = person.place(body.workspace_id)
    if place is None:
        raise NoMember("You have no place in this workspace", code="workspace.not_found")
    refresh_token = sessions.rotate(session, place.workspace_id, ctx.now)
    return people.to_signed_in(person, place, session, refresh_token, ctx.now)


def log_out(ctx: Context[Nobody | Operator], body: LogOut) -> None:
    """End the session of a refresh token, or else the caller's, with its tokens and its sockets.

    Four write units, one read unit. A session that is over is none to end.

    Raises:
        Unauthenticated: Neither a credential nor a refresh token was given.
    """
    if body.refresh_token is not UNSET:
        sessions.end_by_refresh_token(body.refresh_token, ctx.now)
        return
    if not isinstance(ctx.actor, Operator):
        raise Unauthenticated()
    session = store.session(ctx.actor.id, ctx.actor.session_id, ctx.now)
    if session is not None:
        sessions.end(session, ctx.workspace_id, ctx.now, name=ctx.actor.name)


def _fold_email(email: str) -> str:
    """An address to look up: one that can't exist is as wrong as one that doesn't."""
    return email.strip().lower()
