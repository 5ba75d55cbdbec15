"""Is this the right password? Asked in one place, so that guessing is slowed everywhere."""

from __future__ import annotations

from chalicelib.auth import devices, domain, passwords, store, throttle
from chalicelib.auth.domain import WrongCredentials
from chalicelib.auth.store import Login
from chalicelib.auth.throttle import Trier
from chalicelib.kit.actors import ActorT, Context, Operator


def verify_password(
    ctx: Context[ActorT], email: str, password: str, device_token: str | None = None
) -> Login:
    """The login that has this address and this password.

    Takes as long, asks as much and answers the same whether the address is unknown or the
    password is wrong. One read unit besides what `throttle` counts; three to five round trips.

    Raises:
        WrongCredentials: There is none.
        TooMany: Too many wrong ones; see `throttle`.
        Unavailable: Too many sign in at once.
    """
    login_id = domain.login_id(email)
    login = store.login(login_id)
    device = devices.find_device(login, device_token)
    with passwords.room(is_known=bool(device)):
        return _verify(ctx, Trier(login_id, ctx.client.ip, device), login, password)


def verify_again(ctx: Context[Operator], email: str, password: str) -> Login:
    """The same of somebody who is signed in: counted by their session, whatever strangers try."""
    with passwords.room(is_known=True):
        login_id = domain.login_id(email)
        who = Trier(login_id, ctx.client.ip, ctx.actor.session_id)
        return _verify(ctx, who, store.login(login_id), password)


def _verify(ctx: Context[ActorT], who: Trier, login: Login | None, password: str) -> Login:
    stranger = throttle.try_account(who, ctx.now)
    if not passwords.matches(password, login.password if login else None) or login is None:
        if stranger:
            throttle.blame_source(who, ctx.now)
        raise WrongCredentials()
    throttle.record_success(who, ctx.now, stranger=stranger)
    return _rehash(login, password) if passwords.is_outdated(login.password) else login


def _rehash(login: Login, password: str) -> Login:
    """The same password, hashed with today's parameters."""
    login.password = passwords.hash_password(password)
    if store.save_if_current(login):
        return login
    meanwhile = store.login(login.id)
    if meanwhile is None or not passwords.matches(password, meanwhile.password):
        raise WrongCredentials()
    return meanwhile
