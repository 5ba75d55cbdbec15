"""A person with all their places, and how they are shown to themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from chalicelib.auth import sessions, store
from chalicelib.auth.domain import NoWorkspace, SessionEnded
from chalicelib.auth.schemas import (
    MembershipOut,
    MeOut,
    SignedInOut,
    Status,
    UserOut,
    WorkspaceRefOut,
)
from chalicelib.auth.store import Member, Session, User
from chalicelib.kit.actors import Author, Context, Operator
from chalicelib.platform.outbox import Source
from chalicelib.workspaces import service as workspaces


@dataclass(frozen=True, slots=True)
class Person:
    """A person and their places, the oldest workspace first."""

    user: User
    places: list[Member]

    def place(self, workspace_id: str) -> Member | None:
        """Their place in one workspace."""
        return next((p for p in self.places if p.workspace_id == workspace_id), None)


def known(user_id: str) -> Person:
    """A person. One read unit and one for each of their workspaces, in two round trips.

    Raises:
        SessionEnded: There is no such person (any more).
    """
    user = store.user(user_id)
    if user is None:
        raise SessionEnded()
    return Person(user, store.places(user_id, set(user.workspace_ids or ())))


def place_for(person: Person, *wishes: str) -> Member:
    """Their place in the first of the wished workspaces that they have one in, else in the oldest.

    Raises:
        NoWorkspace: They have no place anywhere.
    """
    for wish in wishes:
        found = person.place(wish)
        if found is not None:
            return found
    if not person.places:
        raise NoWorkspace()
    return person.places[0]


def me(person: Person, place: Member) -> MeOut:
    """The person, as shown to themselves in one workspace."""
    return MeOut(
        user=_user(person.user, place),
        workspace=WorkspaceRefOut(id=place.workspace_id, name=_name(place)),
        role=place.rank,
        workspaces=_memberships(person),
    )


def signed_in(
    person: Person,
    place: Member,
    session: Session,
    refresh_token: str,
    now: datetime,
    *,
    device_token: str | None = None,
) -> SignedInOut:
    """The answer to everybody who has just signed in."""
    return SignedInOut(
        access_token=sessions.access_token(session, now),
        refresh_token=refresh_token,
        expires_in=int(sessions.ACCESS_LIFE.total_seconds()),
        user=_user(person.user, place),
        workspace=WorkspaceRefOut(id=place.workspace_id, name=_name(place)),
        role=place.rank,
        workspaces=_memberships(person),
        device_token=device_token,
    )


def by(ctx: Context[Operator]) -> Source:
    """The caller, as whose doing an event is."""
    return Source(ctx.workspace_id, Author("operator", ctx.actor.id, ctx.actor.name), ctx.now)


def by_place(place: Member, now: datetime) -> Source:
    """The same for somebody who isn't signed in yet."""
    return Source(place.workspace_id, Author("operator", place.id, place.name), now)


def _user(user: User, place: Member) -> UserOut:
    return UserOut(
        id=user.id,
        name=user.name,
        email=user.email,
        status=cast(Status, place.status),
        time_zone=user.time_zone,
        version=user.version,
    )


def _memberships(person: Person) -> list[MembershipOut]:
    return [
        MembershipOut(id=place.workspace_id, name=_name(place), role=place.rank)
        for place in person.places
    ]


def _name(place: Member) -> str:
    return workspaces.settings(place.workspace_id).name
