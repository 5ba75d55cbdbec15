"""A person with all their places, and how they are shown to themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from chalicelib.auth import domain, sessions, store
from chalicelib.auth.domain import NoWorkspace, SessionEnded
from chalicelib.auth.schemas import (
    MembershipOut,
    MeOut,
    SignedInOut,
    Status,
    UserOut,
    WorkspaceRefOut,
)
from chalicelib.auth.store import Login, Member, Session, User
from chalicelib.kit.actors import Author, Source, System
from chalicelib.kit.events import Event
from chalicelib.platform.tables import outbox
from chalicelib.platform.tables.commits import Write, save
from chalicelib.workspaces import service as workspaces


@dataclass(frozen=True, slots=True)
class Person:
    """A person and their places, the oldest workspace first."""

    user: User
    places: list[Member]

    def place(self, workspace_id: str) -> Member | None:
        """Their place in one workspace."""
        return next((p for p in self.places if p.workspace_id == workspace_id), None)


def get_person(user_id: str) -> Person:
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
        place = person.place(wish)
        if place is not None:
            return place
    if not person.places:
        raise NoWorkspace()
    return person.places[0]


def is_verified(user: User, places: Iterable[Member]) -> bool:
    """Whether the address was proved to be theirs, by a link that was mailed to it.

    Rows of former versions don't say; of those, whoever came by a mailed invitation has proved it.
    """
    stored = cast("bool | None", user.verified)
    return stored if stored is not None else any(place.invited_at for place in places)


def new_login(user: User, password: str) -> Login:
    """The claim of a new person on their address; `password` is the hash."""
    return Login(domain.login_id(user.email), email=user.email, user_id=user.id, password=password)


def to_me(person: Person, place: Member) -> MeOut:
    """The person, as shown to themselves in one workspace."""
    return MeOut(
        user=_user(person, place),
        workspace=WorkspaceRefOut(id=place.workspace_id, name=_name(place)),
        role=place.rank,
        workspaces=_memberships(person),
    )


def to_signed_in(
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
        user=_user(person, place),
        workspace=WorkspaceRefOut(id=place.workspace_id, name=_name(place)),
        role=place.rank,
        workspaces=_memberships(person),
        device_token=device_token,
    )


def internal_event(event: Event, now: datetime) -> Write:
    """An event for reactions of ours that stands in no workspace's feed."""
    (row,) = outbox.rows([event], Source.of(System("nowhere"), now))
    return save(row)


def place_source(place: Member, now: datetime) -> Source:
    """A member who isn't signed in yet, as whose doing an event is."""
    return Source(place.workspace_id, Author("operator", place.id, place.name), now)


def _user(person: Person, place: Member) -> UserOut:
    user = person.user
    return UserOut(
        id=user.id,
        name=user.name,
        email=user.email,
        verified=is_verified(user, person.places),
        status=cast(Status, place.status),
        time_zone=user.time_zone,
        language=user.language,
        version=user.version,
    )


def _memberships(person: Person) -> list[MembershipOut]:
    return [
        MembershipOut(id=place.workspace_id, name=_name(place), role=place.rank)
        for place in person.places
    ]


def _name(place: Member) -> str:
    return workspaces.settings(place.workspace_id).name
