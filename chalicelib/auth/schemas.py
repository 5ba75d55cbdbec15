"""Wire shapes of people and sessions."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.auth.domain import LONGEST_PASSWORD
from chalicelib.edge.wire import Input, Output
from chalicelib.kit.grants import Role
from chalicelib.kit.ids import Id
from chalicelib.kit.instants import Instant

NAME_LIMIT = 80

Status = Literal["online", "away"]
Email = Annotated[str, msgspec.Meta(max_length=320, description="Case doesn't matter")]
Password = Annotated[str, msgspec.Meta(max_length=LONGEST_PASSWORD)]
Name = Annotated[str, msgspec.Meta(max_length=NAME_LIMIT * 2)]
TimeZone = Annotated[str, msgspec.Meta(max_length=80, description="IANA name")]
Language = Annotated[str, msgspec.Meta(max_length=80, description="BCP 47 tag, such as `de`")]
BrowserZone = Annotated[
    str | None, msgspec.Meta(description="Where the browser says it is; UTC if that is nowhere")
]


DeviceToken = Annotated[
    str | None,
    msgspec.Meta(description="What the device was given when this person last signed in on it"),
]


class SignUp(Input):
    """A new workspace and its owner."""

    email: Email
    password: Password
    name: Name
    workspace_name: Name
    time_zone: BrowserZone = None


class LogIn(Input):
    """Who, and the proof. A known device isn't kept out by wrong passwords of strangers."""

    email: Email
    password: Password
    device_token: DeviceToken = None


class Refresh(Input):
    """The newest refresh token."""

    refresh_token: Annotated[str, msgspec.Meta(max_length=200)]


class LogOut(Input):
    """The session to end, if it isn't the access token's."""

    refresh_token: Annotated[str, msgspec.Meta(max_length=200)] | UnsetType = UNSET


class Switch(Input):
    """Which of the caller's workspaces to work in."""

    workspace_id: Id


class NewWorkspace(Input):
    """A further workspace of the caller's."""

    name: Name


class Forgotten(Input):
    """Where to send the link."""

    email: Email


class Reset(Input):
    """The token of the mailed link, and the new password."""

    token: Annotated[str, msgspec.Meta(max_length=200)]
    password: Password


class Verification(Input):
    """The token of the mailed link."""

    token: Annotated[str, msgspec.Meta(max_length=200)]


class PasswordChange(Input):
    """The old password as the proof, and the new one."""

    current_password: Password
    new_password: Password


class MeChange(Input):
    """What of oneself to change; what is left out stays. `status` is per workspace.

    `language` null leaves it to the browser.
    """

    name: Name | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    time_zone: TimeZone | UnsetType = UNSET
    language: Language | UnsetType | None = UNSET


class Invite(Input):
    """Whom to invite, and as what."""

    email: Email
    role: Role


class RoleChange(Input):
    """What a member is from now on."""

    role: Role


class Accept(Input):
    """A new person's name and password; or the password of the account that the address has.

    Whoever is signed in with that account needs neither.
    """

    name: Name | UnsetType = UNSET
    password: Password | UnsetType = UNSET
    device_token: DeviceToken = None
    time_zone: BrowserZone = None


class UserOut(Output):
    """The caller; `version` counts the account's changes, in whichever workspace they are made.

    `verified`: the address was proved to be theirs; before that they can't cause mail to others.
    """

    id: str
    name: str
    email: str
    verified: bool
    status: Status
    time_zone: str
    language: str | None
    version: int


class SignupOut(Output):
    """Whether anybody may sign up, and whether that is this installation's first owner.

    `mail_stays`: mails are kept on this machine, and nobody gets them.
    """

    open: bool
    first: bool
    mail_stays: bool


class WorkspaceRefOut(Output):
    """A workspace by its name."""

    id: str
    name: str


class MembershipOut(Output):
    """A workspace that the caller belongs to."""

    id: str
    name: str
    role: Role


class MeOut(Output):
    """The caller, where they are, and where else they may go."""

    user: UserOut
    workspace: WorkspaceRefOut
    role: Role
    workspaces: list[MembershipOut]


class SignedInOut(Output):
    """Tokens, and whose they are. `expires_in` is the access token's life in seconds.

    `device_token` is for the device to keep, and to show when somebody signs in on it again; null
    when nobody has just signed in.
    """

    access_token: str
    refresh_token: str
    expires_in: int
    user: UserOut
    workspace: WorkspaceRefOut
    role: Role
    workspaces: list[MembershipOut]
    device_token: str | None = None


class ResetOut(Output):
    """Whose password is changed; the device is known from now on, as after a sign-in."""

    email: str
    device_token: str


class MemberOut(Output):
    """A member (`active`), or somebody who has been invited."""

    id: str
    name: str
    email: str
    role: Role
    status: Status
    invited_at: Instant | None
    joined_at: Instant | None
    state: Literal["active", "invited"]
    version: int


class InvitedToOut(Output):
    """The workspace that an invitation is to."""

    name: str


class InvitationOut(Output):
    """What the holder of an invitation's link is shown."""

    email: str
    workspace: InvitedToOut
    invited_by: str
    account_exists: bool
