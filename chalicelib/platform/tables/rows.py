"""PynamoDB's models for flat rows, without what only nested ones need.

PynamoDB asks each attribute at each access whether it stands inside a map, and reads a row
attribute by attribute through those questions, which was half of the CPU of a list of fifty
conversations. Here a class works out once how its rows are read and written, and a row's values
are simply what stands in the instance. Everything else (keys, queries, conditions, updates,
transactions) stays PynamoDB's own.

Stores take `Model` and the attributes from here; an attribute of another kind is refused when
the class is made. A row is its keys, what a condition or filter asks for, and one typed value with
all the rest (`StructAttribute`): the cost of a list goes by rows times attributes
(docs/decisions/0024-one-value-a-row.md).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from pynamodb import models
from pynamodb.attributes import Attribute
from pynamodb.constants import NULL, STRING
from pynamodb.exceptions import AttributeDeserializationError, AttributeNullError

from chalicelib.platform.tables.attributes import (
    FLAT,
    BooleanAttribute,
    InstantAttribute,
    JSONAttribute,
    NumberAttribute,
    StructAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
    VersionAttribute,
)

__all__ = [
    "BooleanAttribute", "InstantAttribute", "JSONAttribute", "Model", "NumberAttribute",
    "StructAttribute", "UnicodeAttribute", "UnicodeSetAttribute", "VersionAttribute",
]  # fmt: skip

Convert = Callable[..., Any]


class _Column(NamedTuple):
    """One attribute: its name in Python and in the table, its wire type, both conversions.

    A conversion that would change nothing is None.
    """

    name: str
    key: str
    kind: str
    null: bool
    write: Convert | None
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

    __slots__ = ("_item",)
    _item: dict[str, dict[str, Any]]
    """The row as it was read, where it has a typed value."""

    _columns: tuple[_Column, ...] | None = None
    _by_key: dict[str, tuple[str, str, Convert | None]]
    _fixed: dict[str, Any]
    _factories: tuple[tuple[str, str, Callable[[], Any]], ...]
    _gathered: tuple[tuple[str, str, Convert], ...]
    _structs: frozenset[str]

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
        by_key = kind._by_key
        for key, typed in attribute_values.items():
            if key not in by_key:
                continue
            name, wire_type, read = by_key[key]
            value = typed.get(wire_type)
            if value is not None:
                values[name] = value if read is None else read(value)
            elif typed and NULL not in typed:
                raise AttributeDeserializationError(key, wire_type)
        for name, key, make in kind._factories:
            if key not in attribute_values:
                values[name] = make()
        for name, key, gather in kind._gathered:
            if key not in attribute_values:
                values[name] = gather(attribute_values)
        self.__dict__ = values
        if kind._structs:
            self._item = attribute_values

    def _container_serialize(self, null_check: bool = True) -> dict[str, dict[str, Any]]:
        kind = type(self)
        if kind._columns is None:
            kind._look_at_columns()
        columns: Any = kind._columns
        values = self.__dict__
        before = getattr(self, "_item", None)
        item: dict[str, dict[str, Any]] = {}
        for name, key, wire_type, null, write, _ in columns:
            value = values.get(name)
            if value is not None and write is not None:
                if before and key in kind._structs and key in before:
                    value = write(value, before[key][STRING])
                else:
                    value = write(value)
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
        cls._factories = tuple(
            (name, declared[name].attr_name, make)
            for name, make in defaults.items()
            if callable(make)
        )
        cls._gathered = tuple(
            (name, attribute.attr_name, attribute.gather)
            for name, attribute in declared.items()
            if isinstance(attribute, StructAttribute) and attribute.former
        )
        cls._structs = frozenset(
            attribute.attr_name
            for attribute in declared.values()
            if isinstance(attribute, StructAttribute)
        )
        cls._columns = columns

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls._columns = None
        for name, attribute in vars(cls).items():
            if isinstance(attribute, Attribute) and type(attribute) not in FLAT:
                raise TypeError(f"{cls.__name__}.{name}: take attributes from platform.tables.rows")


def _unless(bound: Any, default: Any) -> Convert | None:
    """A conversion, or None where it is the base class's, which changes nothing."""
    convert: Convert | None = None if bound.__func__ is default else bound
    return convert
