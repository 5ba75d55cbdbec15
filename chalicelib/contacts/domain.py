"""Rules of identity: what a host page may prove about its visitor, and how.

`user_hash = hex(HMAC_SHA256(secret, external_id or else email))`, or a JWT (HS256, `exp`
required, at most a day ahead) with the same names as claims. Two secrets may be active, for
rotation.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

import jwt

from chalicelib.kit import text
from chalicelib.kit.problems import invalid

Source = Literal["verified", "operator", "import"]
"""From whom a value of a contact's own is."""

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_LONGEST_EMAIL = 254
_MAX_SAFE_INTEGER = 2**53 - 1
TOKEN_LIFE_LIMIT = timedelta(hours=24)
"""How far ahead `exp` may be: whoever copies a token has it no longer than that."""
_CLOCK_SKEW = 60.0
_MAX_SECONDS = 2.0**53
# `sub` and `jti` are other people's, of whatever type; times we look at ourselves.
_DECODE_OPTIONS: jwt.types.Options = {
    "require": ["exp"], "verify_exp": False, "verify_nbf": False, "verify_iat": False,
    "verify_sub": False, "verify_jti": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody says to be; `verified` when the workspace's secret vouches for the key.

    `vouched_by` is the id of that secret. The rest is only vouched for when `signed`, all of it
    together.
    """

    external_id: str = ""
    email: str = ""
    name: str = ""
    phone: str = ""
    custom: dict[str, Any] = field(default_factory=dict)
    verified: bool = False
    signed: bool = False
    vouched_by: str = ""

    @property
    def key_field(self) -> str:
        """The field that a hash is over."""
        return "external_id" if self.external_id else "email"

    @property
    def key(self) -> str:
        """What the hash is over."""
        return self.external_id or self.email

    @property
    def proves_email(self) -> bool:
        """Whether the e-mail address is proved, and not only said beside a proof.

        One that isn't ASCII never is: addresses are equal without regard to case, and beyond ASCII
        that makes one of different people's (`ß` and `ss`, the Kelvin sign and `k`).
        """
        return self.verified and (self.signed or not self.external_id) and self.email.isascii()


def verify_hash(identity: Identity, user_hash: str | None, secrets: Mapping[str, str]) -> Identity:
    """`identity`, verified if `user_hash` is right under any of `secrets` (by id)."""
    if not (identity.key and user_hash):
        return replace(identity, verified=False)
    digest = user_hash.lower().encode("utf-8", "replace")
    matching = [
        name
        for name, secret in secrets.items()
        if hmac.compare_digest(_hash(secret, identity.key), digest)
    ]
    return _drop_weak_proof(
        replace(identity, verified=bool(matching), vouched_by="".join(matching[:1]))
    )


def decode_token(
    token: str, secrets: Mapping[str, str], now: datetime
) -> tuple[dict[str, Any], str] | None:
    """What a signed token says, and the id of the secret that it is signed with.

    None if nobody vouches for it, or not now: `exp` must come, within `TOKEN_LIFE_LIMIT`.
    """
    for name, secret in secrets.items():
        try:
            claims = jwt.decode(token, secret, algorithms=["HS256"], options=_DECODE_OPTIONS)
        except (jwt.InvalidTokenError, ValueError, RecursionError):
            continue
        return (claims, name) if _is_timely(claims, now.timestamp()) else None
    return None


def verify_claims(claims: dict[str, Any], tidied: Identity) -> Identity:
    """`tidied`, made of the signed `claims`, proved if its key stands as it was signed.

    To whoever signs, `ann` and `ann ` may be two people. An address beside an external id that
    doesn't stand as it was signed is left out: the external id alone is the key.
    """
    identity = replace(tidied, signed=True)
    if identity.email != claims.get("email", ""):
        if not identity.external_id:
            return replace(identity, verified=False)
        identity = replace(identity, email="")
    signed = claims.get("external_id")
    same = identity.external_id == (signed if isinstance(signed, str) else identity.external_id)
    return _drop_weak_proof(replace(identity, verified=same and bool(identity.key)))


def digits(field_name: str, number: float) -> str:
    """A whole number as text. Raises Invalid beyond 2^53, where clients round it."""
    if not (abs(number) <= _MAX_SAFE_INTEGER and number == int(number)):
        raise invalid(field_name, "must be a text, or a whole number below 2^53")
    return str(int(number))


def email_address(field_name: str, value: str) -> str:
    """A trimmed address. Raises Invalid if it can't be one.

    Its length counts in bytes (RFC 5321 §4.5.3.1.3), folded as it stands in its claim.
    """
    cleaned = text.one_line(field_name, value, limit=_LONGEST_EMAIL, required=False)
    if len(cleaned.casefold().encode()) > _LONGEST_EMAIL:
        raise invalid(field_name, f"must have at most {_LONGEST_EMAIL} bytes")
    if cleaned and not _EMAIL.fullmatch(cleaned):
        raise invalid(field_name, "is not an e-mail address")
    return cleaned


def key_claim(field_name: str, value: str) -> str:
    """The claim of whoever has a key."""
    return f"{field_name}#{value.casefold() if field_name == 'email' else value}"


def unique_claims(external_id: str, email: str, phone: str) -> frozenset[str]:
    """What must be unique in a workspace, each under its kind; e-mail without regard to case."""
    keys = {"external_id": external_id, "email": email, "phone": phone}
    return frozenset(key_claim(kind, value) for kind, value in keys.items() if value)


def _is_timely(claims: Mapping[str, Any], now: float) -> bool:
    """Whether a token counts now. Times are whole or broken seconds, never a text or a truth."""
    exp, nbf, iat = (_seconds(claims.get(name)) for name in ("exp", "nbf", "iat"))
    if exp is None or any(
        name in claims and at is None for name, at in (("nbf", nbf), ("iat", iat))
    ):
        return False
    latest = now + _CLOCK_SKEW
    has_begun = (nbf or 0) <= latest and (iat or 0) <= latest
    return has_begun and now < exp <= latest + TOKEN_LIFE_LIMIT.total_seconds()


def _seconds(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if 0 <= value < _MAX_SECONDS else None


def _drop_weak_proof(identity: Identity) -> Identity:
    return replace(
        identity, verified=identity.verified and bool(identity.external_id or identity.proves_email)
    )


def _hash(secret: str, key: str) -> bytes:
    digest = hmac.new(secret.encode(), key.encode("utf-8", "replace"), hashlib.sha256)
    return digest.hexdigest().encode()
