"""Bytes to checked values and back. Everything from outside passes through here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from chalicelib.kit.problems import FieldError, Invalid, Malformed, invalid

T = TypeVar("T")

_PATH = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<field>.*)`", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<field>[^`]*)`")


class Input(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A request's shape: unknown fields are refused."""


class Output(msgspec.Struct, kw_only=True):
    """An answer's shape."""


def decode(body: bytes, shape: type[T]) -> T:
    """The value that `body` (JSON) says.

    Raises:
        Malformed: Not JSON (also NaN, lone surrogates, nesting beyond reason).
        Invalid: JSON with values that `shape` refuses.
    """
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        # Validation stops at the first wrong value; what follows may not even be JSON.
        _check_form(body)
        raise Invalid(_field_error(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(f"The body is not valid JSON: {error}") from error
    except RecursionError as error:
        raise Malformed("The body is nested too deeply") from error


def convert(values: Mapping[str, str], shape: type[T]) -> T:
    """Query parameters as `shape`. Raises Invalid as `decoded` does."""
    try:
        return msgspec.convert(values, shape, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid(_field_error(error)) from error


def encode(value: Any) -> bytes:
    """JSON for an answer or a frame."""
    return msgspec.json.encode(value)


def storable(field: str, value: Any, *, limit: int) -> None:
    """Refuse free-form JSON (custom fields) that can't be kept as it is.

    Raises:
        Invalid: Over `limit` bytes as JSON, or with lone surrogates (other decoders than ours
            let them in).
    """
    try:
        size = len(msgspec.json.encode(value))
    except UnicodeEncodeError as error:
        raise invalid(field, "must be valid Unicode") from error
    if size > limit:
        raise invalid(field, f"must have at most {limit:,} bytes of JSON")


def _check_form(body: bytes) -> None:
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(f"The body is not valid JSON: {error}") from error
    except RecursionError as error:
        raise Malformed("The body is nested too deeply") from error


def _field_error(error: msgspec.ValidationError) -> FieldError:
    """msgspec tells the place in its message only; take it apart."""
    message = str(error)
    place = _PATH.search(message)
    path = place["path"] if place else ""
    message = message[: place.start()] if place else message
    if unknown := _UNKNOWN.match(message):
        return FieldError(_join(path, unknown["field"]), "is not a known field")
    if missing := _MISSING.match(message):
        return FieldError(_join(path, missing["field"]), "is required")
    return FieldError(path, message[:1].lower() + message[1:])


def _join(path: str, field: str) -> str:
    name = field[:60].encode("utf-8", "replace").decode()
    return f"{path}.{name}" if path else name
