"""Bearer tokens: short-lived JWTs (HS256), a signing key per kind so that kinds can't be mixed.

`kid` names the kind (`operator`, `visitor`) and the key, `<kind>.<key's id>`; whatever else a
token says is only believed after its signature and its `exp` are checked. A signature that held is
remembered for a minute, for a browser sends the same token with every request; `exp` is looked at
each time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt

from chalicelib.kit.cache import Cache
from chalicelib.kit.problems import Unauthenticated
from chalicelib.platform.signing.keys import checking_key, signing_key

_ALGORITHM = "HS256"
_REMEMBERED_FOR = 60.0


@dataclass(frozen=True, slots=True)
class Claims:
    """A verified token: its kind and what it says."""

    kind: str
    payload: dict[str, Any]


_verified: Cache[tuple[str, frozenset[str]], Claims] = Cache(size=4096, life=_REMEMBERED_FOR)


def mint(kind: str, claims: dict[str, Any], *, now: datetime, life: timedelta) -> str:
    """A token of `kind` that says `claims` for `life`."""
    payload = {**claims, "exp": int((now + life).timestamp())}
    name, key = signing_key(_purpose(kind))
    return jwt.encode(payload, key, algorithm=_ALGORITHM, headers={"kid": f"{kind}.{name}"})


def verify(token: str, kinds: frozenset[str]) -> Claims:
    """What a token of one of `kinds` says.

    Raises:
        Unauthenticated: Not ours, changed, expired or of another kind.
    """
    claims = _verified.recall((token, kinds), lambda: _check(token, kinds))
    if claims.payload["exp"] <= time.time():
        raise Unauthenticated("This credential has expired", code="auth.expired_token")
    return claims


def _check(token: str, kinds: frozenset[str]) -> Claims:
    try:
        kind, _, name = str(jwt.get_unverified_header(token).get("kid")).partition(".")
        key = checking_key(_purpose(kind), name) if kind in kinds else None
        if key is None:
            raise Unauthenticated("This credential isn't valid here", code="auth.invalid_token")
        payload = jwt.decode(token, key, algorithms=[_ALGORITHM], options={"require": ["exp"]})
    except jwt.ExpiredSignatureError as error:
        raise Unauthenticated("This credential has expired", code="auth.expired_token") from error
    except (jwt.InvalidTokenError, ValueError, RecursionError) as error:
        raise Unauthenticated("This credential isn't valid", code="auth.invalid_token") from error
    return Claims(kind, payload)


def _purpose(kind: str) -> str:
    return f"tokens.{kind}"
