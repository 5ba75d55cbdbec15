"""PynamoDB's models and attributes for flat rows, without what only nested ones need.

PynamoDB asks each attribute at each access whether it stands inside a map, and reads a row
attribute by attribute through those questions, which was half of the CPU of a list of fifty
conversations. Here a class works out once how its rows are read and written, and a row's values
are simply what stands in the instance. Everything else (keys, queries, conditions, updates,
transactions) stays PynamoDB's own.

Stores take `Model` and the attributes from here; an attribute of another kind is refused when
the class is made.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

import msgspec
from pynamodb import attributes, models
from pynamodb.attributes import Attribute
from pynamodb.constants import NULL, STRING
from pynamodb.exceptions import AttributeDeserializationError, AttributeNullError

from chalicelib.kit import instants

A = TypeVar("A", bound=type)
Convert = Callable[[Any], Any]


class _Column(NamedTuple):
    """One attribute: its name in Python and in the table, its wire type, both conversions.

    A conversion that would change nothing is None.
    """

    name: str
    key: str
    kind: str
    null: bool
    written: Convert | None
    read: Convert | None


class _Place:
    """An attribute once its class is known: not asked for a value that stands in the row itself."""

    __slots__ = ("_attribute",)

    def __init__(self, attribute: Attribute[Any]) -> None:
        self._attribute = attribute

    def __get__(self, row: Any, owner: Any) -> Any:
        del owner
        return self._attribute if row is None else None


class Model(models.Model):
    """A row of a table, flat: no maps, no lists, no subclasses kept in one table."""

    _columns: tuple[_Column, ...] | None = None
    _by_key: dict[str, tuple[str, str, Convert | None]]
    _fixed: dict[str, Any]
    _made: tuple[tuple[str, str, Callable[[], Any]], ...]

    @property
    def attribute_values(self) -> dict[str, Any]:
        """The row's values by their names in Python: the instance's own."""
        return self.__dict__

    @attribute_values.setter
    def attribute_values(self, values: dict[str, Any]) -> None:
        self.__dict__ = values

    @classmethod
    def _instantiate(cls, attribute_values: dict[str, dict[str, Any]]) -> Any:
        row = cls.__new__(cls)
        row._container_deserialize(attribute_values)
        return row

    def _container_deserialize(self, attribute_values: dict[str, dict[str, Any]]) -> None:
        kind = type(self)
        if kind._columns is None:
            kind._look_at_columns()
        values = dict(kind._fixed)
        known = kind._by_key
        for key, typed in attribute_values.items():
            if key not in known:
                continue
            name, wire_type, read = known[key]
            value = typed.get(wire_type)
            if value is not None:
                values[name] = value if read is None else read(value)
            elif typed and NULL not in typed:
                raise AttributeDeserializationError(key, wire_type)
        for name, key, make in kind._made:
            if key not in attribute_values:
                values[name] = make()
        self.__dict__ = values

    def _container_serialize(self, null_check: bool = True) -> dict[str, dict[str, Any]]:
        kind = type(self)
        if kind._columns is None:
            kind._look_at_columns()
        columns: Any = kind._columns
        values = self.__dict__
        item: dict[str, dict[str, Any]] = {}
        for name, key, wire_type, null, written, _ in columns:
            value = values.get(name)
            if value is not None and written is not None:
                value = written(value)
            if value is not None:
                item[key] = {wire_type: value}
            elif null_check and not null:
                raise AttributeNullError(name)
        return item

    @classmethod
    def _look_at_columns(cls) -> None:
        """Work out how rows of this class are read and written."""
        declared = cls.get_attributes()
        columns = tuple(
            _Column(
                name,
                attribute.attr_name,
                attribute.attr_type,
                attribute.null,
                _unless(attribute.serialize, Attribute.serialize),
                _unless(attribute.deserialize, Attribute.deserialize),
            )
            for name, attribute in declared.items()
        )
        defaults = {name: attribute.default for name, attribute in declared.items()}
        cls._by_key = {column.key: (column.name, column.kind, column.read) for column in columns}
        for name, attribute in declared.items():
            setattr(cls, name, _Place(attribute))
        cls._fixed = {
            name: value
            for name, value in defaults.items()
            if value is not None and not callable(value)
        }
        cls._made = tuple(
            (name, declared[name].attr_name, make)
            for name, make in defaults.items()
            if callable(make)
        )
        cls._columns = columns

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls._columns = None
        for name, attribute in vars(cls).items():
            if isinstance(attribute, Attribute) and type(attribute) not in _FLAT:
                raise TypeError(f"{cls.__name__}.{name}: take attributes from platform.rows")


def _flat(kind: A) -> A:
    """Make an attribute's value one step away, for it never stands inside a map."""
    attribute: Any = kind
    attribute.__get__ = _value
    attribute.__set__ = _take
    _FLAT.add(kind)
    return kind


def _value(self: Any, row: Any, owner: Any) -> Any:
    """`Attribute.__get__`: the value in a row, the attribute itself in the class."""
    del owner
    return self if row is None else row.attribute_values.get(self.name)


def _take(self: Any, row: Any, value: Any) -> None:
    """`Attribute.__set__`."""
    row.attribute_values[self.name] = value


def _unless(bound: Any, default: Any) -> Convert | None:
    """A conversion, or None where it is the base class's, which changes nothing."""
    found: Convert | None = None if bound.__func__ is default else bound
    return found


_FLAT: set[type] = set()


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
    """An aware UTC datetime, kept as `instants.shown` writes it: text order is time order."""

    attr_type = STRING

    def serialize(self, value: datetime) -> str:
        return instants.shown(value)

    def deserialize(self, value: str) -> datetime:
        return instants.read(value)
