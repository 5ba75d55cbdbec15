"""Is this the right password? Asked in one place, so that guessing is slowed everywhere."""

from __future__ import annotations

from chalicelib.auth import domain, passwords, store, throttle
from chalicelib.auth.domain import WrongCredentials
from chalicelib.auth.store import Login
from chalicelib.kit.actors import ActorT, Context


def proven(ctx: Context[ActorT], email: str, password: str) -> Login:
    """The login that has this address and this password.

    Takes as long, asks as much and answers the same whether the address is unknown or the
    password is wrong. Two write units and one and a half read units; four round trips.

    Raises:
        WrongCredentials: There is none.
        TooMany: Too many wrong ones, for this address or from the caller's source.
        Unavailable: Too many sign in at once.
    """
    with passwords.room():
        return _proven(ctx, domain.login_id(email), password)


def _proven(ctx: Context[ActorT], login_id: str, password: str) -> Login:
    throttle.check_source(ctx.client.ip, ctx.now)
    throttle.try_account(login_id, ctx.now)
    login = store.login(login_id)
    if not passwords.matches(password, login.password if login else None) or login is None:
        throttle.blame_source(ctx.client.ip, ctx.now)
        raise WrongCredentials()
    throttle.clear_account(login_id)
    return _renewed(login, password) if passwords.outdated(login.password) else login


def _renewed(login: Login, password: str) -> Login:
    """The same password, hashed with today's parameters."""
    login.password = passwords.hashed(password)
    if store.kept(login):
        return login
    meanwhile = store.login(login.id)
    if meanwhile is None or not passwords.matches(password, meanwhile.password):
        raise WrongCredentials()
    return meanwhile
