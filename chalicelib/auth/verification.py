"""Proving that an address is one's own: by a mailed link, good once and for a day.

Until then everything works but what causes mail to others.
"""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from chalicelib.auth import domain, links, mail_limit, people, store, throttle
from chalicelib.auth.domain import NoLink, SessionEnded, UnverifiedAddress
from chalicelib.auth.events import VerificationAsked
from chalicelib.auth.schemas import Verification
from chalicelib.auth.store import User
from chalicelib.kit.actors import Context, Nobody, Operator
from chalicelib.kit.problems import TooMany
from chalicelib.platform.tables.commits import commit, remove, retry_on_conflict, save

LINKS_PER_HOUR = 3
_HOUR = timedelta(hours=1)


@retry_on_conflict
def verify(ctx: Context[Nobody], body: Verification) -> None:
    """Note that an address is its person's own. Two read units and four write units.

    Raises:
        NoLink: Not a link of ours, used, too old, or of an address that the person has no more.
    """
    link = links.get_link(body.token, "verification", ctx.now)
    user = store.user(link.scope)
    if user is None or domain.login_id(user.email) != link.subject:
        raise NoLink()
    user.verified = True
    commit(
        save(user), remove(link, condition=store.Link.id.exists(), on_conflict=lambda _: NoLink())
    )


def resend(ctx: Context[Operator]) -> None:
    """Have the link sent once more; nothing happens when the address is proved. Seven units.

    Raises:
        TooMany: Three were asked for in this hour, or today's mails are spent.
    """
    if _is_verified(ctx):
        return
    if not throttle.spend("verify", ctx.actor.id, LINKS_PER_HOUR, _HOUR, ctx.now):
        raise TooMany(
            "The link was sent several times; look for it in your mailbox",
            retry_after=int(_HOUR.total_seconds()),
            code="auth.too_many_mails",
        )
    if not mail_limit.spend("verification", ctx.now):
        raise TooMany(
            "No more mails go out today",
            retry_after=mail_limit.seconds_until_tomorrow(ctx.now),
            code="auth.too_many_mails",
        )
    commit(people.internal_event(VerificationAsked(user_id=ctx.actor.id), ctx.now))


def check(ctx: Context[Operator]) -> None:
    """Whether the caller may cause mail to others. One read unit.

    Raises:
        UnverifiedAddress: Not before their own address is proved.
    """
    if not _is_verified(ctx):
        raise UnverifiedAddress()


def _is_verified(ctx: Context[Operator]) -> bool:
    user = store.user(ctx.actor.id)
    if user is None:
        raise SessionEnded()
    return has_proved(user)


def has_proved(user: User) -> bool:
    """Whether a person's address is known to be theirs. No read, but for accounts of before."""
    stored = cast("bool | None", user.verified)
    if stored is not None:
        return stored
    return people.is_verified(user, store.places(user.id, set(user.workspace_ids or ())))
