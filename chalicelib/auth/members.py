"""The team of a workspace: who is in it, as what, and how they leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, cast

from chalicelib.auth import domain, sessions, store
from chalicelib.auth.domain import LastOwner, NoMember
from chalicelib.auth.events import MemberRemoved, MemberUninvited, MemberUpdated
from chalicelib.auth.schemas import MemberOut, RoleChange, Status
from chalicelib.auth.store import Member
from chalicelib.edge.pages import Page, PageQuery
from chalicelib.kit import instants
from chalicelib.kit.actors import Context, Operator
from chalicelib.kit.cache import Cache
from chalicelib.kit.grants import Role
from chalicelib.kit.problems import Stale
from chalicelib.platform.tables import cursors
from chalicelib.platform.tables.commits import Raced, Write, commit, remove, retry_on_conflict, save

_LIST = "members"
TEAM_PAGE = 100

_teams: Cache[str, tuple[tuple[str, str], ...]] = Cache(size=512, life=10.0)


@dataclass(frozen=True, slots=True)
class Colleague:
    """As much of a member as other modules look at."""

    id: str
    name: str
    role: Role
    status: Literal["online", "away"]


def team(workspace_id: str) -> list[tuple[str, str]]:
    """Ids and names of up to 100 members, those who are online first, at most ten seconds old.

    About one read unit for ten members, or none while it is held.
    """
    return list(_teams.recall(workspace_id, lambda: _team(workspace_id)))


def find_colleague(workspace_id: str, user_id: str) -> Colleague | None:
    """A member, as of now; None when there is none (any more). One read unit."""
    try:
        return get_colleague(workspace_id, user_id)
    except NoMember:
        return None


def get_colleague(workspace_id: str, user_id: str) -> Colleague:
    """A member, as of now. One read unit.

    Raises:
        NoMember: None with this id in this workspace.
    """
    place = store.member(workspace_id, user_id)
    if place is None or place.is_invitation:
        raise NoMember()
    return Colleague(place.id, place.name, place.rank, cast(Status, place.status))


def list_members(ctx: Context[Operator], query: PageQuery) -> Page[MemberOut]:
    """The members and invitations of the workspace."""
    after = cursors.unseal(query.cursor, _LIST, ctx.workspace_id) if query.cursor else None
    rows = store.team(ctx.workspace_id, after=after, limit=query.limit + 1)
    page = rows[: query.limit]
    following = len(rows) > query.limit
    return Page(
        data=[to_out(place) for place in page],
        next_cursor=cursors.seal(page[-1].id, _LIST, ctx.workspace_id) if following else None,
    )


def to_out(place: Member) -> MemberOut:
    """A place as the team sees it."""
    return MemberOut(
        id=place.id,
        name=place.name,
        email=place.email,
        role=place.rank,
        status=cast(Status, place.status),
        invited_at=instants.to_text_or_none(place.invited_at),
        joined_at=instants.to_text_or_none(place.joined_at),
        state="invited" if place.is_invitation else "active",
        version=place.version,
    )


@retry_on_conflict
def change_role(ctx: Context[Operator], member_id: str, change: RoleChange) -> MemberOut:
    """Give a member, or somebody invited, another role. It counts from the next request on.

    Raises:
        NoMember: None with this id.
        Forbidden: The caller may not manage this member, or not give this role.
        LastOwner: The workspace would be left without an owner.
        Stale: The caller saw an older version.
    """
    place = _own_place(ctx, member_id)
    domain.check_can_manage(ctx.actor, place.rank, new=change.role)
    if place.rank is change.role:
        return to_out(place)
    guards = _check_other_owner(place)
    place.role = change.role.value
    if place.is_invitation:
        place.inviter_id = ctx.actor.id
    commit(
        save(place),
        *guards,
        events=[] if place.is_invitation else [MemberUpdated(user_id=place.id, fields=("role",))],
        by=ctx.source(),
    )
    _forget(place)
    return to_out(place)


@retry_on_conflict
def remove_member(ctx: Context[Operator], member_id: str) -> None:
    """Take a member, an invitation or oneself out of the workspace.

    Their messages stay. Six write units for a member, eight for an owner.

    Raises:
        NoMember: None with this id.
        Forbidden: The caller may not manage this member.
        LastOwner: The workspace would be left without an owner.
        Stale: The caller saw an older version.
    """
    place = _own_place(ctx, member_id)
    if place.id != ctx.actor.id:
        domain.check_can_manage(ctx.actor, place.rank)
    if place.is_invitation:
        commit(remove(place), events=[MemberUninvited(invitation_id=place.id)], by=ctx.source())
        return
    commit(
        remove(place),
        *_check_other_owner(place),
        *_leave(place),
        events=[MemberRemoved(user_id=place.id)],
        by=ctx.source(),
    )
    _forget(place)


def forget_team(workspace_id: str) -> None:
    """The team changed: read it again on next use."""
    _teams.forget(workspace_id)


def _own_place(ctx: Context[Operator], member_id: str) -> Member:
    place = store.member(ctx.workspace_id, member_id) if member_id else None
    if place is None:
        raise NoMember()
    if ctx.if_match not in (None, place.version):
        raise Stale()
    return place


def _check_other_owner(place: Member) -> tuple[Write, ...]:
    """What must still hold when an owner goes: somebody else is one.

    Of owners who take each other's role away at the same moment, the transactions exclude each
    other, because each checks the row that the other changes.
    """
    if place.is_invitation or place.rank is not Role.OWNER:
        return ()
    others = (
        other
        for other in store.members(place.workspace_id)
        if other.rank is Role.OWNER and other.id != place.id
    )
    other = next(others, None)
    if other is None:
        raise LastOwner()
    return (store.check_owner(other),)


def _leave(place: Member) -> tuple[Write, ...]:
    user = store.user(place.id)
    if user is None:
        raise Raced()
    user.workspace_ids = set(user.workspace_ids or ()) - {place.workspace_id}
    return (save(user),)


def _team(workspace_id: str) -> tuple[tuple[str, str], ...]:
    def away(place: Member) -> Any:
        return place.status != "online"

    places = store.members(workspace_id, limit=TEAM_PAGE)
    return tuple((place.id, place.name) for place in sorted(places, key=away))


def _forget(place: Member) -> None:
    sessions.forget_operators(place.id, place.workspace_id)
    forget_team(place.workspace_id)
