"""Where people, their places and their sessions are kept.

| question                              | asked of   | key                        |
|---------------------------------------|------------|----------------------------|
| whose address is this, which password | logins     | id = sha256(address)       |
| was there a first owner               | logins     | id = "first-owner"         |
| one person, and their workspaces      | users      | id                         |
| somebody's place in a workspace       | members    | workspace_id + id          |
| a workspace's team and invitations    | members    | workspace_id, by id        |
| one session                           | sessions   | user_id + id               |
| all sessions of a person              | sessions   | user_id                    |
| what does a mailed link lead to       | mail-links | id = sha256(token)         |

A login's key is its claim on the address: two accounts can't have the same one. A person's row
lists their workspaces and changes in the same transaction as their place, so "where may I work"
is one strongly consistent read. Places carry name, address and status, so that listing a team
and checking a request read nothing else.

Ids begin with `usr_` for members and `inv_` for invitations, which are places not yet taken.
All rows are under 1 kB. `expires_at` is in seconds since 1970, for DynamoDB to delete by (late)
and for readers to heed (at once).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from pynamodb.exceptions import DoesNotExist, PutError

from chalicelib.auth.domain import WrongCredentials
from chalicelib.kit.grants import Role
from chalicelib.platform.config import table_name
from chalicelib.platform.tables.commits import Write, put_new
from chalicelib.platform.tables.rows import (
    BooleanAttribute,
    InstantAttribute,
    Model,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
    VersionAttribute,
)
from chalicelib.platform.transport.errors import is_failed_condition

M = TypeVar("M", bound=Model)

FIRST_OWNER = "first-owner"
NO_HASH = "-"
TEAM_LIMIT = 1000
"""Members that are looked at when somebody is looked for among all."""


class Login(Model):
    """An address and its password. `version` counts the passwords it has had; see `devices`."""

    class Meta:
        table_name = table_name("logins")

    id = UnicodeAttribute(hash_key=True)
    email = UnicodeAttribute()
    user_id = UnicodeAttribute()
    password = UnicodeAttribute()
    devices = UnicodeAttribute(null=True)
    version = VersionAttribute()


class User(Model):
    """A person, in however many workspaces; `verified`: the address was proved to be theirs.

    Rows of former versions don't say (None). `language` is what they want to read, a BCP 47 tag;
    None leaves it to their browser.
    """

    class Meta:
        table_name = table_name("users")

    id = UnicodeAttribute(hash_key=True)
    email = UnicodeAttribute()
    name = UnicodeAttribute()
    time_zone = UnicodeAttribute()
    language = UnicodeAttribute(null=True)
    workspace_ids = UnicodeSetAttribute(default=set)
    verified = BooleanAttribute(null=True)
    created_at = InstantAttribute()
    version = VersionAttribute()


class Member(Model):
    """A place in a workspace: taken (`usr_…`), or offered by the `round`th link (`inv_…`).

    `invited_by` is who invited, by name; `inviter_id` who stands for an offer's role now.
    """

    class Meta:
        table_name = table_name("members")

    workspace_id = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    email = UnicodeAttribute()
    name = UnicodeAttribute()
    role = UnicodeAttribute()
    status = UnicodeAttribute(default="online")
    invited_by = UnicodeAttribute(null=True)
    inviter_id = UnicodeAttribute(null=True)
    invited_at = InstantAttribute(null=True)
    joined_at = InstantAttribute(null=True)
    round = NumberAttribute(null=True)
    version = VersionAttribute()

    @property
    def rank(self) -> Role:
        return Role(self.role)

    @property
    def is_invitation(self) -> bool:
        return str(self.id).startswith("inv_")


class Session(Model):
    """A signed-in browser. Of its refresh tokens only hashes are kept; see `sessions`.

    `password` is the version of the login that it began with.
    """

    class Meta:
        table_name = table_name("sessions")

    user_id = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    workspace_id = UnicodeAttribute()
    password = NumberAttribute()
    token = UnicodeAttribute()
    salt = UnicodeAttribute(null=True)
    token_before = UnicodeAttribute(null=True)
    started_at = InstantAttribute()
    rotated_at = InstantAttribute()
    expires_at = NumberAttribute()
    version = VersionAttribute()


class Link(Model):
    """A link that was mailed: `scope` and `subject` are the key of what it leads to."""

    class Meta:
        table_name = table_name("mail-links")

    id = UnicodeAttribute(hash_key=True)
    purpose = UnicodeAttribute()
    scope = UnicodeAttribute()
    subject = UnicodeAttribute()
    round = NumberAttribute()
    expires_at = NumberAttribute()


def login(login_id: str) -> Login | None:
    """An address's login. One read unit."""
    return _row(Login, login_id)


def has_first_owner() -> bool:
    """Whether somebody was the first to sign up. One read unit."""
    return _row(Login, FIRST_OWNER) is not None


def first_owner_claim(login: Login) -> Write:
    """The claim to be the first to sign up: a login that no address leads to."""
    return put_new(Login(FIRST_OWNER, email=login.email, user_id=login.user_id, password=NO_HASH))


def user(user_id: str) -> User | None:
    """A person. One read unit."""
    return _row(User, user_id)


def member(workspace_id: str, member_id: str) -> Member | None:
    """A place, taken or offered. One read unit."""
    return _row(Member, workspace_id, member_id)


def places(user_id: str, workspace_ids: set[str]) -> list[Member]:
    """A person's places in these workspaces, the oldest workspace first.

    One read unit for each, in one round trip.
    """
    keys = [(workspace_id, user_id) for workspace_id in workspace_ids]
    rows = Member.batch_get(keys, consistent_read=True)
    return sorted(rows, key=lambda place: str(place.workspace_id))


def team(workspace_id: str, *, after: str | None = None, limit: int) -> list[Member]:
    """Places of a workspace by id: invitations first, then members, oldest account first."""
    beyond = Member.id > after if after is not None else None
    return list(Member.query(workspace_id, beyond, limit=limit, consistent_read=True))


def members(workspace_id: str, *, limit: int = TEAM_LIMIT) -> list[Member]:
    """The members of a workspace, without invitations."""
    return list(
        Member.query(workspace_id, Member.id.startswith("usr_"), limit=limit, consistent_read=True)
    )


def count_invitations(workspace_id: str, *, limit: int) -> int:
    """How many are invited and haven't come yet, `limit` at most. Half a read unit for a dozen."""
    return Member.count(workspace_id, Member.id.startswith("inv_"), limit=limit)


def session(user_id: str, session_id: str, now: datetime) -> Session | None:
    """A session that hasn't expired. One read unit."""
    row = _row(Session, user_id, session_id)
    return row if row and row.expires_at > now.timestamp() else None


def sessions(user_id: str) -> list[Session]:
    """All sessions of a person, expired ones too, the oldest first."""
    return list(Session.query(user_id, consistent_read=True))


def save_if_current(row: Login | Session) -> bool:
    """Write a row back, if it is still the version that was read; says whether. One write unit."""
    try:
        row.save()
    except PutError as error:
        if not is_failed_condition(error):
            raise
        return False
    return True


def update_devices(login: Login, devices: str) -> Write:
    """The login knows these devices, as long as it has the password that was checked."""
    request = Login._get_connection().get_operation_kwargs(
        login.id,
        actions=[Login.devices.set(devices)],
        condition=Login.version == login.version,
    )
    return Write("update", request, on_conflict=lambda _: WrongCredentials())


def check_password_version(login: Login) -> Write:
    """The transaction holds only while the login has the password that was checked."""
    return Write(
        "check",
        Login.get_operation_kwargs_from_class(login.id, condition=Login.version == login.version),
        on_conflict=lambda _: WrongCredentials(),
    )


def check_owner(place: Member) -> Write:
    """The transaction holds only while this member is an owner."""
    return Write(
        "check",
        Member.get_operation_kwargs_from_class(
            place.workspace_id, place.id, condition=Member.role == Role.OWNER.value
        ),
    )


def end(ending: Sequence[Session]) -> tuple[Write, ...]:
    """The sessions are gone, whatever has happened to them meanwhile."""
    return tuple(
        Write("delete", one.get_delete_kwargs_from_instance(add_version_condition=False))
        for one in ending
    )


def link(link_id: str, now: datetime) -> Link | None:
    """A mailed link that hasn't expired. One read unit."""
    row = _row(Link, link_id)
    return row if row and row.expires_at > now.timestamp() else None


def _row(kind: type[M], hash_key: str, range_key: str | None = None) -> M | None:
    try:
        return kind.get(hash_key, range_key, consistent_read=True)
    except DoesNotExist:
        return None
