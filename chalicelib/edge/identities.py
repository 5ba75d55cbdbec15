"""From a credential to an actor. Modules that own a kind of credential register how to read it.

`wiring.AUTHENTICATORS` says which module answers for which kind, and hands it to `learn`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from chalicelib.edge import tokens
from chalicelib.kit.actors import Actor, Nobody
from chalicelib.kit.problems import Unauthenticated

Authenticate = Callable[[tokens.Claims, datetime], Actor]

_authenticators: dict[str, Authenticate] = {}


def register(authenticators: Mapping[str, Authenticate]) -> None:
    """Use these to turn verified tokens into actors: token kind → function."""
    _authenticators.clear()
    _authenticators.update(authenticators)


def identify(authorization: str | None, now: datetime) -> Actor:
    """Whose `Authorization` header this is; `Nobody` when there is none.

    Raises:
        Unauthenticated: There is one, and it isn't valid.
    """
    if not authorization:
        return Nobody()
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Send `Authorization: Bearer …`", code="auth.invalid_token")
    claims = tokens.verify(token.strip(), frozenset(_authenticators))
    return _authenticators[claims.kind](claims, now)
