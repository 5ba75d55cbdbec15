"""Invitations: a place offered by a mailed link, good once and for seven days."""

from __future__ import annotations

from datetime import timedelta

from msgspec import UNSET

from chalicelib.auth import (
    credentials,
    domain,
    links,
    mail_limit,
    members,
    passwords,
    people,
    signing_in,
    store,
    throttle,
    verification,
)
from chalicelib.auth.domain import AlreadyMember, NoLink, TooManyInvited, TooManyWorkspaces
from chalicelib.auth.events import MemberInvited, MemberJoined
from chalicelib.auth.schemas import (
    NAME_LIMIT,
    Accept,
    InvitationOut,
    Invite,
    InvitedToOut,
    MemberOut,
    SignedInOut,
)
from chalicelib.auth.store import Login, Member, User
from chalicelib.kit import text
from chalicelib.kit.actors import Context, Nobody, Operator
from chalicelib.kit.ids import derived_id, new_id
from chalicelib.kit.problems import TooMany, invalid
from chalicelib.platform.signing.keys import lasting_key
from chalicelib.platform.tables.commits import (
    Write,
    commit,
    put_new,
    remove,
    retry_on_conflict,
    save,
)
from chalicelib.workspaces import service as workspaces

INVITATIONS_PER_DAY = 50
INVITATIONS_PER_DAY_AND_PERSON = 50
"""In however many workspaces."""
MOST_INVITED = 100
"""People of one workspace who are invited and haven't come."""
INVITATIONS_PER_HOUR_AND_ADDRESS = 5
_HOUR = timedelta(hours=1)
_OF_TEAM = f"This workspace has sent {INVITATIONS_PER_DAY} invitations today, as many as it may"
_OF_ONE = f"You have sent {INVITATIONS_PER_DAY_AND_PERSON} invitations today, as many as you may"
_TO_ONE = "This address has been sent several invitations; they may be in its spam folder"


def invite(ctx: Context[Operator], body: Invite) -> MemberOut:
    """Offer somebody a place; a reaction mails the link.

    For an address that is invited already, this changes the role and sends a new link; the old
    one dies. Eight write units and four to eight read units.

    Raises:
        Forbidden: The caller may not give this role.
        UnverifiedAddress: The caller's own address isn't proved.
        Invalid: Not an e-mail address.
        AlreadyMember: The person is a member.
        TooManyInvited: As many are invited and haven't come as may be.
        TooMany: Too many invitations in this workspace, by this person or to this address; or
            today's mails are spent.
    """
    domain.check_can_manage(ctx.actor, body.role, new=body.role)
    email = domain.email_address("email", body.email)
    verification.check(ctx)
    login = store.login(domain.login_id(email))
    if login is not None and store.member(ctx.workspace_id, login.user_id) is not None:
        raise AlreadyMember()
    offer, _ = _prepare_offer(ctx, email, body)
    if (
        offer.round == 1
        and store.count_invitations(ctx.workspace_id, limit=MOST_INVITED) >= MOST_INVITED
    ):
        raise TooManyInvited()
    _spend(ctx, email)
    return _save_invitation(ctx, email, body)


@retry_on_conflict
def _save_invitation(ctx: Context[Operator], email: str, body: Invite) -> MemberOut:
    offer, write = _prepare_offer(ctx, email, body)
    event = MemberInvited(invitation_id=offer.id, round=int(offer.round or 0))
    commit(write, events=[event], by=ctx.source())
    return members.to_out(offer)


def get_invitation(ctx: Context[Nobody | Operator], token: str) -> InvitationOut:
    """What an invitation is to. Four read units.

    Raises:
        NoLink: It was used, taken back, replaced, or is too old.
    """
    offer = _get_offer(ctx, token)
    return InvitationOut(
        email=offer.email,
        workspace=InvitedToOut(name=workspaces.settings(offer.workspace_id).name),
        invited_by=offer.invited_by or "",
        account_exists=store.login(domain.login_id(offer.email)) is not None,
    )


@retry_on_conflict
def accept(ctx: Context[Nobody | Operator], token: str, body: Accept) -> SignedInOut:
    """Take an offered place and sign in to it.

    A new person gives a name and a password; somebody with an account the password of that, or
    is signed in with it. Fourteen write units for a new person.

    Raises:
        NoLink: The invitation was used, taken back, replaced, or is too old.
        Invalid: Name or password are missing or can't be taken; the invitation stays good.
        WrongCredentials: The address has an account, with another password.
        TooMany: Too many wrong passwords.
    """
    offer = _get_offer(ctx, token)
    login = store.login(domain.login_id(offer.email))
    if login is None:
        login = _create_person(ctx, offer, body)
    else:
        login = _verify_person(ctx, login, body)
        _join(ctx, offer, login)
    members.forget_team(offer.workspace_id)
    nobody = Context(Nobody(), ctx.now, ctx.request_id, client=ctx.client)
    return signing_in.open_session(
        nobody, login, workspace_id=offer.workspace_id, device_token=body.device_token
    )


def _prepare_offer(ctx: Context[Operator], email: str, body: Invite) -> tuple[Member, Write]:
    """The row of the offer, in its next round. Its id follows from the address: one per address."""
    key = lasting_key("auth.invitations")
    invitation_id = derived_id("inv", key, ctx.workspace_id, email)
    offer = store.member(ctx.workspace_id, invitation_id)
    if offer is not None:
        domain.check_can_manage(ctx.actor, offer.rank)
    fresh = offer is None
    offer = offer or Member(ctx.workspace_id, invitation_id, email=email, name=email, round=0)
    offer.role = body.role.value
    offer.status = "away"
    offer.round = int(offer.round or 0) + 1
    offer.invited_by = ctx.actor.name
    offer.inviter_id = ctx.actor.id
    offer.invited_at = ctx.now
    return offer, put_new(offer) if fresh else save(offer)


def _spend(ctx: Context[Operator], email: str) -> None:
    """Mail goes to people who didn't ask for it, so there is an end to it.

    By workspace, and by person: of workspaces anybody can make more.
    """
    today = mail_limit.seconds_until_tomorrow(ctx.now)
    for kind, whose, limit, window, wait, why in (
        ("invite-in", ctx.workspace_id, INVITATIONS_PER_DAY, mail_limit.DAY, today, _OF_TEAM),
        (
            "invite-from",
            ctx.actor.id,
            INVITATIONS_PER_DAY_AND_PERSON,
            mail_limit.DAY,
            today,
            _OF_ONE,
        ),
        ("invite-to", email, INVITATIONS_PER_HOUR_AND_ADDRESS, _HOUR, _HOUR.seconds, _TO_ONE),
    ):
        if not throttle.spend(kind, whose, limit, window, ctx.now):
            raise _too_many(why, wait)
    if not mail_limit.spend("invitation", ctx.now):
        raise _too_many("No more invitations go out today", today)


def _too_many(detail: str, seconds: int) -> TooMany:
    return TooMany(detail, retry_after=seconds, code="member.too_many_invitations")


def _get_offer(ctx: Context[Nobody | Operator], token: str) -> Member:
    """The place that a link leads to, if the link is the newest one sent for it.

    And if somebody still stands for it: whoever left the team, or may no longer give that role,
    leaves no door open behind them.
    """
    link = links.get_link(token, "invitation", ctx.now)
    offer = store.member(link.scope, link.subject)
    if offer is None or offer.round != link.round or not _has_sponsor(offer):
        raise NoLink()
    return offer


def _has_sponsor(offer: Member) -> bool:
    # An invitation of before this was noted lives for seven days at most.
    if not offer.inviter_id:
        return True
    inviter = members.find_colleague(offer.workspace_id, offer.inviter_id)
    return inviter is not None and domain.can_manage(inviter.role, offer.rank)


def _verify_person(ctx: Context[Nobody | Operator], login: Login, body: Accept) -> Login:
    if isinstance(ctx.actor, Operator) and ctx.actor.id == login.user_id:
        return login
    if body.password is UNSET:
        raise invalid("password", "is required: this address has an account")
    return credentials.verify_password(ctx, login.email, body.password, body.device_token)


def _create_person(ctx: Context[Nobody | Operator], offer: Member, body: Accept) -> Login:
    if body.password is UNSET:
        raise invalid("password", "is required")
    if body.name is UNSET:
        raise invalid("name", "is required")
    domain.check_password("password", body.password, email=offer.email)
    user = User(
        new_id("usr"),
        email=offer.email,
        name=text.one_line("name", body.name, limit=NAME_LIMIT),
        time_zone=domain.zone_or_utc(body.time_zone),
        workspace_ids={offer.workspace_id},
        verified=True,
        created_at=ctx.now,
    )
    login = people.new_login(user, passwords.hash_password(body.password))
    place = _place_of_offer(ctx, offer, user)
    commit(
        remove(offer),
        put_new(login),
        put_new(user),
        put_new(place),
        events=[MemberJoined(user_id=user.id, role=place.role)],
        by=people.place_source(place, ctx.now),
    )
    return login


def _join(ctx: Context[Nobody | Operator], offer: Member, login: Login) -> None:
    person = people.get_person(login.user_id)
    if person.place(offer.workspace_id) is not None:
        commit(remove(offer))
        return
    workspace_ids = set(person.user.workspace_ids or ())
    if len(workspace_ids) >= domain.MOST_WORKSPACES:
        raise TooManyWorkspaces()
    person.user.workspace_ids = workspace_ids | {offer.workspace_id}
    person.user.verified = True
    place = _place_of_offer(ctx, offer, person.user)
    commit(
        store.check_password_version(login),
        remove(offer),
        save(person.user),
        put_new(place),
        events=[MemberJoined(user_id=place.id, role=place.role)],
        by=people.place_source(place, ctx.now),
    )


def _place_of_offer(ctx: Context[Nobody | Operator], offer: Member, user: User) -> Member:
    return Member(
        offer.workspace_id,
        user.id,
        email=user.email,
        name=user.name,
        role=offer.role,
        invited_by=offer.invited_by,
        invited_at=offer.invited_at,
        joined_at=ctx.now,
    )
