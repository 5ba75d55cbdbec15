"""What follows from facts about people: mails with links, and sockets that end.

The links are made here and not where they were asked for, so that no token stands in the outbox,
and asking takes the same whether an address has an account or not. Mails go through a queue
(`chalicelib.lanes`): what is answered here is what sends one, which is done once. When the mail
can't be sent that fails and is tried again, with another link.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from functools import partial

from chalicelib.auth import domain, links, mail_limit, mails, store, throttle, verification
from chalicelib.auth.events import (
    MemberInvited,
    MemberRemoved,
    MemberSignedOut,
    MemberUpdated,
    PasswordForgotten,
    VerificationAsked,
)
from chalicelib.edge.consume import react_first
from chalicelib.edge.queueing import Act
from chalicelib.kit import instants
from chalicelib.kit.events import Recorded
from chalicelib.platform import mail
from chalicelib.realtime import service as realtime
from chalicelib.workspaces import service as workspaces

_OWN = "own-reset"


def send_invitation(recorded: Recorded) -> Act | None:
    """Mail the link, unless the invitation was taken back or sent again meanwhile."""
    event = recorded.event
    if not isinstance(event, MemberInvited):
        return None
    offer = store.member(recorded.workspace_id, event.invitation_id)
    if offer is None or offer.round != event.round:
        return None
    asked_at = instants.from_text(recorded.at)
    link = links.create_link("invitation", offer.workspace_id, offer.id, event.round, asked_at)
    invitation = mails.invitation(
        offer.email,
        workspace=workspaces.settings(offer.workspace_id).name,
        invited_by=offer.invited_by or "",
        link=link,
    )
    return partial(mail.send, invitation)


def send_password_link(recorded: Recorded) -> Act | None:
    """Mail the link to the account's own address, if there is an account and the link still good.

    Whoever asked an hour ago has asked again, or doesn't need it.
    """
    event = recorded.event
    if not isinstance(event, PasswordForgotten):
        return None
    login = store.login(event.login_id)
    asked_at = instants.from_text(recorded.at)
    if login is None or instants.now() >= asked_at + links.LIFE["reset"]:
        return None
    return partial(_send_counted, login, asked_at)


def _send_counted(login: store.Login, asked_at: datetime) -> None:
    """Count a link and send it, unless no more may go out today.

    Counted here: strangers may ask for addresses that have no account, which spends nothing.
    """
    take_back = _spend_reset_mail(login, instants.now())
    if take_back is None:
        return
    link = links.create_link("reset", "logins", login.id, int(login.version), asked_at)
    with ExitStack() as unless_sent:
        unless_sent.callback(take_back)  # the next try counts anew
        mail.send(mails.new_password(login.email, link=link))
        unless_sent.pop_all()


def _spend_reset_mail(login: store.Login, now: datetime) -> Callable[[], None] | None:
    """Count a link that goes out; how to take that back, None when no more may today.

    One an hour goes to a proved address whatever is left of the day's mails: strangers who know
    some addresses could else use them up for everybody. Whatever they ask for, the person has a
    link that is still good in their mailbox. One or two units.
    """
    user, hour = store.user(login.user_id), links.LIFE["reset"]
    proved = user is not None and verification.has_proved(user)
    if proved and throttle.spend(_OWN, login.id, 1, hour, now):
        return partial(throttle.give_back, _OWN, login.id, hour, now)
    if mail_limit.spend("reset", now):
        return partial(mail_limit.give_back, "reset", now)
    return None


def send_verification(recorded: Recorded) -> Act | None:
    """Mail the link that proves an address, unless it is proved by now."""
    event = recorded.event
    if not isinstance(event, VerificationAsked):
        return None
    user = store.user(event.user_id)
    if user is None or user.verified:
        return None
    asked_at = instants.from_text(recorded.at)
    link = links.create_link("verification", user.id, domain.login_id(user.email), 0, asked_at)
    return partial(mail.send, mails.verification(user.email, link=link))


@react_first
def end_sockets(recorded: Recorded) -> None:
    """Close a person's sockets; whoever still has a session connects again, as what they are now.

    A session may have been in any of the person's workspaces, so its end is told in all of them.
    """
    event = recorded.event
    if isinstance(event, MemberUpdated) and "role" not in event.fields:
        return
    if not isinstance(event, MemberRemoved | MemberSignedOut | MemberUpdated):
        return
    workspace_ids = {recorded.workspace_id}
    if isinstance(event, MemberSignedOut) and event.session_id is not None:
        user = store.user(event.user_id)
        workspace_ids |= set(user.workspace_ids or ()) if user else set()
    for workspace_id in sorted(workspace_ids):
        realtime.drop(workspace_id, f"user/{event.user_id}")
