"""Facts about people and their places in workspaces."""

from __future__ import annotations

from typing import ClassVar

from chalicelib.kit.events import Event


class MemberInvited(Event, frozen=True, kw_only=True):
    """Somebody is to get a link to join; `round` counts the links sent for this invitation."""

    name: ClassVar[str] = "member.invited"
    invitation_id: str
    round: int


class MemberUninvited(Event, frozen=True, kw_only=True):
    """An invitation was taken back before it was accepted."""

    name: ClassVar[str] = "member.uninvited"
    invitation_id: str


class MemberJoined(Event, frozen=True, kw_only=True):
    """A person became a member, by signing up or by accepting an invitation."""

    name: ClassVar[str] = "member.joined"
    user_id: str
    role: str


class MemberUpdated(Event, frozen=True, kw_only=True):
    """A member changed; `fields` names what (`name`, `role`, `status`)."""

    name: ClassVar[str] = "member.updated"
    user_id: str
    fields: tuple[str, ...] = ()


class MemberRemoved(Event, frozen=True, kw_only=True):
    """A person is a member no more, and must not see anything from now on."""

    name: ClassVar[str] = "member.removed"
    user_id: str


class MemberSignedOut(Event, frozen=True, kw_only=True):
    """A session of a member ended on purpose, or all of them (`session_id` None)."""

    name: ClassVar[str] = "member.signed_out"
    user_id: str
    session_id: str | None


class PasswordForgotten(Event, frozen=True, kw_only=True):
    """Somebody asked for a link to choose a new password.

    `login_id` is the hash of the address that was given, whether it has an account or not: what
    happens before this event is the same for both.
    """

    name: ClassVar[str] = "auth.password_forgotten"
    login_id: str


class VerificationAsked(Event, frozen=True, kw_only=True):
    """A person is to get a link that proves their address."""

    name: ClassVar[str] = "auth.verification_asked"
    user_id: str
