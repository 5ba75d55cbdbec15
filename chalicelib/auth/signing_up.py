"""Who may sign up, and the workspaces that come of it.

The first who signs up on an installation owns it; after that accounts are made by invitation,
unless the setting opens them to everybody (`docs/decisions/0011-strangers-at-the-sign-in.md`).
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from chalicelib.auth import (
    devices,
    domain,
    mail_limit,
    passwords,
    people,
    sessions,
    store,
    throttle,
)
from chalicelib.auth.domain import EmailTaken, SessionEnded, SignupClosed, TooManyWorkspaces
from chalicelib.auth.events import MemberJoined, VerificationAsked
from chalicelib.auth.people import Person
from chalicelib.auth.schemas import NAME_LIMIT, NewWorkspace, SignedInOut, SignUp, SignupOut
from chalicelib.auth.store import Member, User
from chalicelib.kit import text
from chalicelib.kit.actors import Context, Nobody, Operator
from chalicelib.kit.grants import Role
from chalicelib.kit.ids import new_id
from chalicelib.kit.problems import TooMany
from chalicelib.platform import mail
from chalicelib.platform.config import config
from chalicelib.platform.tables.commits import commit, put_new, retry_on_conflict, save
from chalicelib.workspaces import service as workspaces

ACCOUNTS_PER_HOUR = 60
_HOUR = timedelta(hours=1)

# Once there was a first owner there always was one.
has_first_owner = threading.Event()


def get_signup() -> SignupOut:
    """Whether anybody may sign up. One read unit until there was a first owner, then none."""
    first = _is_first()
    may = first or config().signup_open
    return SignupOut(open=may, first=first, mail_stays=mail.stays())


def sign_up(ctx: Context[Nobody], new: SignUp) -> SignedInOut:
    """Make a workspace and its owner's account, sign them in, and mail a link to prove the address.

    Two read units and seventeen write units, in five round trips; a few more for the first owner.

    Raises:
        SignupClosed: There was a first owner, and nobody else may.
        Invalid: A value that can't be taken, a password that is too easy to guess among them.
        EmailTaken: The address has an account.
        TooMany: Too many accounts came from the caller's household.
        Unavailable: Too many sign in at once.
    """
    if not get_signup().open:
        raise SignupClosed()
    email = domain.email_address("email", new.email)
    name = text.one_line("name", new.name, limit=NAME_LIMIT)
    workspace_name = workspaces.clean_name("workspace_name", new.workspace_name)
    domain.check_password("password", new.password, email=email)
    with passwords.room():
        if not throttle.spend_from("sign-up", ctx.client.ip, ACCOUNTS_PER_HOUR, _HOUR, ctx.now):
            raise TooMany(
                "Too many accounts were made from here",
                retry_after=int(_HOUR.total_seconds()),
                code="auth.too_many_accounts",
            )
        is_taken = store.login(domain.login_id(email)) is not None
        # Hashed in both cases: the time tells no more than the answer.
        password = passwords.hash_password(new.password)
    if is_taken:
        raise EmailTaken()
    user = User(
        new_id("usr"),
        email=email,
        name=name,
        time_zone=domain.zone_or_utc(new.time_zone),
        verified=False,
        created_at=ctx.now,
    )
    mailed = mail_limit.spend("verification", ctx.now)
    return _create_owner(ctx, user, password, workspace_name, mailed=mailed)


@retry_on_conflict
def add_workspace(ctx: Context[Operator], new: NewWorkspace) -> SignedInOut:
    """Make a further workspace with the caller as its owner, and go on in it.

    Three read units (one more for each workspace of the caller's) and ten write units, in four
    round trips.

    Where accounts are made by invitation, it takes somebody who owns a workspace already.

    Raises:
        SignupClosed: The caller owns none, and nobody may sign up.
        Invalid: The name is blank, too long or has control characters.
        TooManyWorkspaces: The caller belongs to as many as anybody may.
    """
    name = workspaces.clean_name("name", new.name)
    session = store.session(ctx.actor.id, ctx.actor.session_id, ctx.now)
    if session is None:
        raise SessionEnded()
    person = people.get_person(ctx.actor.id)
    if not config().signup_open and not any(one.rank is Role.OWNER for one in person.places):
        raise SignupClosed("Only owners make further workspaces here")
    mine = set(person.user.workspace_ids or ())
    if len(mine) >= domain.MOST_WORKSPACES:
        raise TooManyWorkspaces()
    workspace, writes = workspaces.new_workspace(name, ctx.now)
    person.user.workspace_ids = mine | {workspace.id}
    place = _owner_place(workspace.id, person.user, ctx.now)
    refresh_token = sessions.prepare_rotation(session, workspace.id, ctx.now)
    commit(
        *writes,
        save(person.user),
        put_new(place),
        save(session),
        events=[MemberJoined(user_id=place.id, role=place.role)],
        by=people.place_source(place, ctx.now),
    )
    person = Person(person.user, [*person.places, place])
    return people.to_signed_in(person, place, session, refresh_token, ctx.now)


@retry_on_conflict
def _create_owner(
    ctx: Context[Nobody], user: User, password: str, workspace_name: str, *, mailed: bool
) -> SignedInOut:
    first = _is_first()
    if not (first or config().signup_open):
        raise SignupClosed()
    workspace, writes = workspaces.new_workspace(workspace_name, ctx.now)
    user.workspace_ids = {workspace.id}
    place = _owner_place(workspace.id, user, ctx.now)
    login = people.new_login(user, password)
    device_token, login.devices = devices.remember_device(login)
    session, refresh_token = sessions.new_session(login, workspace.id, ctx.now)
    event = people.internal_event(VerificationAsked(user_id=user.id), ctx.now)
    commit(
        *writes,
        put_new(login, on_conflict=lambda _: EmailTaken()),
        put_new(user),
        put_new(place),
        put_new(session),
        *((store.first_owner_claim(login),) if first else ()),
        *((event,) if mailed else ()),
        events=[MemberJoined(user_id=user.id, role=place.role)],
        by=people.place_source(place, ctx.now),
    )
    return people.to_signed_in(
        Person(user, [place]), place, session, refresh_token, ctx.now, device_token=device_token
    )


def _is_first() -> bool:
    if not has_first_owner.is_set() and store.has_first_owner():
        has_first_owner.set()
    return not has_first_owner.is_set()


def _owner_place(workspace_id: str, user: User, now: datetime) -> Member:
    """The place of who makes a workspace."""
    return Member(
        workspace_id,
        user.id,
        email=user.email,
        name=user.name,
        role=Role.OWNER.value,
        joined_at=now,
    )
