"""Signing in, oneself, and the team, over HTTP."""

from __future__ import annotations

from chalicelib.auth import accounts, invitations, members, signing_in, signing_up, verification
from chalicelib.auth.schemas import (
    Accept,
    Forgotten,
    InvitationOut,
    Invite,
    LogIn,
    LogOut,
    MeChange,
    MemberOut,
    MeOut,
    NewWorkspace,
    PasswordChange,
    Refresh,
    Reset,
    ResetOut,
    RoleChange,
    SignedInOut,
    SignUp,
    SignupOut,
    Switch,
    Verification,
)
from chalicelib.edge.http import Api
from chalicelib.edge.pages import Page, PageQuery
from chalicelib.kit.actors import Context, Nobody, Operator
from chalicelib.kit.grants import Grant

api = Api("auth")


@api.post("/v1/auth/signup", status=201, by=(Nobody,), body=SignUp, answers=SignedInOut, cost=40)
def sign_up(ctx: Context[Nobody], body: SignUp) -> SignedInOut:
    """Make a workspace and its owner's account.

    The first who does owns the installation; then 403 `auth.signup_closed`, unless the setting
    opens it to everybody. 409 `auth.email_taken` when the address has an account: sign in instead.
    """
    return signing_up.sign_up(ctx, body)


@api.get("/v1/auth/signup", by=(Nobody,), answers=SignupOut)
def get_signup(ctx: Context[Nobody]) -> SignupOut:
    """Whether anybody may sign up here, and whether that would be the first owner."""
    del ctx
    return signing_up.get_signup()


@api.post("/v1/auth/verify", by=(Nobody,), body=Verification)
def verify(ctx: Context[Nobody], body: Verification) -> None:
    """Prove an address by the link that was mailed to it."""
    verification.verify(ctx, body)


@api.post("/v1/auth/verify/resend", by=(Operator,), needs=None)
def resend_verification(ctx: Context[Operator]) -> None:
    """Mail the link again that proves the caller's address; three times an hour at most."""
    verification.resend(ctx)


@api.post("/v1/auth/login", by=(Nobody,), body=LogIn, answers=SignedInOut, cost=40)
def log_in(ctx: Context[Nobody], body: LogIn) -> SignedInOut:
    """Sign in, to the workspace that was used last.

    An unknown address and a wrong password answer the same. After ten wrong passwords 429
    asks to wait, at most 15 minutes; whoever tries elsewhere, or on a known device, needn't.
    """
    return signing_in.log_in(ctx, body)


@api.post("/v1/auth/refresh", by=(Nobody,), body=Refresh, answers=SignedInOut)
def refresh(ctx: Context[Nobody], body: Refresh) -> SignedInOut:
    """Trade a refresh token for new tokens.

    Each refresh token is good once; for ten seconds more it answers the same successor. Used
    again after that, it ends the session.
    """
    return signing_in.refresh(ctx, body)


@api.post("/v1/auth/logout", by=(Nobody, Operator), needs=None, body=LogOut, loose=True)
def log_out(ctx: Context[Nobody | Operator], body: LogOut) -> None:
    """End the session of a refresh token, or the caller's, with its tokens and sockets.

    An access token that has run out is no hindrance when the refresh token is given. What has
    ended already has ended: that is no refusal.
    """
    signing_in.log_out(ctx, body)


@api.post(
    "/v1/auth/switch", by=(Operator,), needs=None, body=Switch, answers=SignedInOut, secret=True
)
def switch(ctx: Context[Operator], body: Switch) -> SignedInOut:
    """Go on in another workspace of the caller's."""
    return signing_in.switch(ctx, body)


@api.post(
    "/v1/workspaces",
    status=201,
    by=(Operator,),
    needs=None,
    body=NewWorkspace,
    answers=SignedInOut,
    secret=True,
)
def add_workspace(ctx: Context[Operator], body: NewWorkspace) -> SignedInOut:
    """Make a further workspace with the caller as its owner, and go on in it."""
    return signing_up.add_workspace(ctx, body)


@api.post("/v1/auth/forgot", by=(Nobody,), body=Forgotten, cost=20)
def forgot(ctx: Context[Nobody], body: Forgotten) -> None:
    """Mail a link to choose a new password, if the address has an account."""
    accounts.send_reset_link(ctx, body)


@api.post("/v1/auth/reset", by=(Nobody,), body=Reset, answers=ResetOut, secret=True, cost=40)
def reset(ctx: Context[Nobody], body: Reset) -> ResetOut:
    """Choose a new password by a mailed link; all sessions of the account end."""
    return accounts.reset_password(ctx, body)


@api.post("/v1/auth/password", by=(Operator,), needs=None, cost=40, body=PasswordChange)
def change_password(ctx: Context[Operator], body: PasswordChange) -> None:
    """Change the password; all sessions of the account end, this one too."""
    accounts.change_password(ctx, body)


@api.get("/v1/me", by=(Operator,), answers=MeOut)
def get_me(ctx: Context[Operator]) -> MeOut:
    """The caller, and the workspaces they belong to."""
    return accounts.me(ctx)


@api.patch("/v1/me", by=(Operator,), needs=None, body=MeChange, answers=MeOut)
def change_me(ctx: Context[Operator], body: MeChange) -> MeOut:
    """Change one's name, time zone, language, or status (in this workspace)."""
    return accounts.change_me(ctx, body)


@api.get("/v1/users", by=(Operator,), query=PageQuery, answers=Page[MemberOut])
def list_members(ctx: Context[Operator], query: PageQuery) -> Page[MemberOut]:
    """The team: members, and people who have been invited."""
    return members.list_members(ctx, query)


@api.post(
    "/v1/users", status=201, by=(Operator,), needs=Grant.TEAM_MANAGE, body=Invite, answers=MemberOut
)
def invite(ctx: Context[Operator], body: Invite) -> MemberOut:
    """Invite somebody by mail; for an address that is invited already, send a new link.

    Only owners invite owners. 403 `auth.unverified_address` before the caller's own is proved.
    """
    return invitations.invite(ctx, body)


@api.patch(
    "/v1/users/{id}", by=(Operator,), needs=Grant.TEAM_MANAGE, body=RoleChange, answers=MemberOut
)
def change_role(ctx: Context[Operator], id: str, body: RoleChange) -> MemberOut:
    """Change a member's role. Admins manage operators and admins, owners everybody.

    409 `member.last_owner` when nobody would be left to own the workspace.
    """
    return members.change_role(ctx, id, body)


@api.delete("/v1/users/{id}", by=(Operator,), needs=None)
def remove_member(ctx: Context[Operator], id: str) -> None:
    """Remove a member or take an invitation back; anybody may leave by themselves."""
    members.remove_member(ctx, id)


@api.get("/v1/invitations/{token}", by=(Nobody,), answers=InvitationOut)
def get_invitation(ctx: Context[Nobody], token: str) -> InvitationOut:
    """What an invitation is to, for whoever has its link."""
    return invitations.get_invitation(ctx, token)


@api.post(
    "/v1/invitations/{token}/accept",
    by=(Nobody, Operator),
    needs=None,
    cost=40,
    body=Accept,
    answers=SignedInOut,
    secret=True,
)
def accept(ctx: Context[Nobody | Operator], token: str, body: Accept) -> SignedInOut:
    """Accept an invitation and sign in.

    A new person gives a name and a password. Somebody whose address has an account gives its
    password, or calls with that account's access token.
    """
    return invitations.accept(ctx, token, body)
