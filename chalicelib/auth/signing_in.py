"""Signing up, in and out, staying signed in, and where."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import UNSET

from chalicelib.auth import (
    credentials,
    devices,
    domain,
    passwords,
    people,
    sessions,
    store,
    throttle,
)
from chalicelib.auth.domain import EmailTaken, NoMember, SessionEnded, TooManyWorkspaces
from chalicelib.auth.events import MemberJoined, MemberSignedOut
from chalicelib.auth.people import Person
from chalicelib.auth.schemas import (
    NAME_LIMIT,
    LogIn,
    LogOut,
    NewWorkspace,
    Refresh,
    SignedInOut,
    SignUp,
    Switch,
)
from chalicelib.auth.store import Login, Member, User
from chalicelib.kit import text
from chalicelib.kit.actors import Context, Nobody, Operator, Role
from chalicelib.kit.ids import new_id
from chalicelib.kit.problems import TooMany, Unauthenticated
from chalicelib.platform.dynamo import commit, put_new, retry_on_conflict, save
from chalicelib.workspaces import service as workspaces

ACCOUNTS_PER_HOUR = 60
"""Accounts from one source: each may send invitations to people who didn't ask for them."""
_HOUR = timedelta(hours=1)


def sign_up(ctx: Context[Nobody], new: SignUp) -> SignedInOut:
    """Make a workspace and its owner's account, and sign them in.

    Two and a half read units and fourteen write units, in five round trips.

    Raises:
        Invalid: A value that can't be taken, a password that is too easy to guess among them.
        EmailTaken: The address has an account.
        TooMany: Too many failures, or too many accounts, came from the caller's source.
    """
    email = domain.email_address("email", new.email)
    name = text.one_line("name", new.name, limit=NAME_LIMIT)
    workspace_name = workspaces.clean_name("workspace_name", new.workspace_name)
    time_zone = domain.derived_zone(new.time_zone)
    domain.new_password("password", new.password, email=email)
    if not throttle.spend_from("sign-up", ctx.client.ip, ACCOUNTS_PER_HOUR, _HOUR, ctx.now):
        raise TooMany(
            "Too many accounts were made from here; try again in an hour",
            retry_after=int(_HOUR.total_seconds()),
            code="auth.too_many_accounts",
        )
    taken = store.login(domain.login_id(email)) is not None
    # Hashed in both cases: the time tells no more than the answer.
    password = passwords.hashed(new.password)
    if taken:
        raise EmailTaken()
    user = User(new_id("usr"), email=email, name=name, time_zone=time_zone, created_at=ctx.now)
    return _founded(ctx, user, password, workspace_name)


def log_in(ctx: Context[Nobody], given: LogIn) -> SignedInOut:
    """Sign in, to the workspace that was used last.

    Besides `credentials.proven`: three read units (one more for each further workspace) and four
    write units, in four round trips; one more of each for each workspace whose name isn't held.

    Raises:
        WrongCredentials: No account has this address and this password.
        NoWorkspace: The person belongs to no workspace.
        TooMany: Too many wrong passwords.
    """
    login = credentials.proven(ctx, _loose(given.email), given.password, given.device_token)
    return opened(ctx, login, device_token=given.device_token)


@retry_on_conflict
def opened(
    ctx: Context[Nobody], login: Login, *, workspace_id: str = "", device_token: str | None = None
) -> SignedInOut:
    """A new session for whoever has proved to be `login`, on a device that is known from now on.

    Prefers `workspace_id`.

    Raises:
        WrongCredentials: The password was changed since.
        NoWorkspace: The person belongs to no workspace.
    """
    person = people.known(login.user_id)
    past = store.sessions(login.user_id)
    latest = max(past, key=lambda one: one.rotated_at, default=None)
    place = people.place_for(person, workspace_id, latest.workspace_id if latest else "")
    session, refresh_token = sessions.begun(login, place.workspace_id, ctx.now)
    ending = sessions.surplus(past, ctx.now)
    over = [one.id for one in ending if one.expires_at > ctx.now.timestamp()]
    device_token, known = devices.remembered(login, device_token)
    commit(
        store.signed_in(login, known),
        put_new(session),
        *store.end(ending),
        events=[MemberSignedOut(user_id=place.id, session_id=one) for one in over],
        by=people.by_place(place, ctx.now),
    )
    if over:
        sessions.look_again(place.id)
    return people.signed_in(
        person, place, session, refresh_token, ctx.now, device_token=device_token
    )


@retry_on_conflict
def refresh(ctx: Context[Nobody], given: Refresh) -> SignedInOut:
    """Trade a refresh token for the next one and an access token.

    Three read units (one more for each further workspace) and one write unit, in four round
    trips; one more of each for each workspace whose name isn't held. A workspace that the person
    had to leave is replaced by the oldest that they have.

    Raises:
        SessionEnded: The session is over, or ends now because the token was used before.
    """
    session, successor = sessions.presented(given.refresh_token, ctx.now)
    person = people.known(session.user_id)
    if not person.places:
        raise SessionEnded()
    place = people.place_for(person, session.workspace_id)
    if successor is None:
        successor = sessions.rotate(session, place.workspace_id, ctx.now)
    return people.signed_in(person, place, session, successor, ctx.now)


@retry_on_conflict
def switch(ctx: Context[Operator], given: Switch) -> SignedInOut:
    """Go on in another of the caller's workspaces, in the same session. Costs as `refresh` does.

    Raises:
        NoMember: Not a workspace of the caller's.
    """
    session = store.session(ctx.actor.id, ctx.actor.session_id, ctx.now)
    if session is None:
        raise SessionEnded()
    person = people.known(ctx.actor.id)
    place = person.place(given.workspace_id)
    if place is None:
        raise NoMember("You have no place in this workspace", code="workspace.not_found")
    refresh_token = sessions.rotate(session, place.workspace_id, ctx.now)
    return people.signed_in(person, place, session, refresh_token, ctx.now)


@retry_on_conflict
def add_workspace(ctx: Context[Operator], new: NewWorkspace) -> SignedInOut:
    """Make a further workspace with the caller as its owner, and go on in it.

    Three read units (one more for each workspace of the caller's) and ten write units, in four
    round trips.

    Raises:
        Invalid: The name is blank, too long or has control characters.
        TooManyWorkspaces: The caller belongs to as many as anybody may.
    """
    name = workspaces.clean_name("name", new.name)
    session = store.session(ctx.actor.id, ctx.actor.session_id, ctx.now)
    if session is None:
        raise SessionEnded()
    person = people.known(ctx.actor.id)
    mine = set(person.user.workspace_ids or ())
    if len(mine) >= domain.MOST_WORKSPACES:
        raise TooManyWorkspaces()
    workspace, writes = workspaces.new_workspace(name, ctx.now)
    person.user.workspace_ids = mine | {workspace.id}
    place = _owned(workspace.id, person.user, ctx.now)
    refresh_token = sessions.rotated(session, workspace.id, ctx.now)
    commit(
        *writes,
        save(person.user),
        put_new(place),
        save(session),
        events=[MemberJoined(user_id=place.id, role=place.role)],
        by=people.by_place(place, ctx.now),
    )
    person = Person(person.user, [*person.places, place])
    return people.signed_in(person, place, session, refresh_token, ctx.now)


def log_out(ctx: Context[Nobody | Operator], given: LogOut) -> None:
    """End the session of a refresh token, or else the caller's, with its tokens and its sockets.

    Four write units, one read unit. A session that is over is none to end.

    Raises:
        Unauthenticated: Neither a credential nor a refresh token was given.
    """
    if given.refresh_token is not UNSET:
        sessions.given_up(given.refresh_token, ctx.now)
        return
    if not isinstance(ctx.actor, Operator):
        raise Unauthenticated()
    session = store.session(ctx.actor.id, ctx.actor.session_id, ctx.now)
    if session is not None:
        sessions.end(session, ctx.workspace_id, ctx.now, name=ctx.actor.name)


@retry_on_conflict
def _founded(ctx: Context[Nobody], user: User, password: str, workspace_name: str) -> SignedInOut:
    workspace, writes = workspaces.new_workspace(workspace_name, ctx.now)
    user.workspace_ids = {workspace.id}
    place = _owned(workspace.id, user, ctx.now)
    login = new_login(user, password)
    device_token, login.devices = devices.remembered(login)
    session, refresh_token = sessions.begun(login, workspace.id, ctx.now)
    commit(
        *writes,
        put_new(login, taken=lambda _: EmailTaken()),
        put_new(user),
        put_new(place),
        put_new(session),
        events=[MemberJoined(user_id=user.id, role=place.role)],
        by=people.by_place(place, ctx.now),
    )
    return people.signed_in(
        Person(user, [place]), place, session, refresh_token, ctx.now, device_token=device_token
    )


def _owned(workspace_id: str, user: User, now: datetime) -> Member:
    """The place of who makes a workspace."""
    return Member(
        workspace_id,
        user.id,
        email=user.email,
        name=user.name,
        role=Role.OWNER.value,
        joined_at=now,
    )


def new_login(user: User, password: str) -> Login:
    """The claim of a new person on their address."""
    return Login(domain.login_id(user.email), email=user.email, user_id=user.id, password=password)


def _loose(email: str) -> str:
    """An address to look up: one that can't exist is as wrong as one that doesn't."""
    return email.strip().lower()
