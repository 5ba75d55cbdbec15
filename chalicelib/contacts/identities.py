"""What a host page says of its visitor: part of the contacts service.

Only what a proof stands on refuses. Everything else that can't be taken is left out and named, so
that one odd phone number costs the visitor nothing but the phone number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from chalicelib.contacts import domain
from chalicelib.contacts.domain import Identity
from chalicelib.edge import wire
from chalicelib.kit import phones, text
from chalicelib.kit.lenient import Lenient, path
from chalicelib.kit.problems import FieldError, Forbidden, Invalid, invalid

CUSTOM_LIMIT = 8_192
"""Bytes of a contact's custom fields, as JSON."""

_FIELDS = ("external_id", "email", "name", "phone", "custom", "user_hash", "token")
_LONGEST_HASH = 128
_LONGEST_TOKEN = 8_192
_DEEPEST = 10
_LONGEST_KEY = 100
_MOST_CUSTOM = 250


def read_identity(
    raw: Any, mode: str, secrets: Mapping[str, str], lenient: Lenient, now: datetime
) -> Identity:
    """Who a page says its visitor is, proved if a hash or a token under `secrets` says so.

    `mode` is the workspace's: `off` looks at no proof, `required` takes nobody without.

    Raises:
        Forbidden: Proof is required and there is none, or it isn't valid.
        Invalid: A proof stands on something that can't be a key (`identity.invalid`).
    """
    if raw is None:
        return Identity()
    if not isinstance(raw, dict):
        lenient.drop("identity", "must be an object")
        return Identity()
    lenient.note_unknown("identity", raw, _FIELDS)
    proving = mode != "off"
    for proof in ("user_hash", "token"):
        if raw.get(proof, "") is None:
            lenient.drop(f"identity.{proof}", "is null")
    if raw.get("token") is not None:
        identity = _identity_by_token(raw["token"], secrets, lenient, now, proving=proving)
    else:
        identity = _identity_by_hash(raw, secrets, lenient, proving=proving)
    if not proving:
        return replace(identity, verified=False)
    if mode == "required" and not identity.verified and _names_somebody(raw):
        raise Forbidden(
            "This workspace takes an identity only with a valid hash or token",
            code="identity.not_verified",
        )
    return identity


def merge_custom(
    current: Mapping[str, Any] | None,
    new: Mapping[str, Any],
    beside: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A contact's custom fields with those that were said, while there is room; others stay.

    `beside` are fields that take room, too.
    """
    both = dict(current or {})
    size = sum(_size(key, value) for key, value in (*both.items(), *(beside or {}).items()))
    for key, value in new.items():
        more = _size(key, value) - (_size(key, both[key]) if key in both else 0)
        if size + more < CUSTOM_LIMIT:
            both[key] = value
            size += more
    return both


def report_dropped_fields(current: Mapping[str, Any], identity: Identity, lenient: Lenient) -> None:
    """Name the custom fields for which a contact had no room."""
    for key in identity.custom:
        if key not in current:
            lenient.drop(path("identity.custom", key), "has no room beside the contact's others")


def _identity_by_hash(
    raw: Mapping[str, Any], secrets: Mapping[str, str], lenient: Lenient, *, proving: bool
) -> Identity:
    user_hash = raw.get("user_hash")
    if user_hash is None or not proving:
        return _read_fields(raw, lenient)
    if not isinstance(user_hash, str) or len(user_hash) > _LONGEST_HASH:
        raise _invalid_identity(
            FieldError("identity.user_hash", "must be a hash in hexadecimal digits")
        )
    identity = _read_fields(raw, lenient, key=_key_of(raw))
    proved = domain.verify_hash(identity, user_hash, secrets)
    if not proved.verified:
        lenient.drop(
            "identity.user_hash",
            f"doesn't prove the {_key_of(raw)}" if identity.key else "has no key to prove",
        )
    return proved


def _identity_by_token(
    token: Any, secrets: Mapping[str, str], lenient: Lenient, now: datetime, *, proving: bool
) -> Identity:
    if not isinstance(token, str) or len(token) > _LONGEST_TOKEN:
        if proving:
            raise _invalid_identity(
                FieldError("identity.token", f"must be a JWT of at most {_LONGEST_TOKEN:,} bytes")
            )
        lenient.drop("identity.token", "must be a JWT")
        return Identity()
    decoded = domain.decode_token(token, secrets, now)
    if decoded is None:
        if proving:
            lenient.drop(
                "identity.token",
                "isn't signed by a secret of this workspace, or its times aren't right",
            )
        return Identity()
    claims, vouched_by = decoded
    key = _key_of(claims)
    identity = _read_fields(claims, lenient, key=key if proving else "")
    proved = replace(domain.verify_claims(claims, identity), vouched_by=vouched_by)
    if identity.email and not proved.email:
        lenient.drop("identity.email", "is not as it was signed")
    if proving and not proved.verified:
        lenient.drop("identity.token", f"proves nobody: the {key} is missing, or not as it is kept")
    return proved


def _read_fields(raw: Mapping[str, Any], lenient: Lenient, key: str = "") -> Identity:
    """The values that can be taken. Raises Invalid for `key`, which a proof stands on."""

    def read(name: str, take: Callable[[str, Any], str]) -> str:
        value = raw.get(name, "")
        if name != key:
            return lenient.read(f"identity.{name}", value, take, "")
        try:
            return take(f"identity.{name}", value)
        except Invalid as refusal:
            raise _invalid_identity(*refusal.errors) from refusal

    return Identity(
        external_id=read("external_id", _external_id),
        email=read("email", lambda name, value: domain.email_address(name, _text(name, value))),
        name=read("name", _name),
        phone=read("phone", lambda name, value: phones.phone_number(name, _text(name, value))),
        custom=_read_custom(raw.get("custom", {}), lenient),
    )


def _read_custom(raw: Any, lenient: Lenient) -> dict[str, Any]:
    if not isinstance(raw, dict):
        lenient.drop("identity.custom", "must be an object")
        return {}
    if len(raw) > _MOST_CUSTOM:
        lenient.drop(
            "identity.custom", f"may have at most {_MOST_CUSTOM} fields; the first are kept"
        )
    good = {
        key: value
        for key, value in islice(raw.items(), _MOST_CUSTOM)
        if lenient.read(path("identity.custom", key), (key, value), _check_custom, absent=False)
    }
    fitting = merge_custom({}, good)
    for key in good.keys() - fitting.keys():
        lenient.drop(
            path("identity.custom", key), f"doesn't fit into {CUSTOM_LIMIT:,} bytes with the others"
        )
    return fitting


def _check_custom(name: str, pair: tuple[str, Any]) -> bool:
    """Whether a custom field can be kept as it is. Raises Invalid."""
    key, value = pair
    text.one_line(name, key, limit=_LONGEST_KEY)
    if _depth(value) > _DEEPEST:
        raise invalid(name, f"is nested more than {_DEEPEST} deep")
    if not _all_finite(value):
        raise invalid(name, "is not a number that JSON can say")
    wire.storable(name, pair, limit=CUSTOM_LIMIT)
    return True


def _size(key: str, value: Any) -> int:
    """What a field takes of the limit: its bytes as JSON, with the comma."""
    return len(wire.encode({key: value})) - 1


def _depth(value: Any) -> int:
    """How deep lists and objects are nested; it looks no deeper than one beyond what is allowed."""
    depth, level = 0, [value]
    while depth <= _DEEPEST and (
        nested := [each for each in level if isinstance(each, dict | list)]
    ):
        level = [inner for each in nested for inner in _inside(each)]
        depth += 1
    return depth


def _inside(value: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value


def _all_finite(value: Any) -> bool:
    if isinstance(value, dict | list):
        return all(_all_finite(each) for each in _inside(value))
    return not isinstance(value, float) or math.isfinite(value)


def _external_id(name: str, value: Any) -> str:
    """A text, or a safe whole number as its digits: `42` and `"42"` are the same somebody."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return domain.digits(name, value)
    return text.one_line(name, _text(name, value), limit=200, required=False)


def _name(name: str, value: Any) -> str:
    return text.one_line(name, _text(name, value), limit=200, required=False)


def _text(name: str, value: Any) -> str:
    if value is None:
        raise invalid(name, "is null")
    if not isinstance(value, str):
        raise invalid(name, "must be a text")
    return value


def _key_of(raw: Mapping[str, Any]) -> str:
    """The field that a proof stands on."""
    return "email" if raw.get("external_id") in (None, "") else "external_id"


def _names_somebody(raw: Mapping[str, Any]) -> bool:
    return any(raw.get(name) not in (None, "") for name in ("external_id", "email", "token"))


def _invalid_identity(*errors: FieldError) -> Invalid:
    return Invalid(*errors, code="identity.invalid")
