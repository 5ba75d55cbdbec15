"""Rows read and write exactly as PynamoDB's own do, only sooner."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pynamodb import attributes as theirs
from pynamodb.exceptions import AttributeDeserializationError, AttributeNullError
from pynamodb.models import Model as TheirModel

from chalicelib.platform.tables import rows as ours

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


class Ours(ours.Model):
    class Meta:
        table_name = "things"

    id = ours.UnicodeAttribute(hash_key=True)
    word = ours.UnicodeAttribute(null=True, attr_name="w")
    words = ours.UnicodeSetAttribute(null=True)
    yes = ours.BooleanAttribute(default=False)
    number = ours.NumberAttribute(default=0)
    kept = ours.JSONAttribute(default=dict)
    at = ours.InstantAttribute(null=True)
    version = ours.VersionAttribute()


class Theirs(TheirModel):
    class Meta:
        table_name = "things"

    id = theirs.UnicodeAttribute(hash_key=True)
    word = theirs.UnicodeAttribute(null=True, attr_name="w")
    words = theirs.UnicodeSetAttribute(null=True)
    yes = theirs.BooleanAttribute(default=False)
    number = theirs.NumberAttribute(default=0)
    kept = theirs.JSONAttribute(default=dict)
    at = theirs.UnicodeAttribute(null=True)
    version = theirs.VersionAttribute()


VALUES = st.fixed_dictionaries(
    {"id": st.text(min_size=1)},
    optional={
        "word": st.none() | st.text(),
        "words": st.none() | st.sets(st.text(), max_size=1),
        "yes": st.booleans(),
        "number": st.integers() | st.floats(allow_nan=False, allow_infinity=False),
        "kept": st.dictionaries(st.text(), st.integers() | st.text()),
        "version": st.integers(0, 10**9),
    },
)


def _parse(item: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """JSON is the same with white space and without."""
    return {**item, "kept": {"JSON": json.loads(item["kept"]["S"])}}


@given(VALUES)
def test_a_row_is_written_and_read_as_pynamodb_does(values: dict[str, Any]) -> None:
    mine, other = Ours(**values), Theirs(**values)
    written = mine.serialize()
    assert _parse(written) == _parse(other.serialize())
    again, other_again = Ours.from_raw_data(other.serialize()), Theirs.from_raw_data(written)
    assert again.attribute_values == other_again.attribute_values
    assert again.serialize() == written


@given(st.integers(0, 10**12))
def test_an_instant_comes_back_to_the_millisecond(milliseconds: int) -> None:
    at = BEGIN + timedelta(milliseconds=milliseconds)
    row = Ours.from_raw_data(Ours(id="a", at=at).serialize())
    assert row.at == at


def test_what_a_row_lacks_takes_its_default_and_what_it_has_too_much_is_left() -> None:
    raw = {"id": {"S": "a"}, "yes": {"NULL": True}, "stray": {"S": "x"}}
    row = Ours.from_raw_data(raw)
    assert row.attribute_values == Theirs.from_raw_data(raw).attribute_values
    assert row.attribute_values == {"id": "a", "yes": False, "number": 0, "kept": {}}


def test_defaults_are_not_shared() -> None:
    one, other = Ours.from_raw_data({"id": {"S": "a"}}), Ours.from_raw_data({"id": {"S": "b"}})
    one.kept["x"] = 1
    assert other.kept == {}


def test_wrong_types_and_missing_values_are_refused() -> None:
    with pytest.raises(AttributeDeserializationError):
        Ours.from_raw_data({"id": {"N": "1"}})
    with pytest.raises(AttributeNullError):
        Ours().serialize()


def test_an_attribute_that_is_not_flat_is_refused() -> None:
    with pytest.raises(TypeError, match=r"Nested\.inside"):

        class Nested(ours.Model):
            inside: Any = theirs.ListAttribute()


class Value(msgspec.Struct, array_like=True):
    first: str
    second: int = 0
    third: list[str] = []


class Longer(msgspec.Struct, array_like=True):
    first: str
    second: int = 0
    third: list[str] = []
    fourth: bool = True


class Valued(ours.Model):
    class Meta:
        table_name = "things"

    id = ours.UnicodeAttribute(hash_key=True)
    data = ours.StructAttribute(Value, attr_name="d", former={"one": "first", "two": "second"})


class ValuedLater(ours.Model):
    class Meta:
        table_name = "things"

    id = ours.UnicodeAttribute(hash_key=True)
    data = ours.StructAttribute(Longer, attr_name="d")


@given(st.text(), st.integers(-(2**53), 2**53), st.lists(st.text()))
def test_a_value_comes_back_whole_and_defaults_at_its_end_are_not_kept(
    first: str, second: int, third: list[str]
) -> None:
    written = Valued(id="a", data=Value(first, second, third)).serialize()
    places = 3 if third else 2 if second else 1
    assert len(json.loads(written["d"]["S"])) == places
    assert Valued.from_raw_data(written).data == Value(first, second, third)


def test_a_value_is_read_by_the_version_before_and_the_version_after() -> None:
    later = ValuedLater(id="a", data=Longer("x", 1, ["y"], False)).serialize()
    assert Valued.from_raw_data(later).data == Value("x", 1, ["y"])
    before = Valued(id="a", data=Value("x")).serialize()
    assert ValuedLater.from_raw_data(before).data == Longer("x")


def test_what_the_version_after_added_is_kept_by_the_version_before() -> None:
    """While functions switch over, one of before may write what one of after has written."""
    row = Valued.from_raw_data(ValuedLater(id="a", data=Longer("x", fourth=False)).serialize())
    row.data.first = "y"
    for _ in range(2):
        row = Valued.from_raw_data(row.serialize())
    row.data = Value("z")
    assert ValuedLater.from_raw_data(row.serialize()).data == Longer("z", fourth=False)


def test_a_value_is_gathered_from_the_attributes_that_held_it_before() -> None:
    item = {"id": {"S": "a"}, "one": {"S": "x"}, "two": {"N": "7"}}
    assert Valued.from_raw_data(item).data == Value("x", 7)
    assert Valued.from_raw_data({"id": {"S": "a"}}).data is None
