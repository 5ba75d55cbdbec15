"""The kinds of attributes that flat rows have: PynamoDB's own, with the value one step away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec
from pynamodb import attributes
from pynamodb.attributes import Attribute
from pynamodb.constants import STRING

from chalicelib.kit import instants

A = TypeVar("A", bound=type)
S = TypeVar("S", bound=msgspec.Struct)

FLAT: set[type] = set()
"""Every kind that `rows.Model` takes."""


def _flat(kind: A) -> A:
    """Make an attribute's value one step away, for it never stands inside a map."""
    attribute: Any = kind
    attribute.__get__ = _value
    attribute.__set__ = _take
    FLAT.add(kind)
    return kind


def _value(self: Any, row: Any, owner: Any) -> Any:
    """`Attribute.__get__`: the value in a row, the attribute itself in the class."""
    del owner
    return self if row is None else row.attribute_values.get(self.name)


def _take(self: Any, row: Any, value: Any) -> None:
    """`Attribute.__set__`."""
    row.attribute_values[self.name] = value


class _Named:
    """Keeps the name that the attribute has in Python."""

    name: str

    def __set_name__(self, owner: Any, name: str) -> None:
        parent: Any = super()
        parent.__set_name__(owner, name)
        self.name = name


@_flat
class UnicodeAttribute(_Named, attributes.UnicodeAttribute):
    """Text."""


@_flat
class UnicodeSetAttribute(_Named, attributes.UnicodeSetAttribute):
    """A set of texts; an empty one is kept as none at all."""


@_flat
class BooleanAttribute(_Named, attributes.BooleanAttribute):
    """Yes or no."""


@_flat
class NumberAttribute(_Named, attributes.NumberAttribute):
    """A number: an int where it is whole."""

    def serialize(self, value: float) -> str:
        return repr(value)

    def deserialize(self, value: str) -> float:
        try:
            return int(value)
        except ValueError:
            return float(value)


@_flat
class VersionAttribute(_Named, attributes.VersionAttribute):
    """Counts the changes of a row: whoever writes must have read the last one."""

    def serialize(self, value: float) -> str:
        return str(int(value))

    def deserialize(self, value: str) -> int:
        return int(value)


@_flat
class JSONAttribute(_Named, attributes.JSONAttribute):
    """JSON as text, without white space and without escaping what UTF-8 can carry."""

    def serialize(self, value: Any) -> str | None:
        return None if value is None else msgspec.json.encode(value).decode()

    def deserialize(self, value: str) -> Any:
        return msgspec.json.decode(value)


@_flat
class InstantAttribute(_Named, Attribute[datetime]):
    """An aware UTC datetime, kept as `instants.to_text` writes it: text order is time order."""

    attr_type = STRING

    def serialize(self, value: datetime) -> str:
        return instants.to_text(value)

    def deserialize(self, value: str) -> datetime:
        return instants.from_text(value)


@_flat
class StructAttribute(_Named, Attribute[S], Generic[S]):
    """One typed value: a msgspec Struct with `array_like=True`, kept as JSON text without names.

    Its fields keep their places: a new one is added at the end, with a default, so that rows of
    before can be read, and so that a version of before reads what a later one wrote: what stands
    behind its own fields it leaves as it found it. Defaults at the end aren't kept.
    """

    attr_type = STRING

    def __init__(
        self, kind: type[S], *, attr_name: str, former: Mapping[str, str] | None = None
    ) -> None:
        """`former`: the attributes that held the value before, by their names in the table."""
        super().__init__(attr_name=attr_name)
        self.former = former or {}
        self._kind = kind
        self._decoder = msgspec.json.Decoder(kind)
        self._defaults = tuple(_default(field) for field in msgspec.structs.fields(kind))

    def serialize(self, value: S, before: str = "") -> str:
        """`before`: as it was read, with what a later version may have added."""
        values = msgspec.structs.astuple(value)
        end = len(values)
        more = _PARTS.decode(before)[end:] if before else ()
        if more:
            return _ENCODER.encode([*values, *more]).decode()
        while end and values[end - 1] == self._defaults[end - 1]:
            end -= 1
        return _ENCODER.encode(values[:end]).decode()

    def deserialize(self, value: str) -> S:
        return self._decoder.decode(value)

    def gather(self, item: Mapping[str, Mapping[str, Any]]) -> S | None:
        """The value of a row that was written when each field was an attribute of its own.

        None for what has no such attribute, such as a key in an index.
        """
        types = {field.name: field.type for field in msgspec.structs.fields(self._kind)}
        values: dict[str, Any] = {}
        for key, name in self.former.items():
            wire_type, value = next(iter(item.get(key, {"NULL": True}).items()))
            if wire_type != "NULL":
                values[name] = _convert(value, types[name])
        return self._kind(**values) if values else None


_ENCODER = msgspec.json.Encoder()
_PARTS = msgspec.json.Decoder(list[msgspec.Raw])


def _default(field: msgspec.structs.FieldInfo) -> Any:
    value = field.default_factory
    return field.default if value is msgspec.NODEFAULT else value()


def _convert(value: Any, kind: Any) -> Any:
    """A wire value as a field's type; what was JSON text is read as such."""
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError:
        return msgspec.json.decode(value, type=kind)
