"""Values that may be wrong without harm: what can't be taken is left out and named, not refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from chalicelib.kit.problems import FieldError, Invalid

T = TypeVar("T")

_LONGEST_NAME = 60
_MOST = 20
"""How many are named: who sends a thousand bad ones sees enough."""


@dataclass(slots=True)
class Lenient:
    """Reads a caller's optional values; `ignored` names those that were left out, and why."""

    ignored: list[FieldError] = field(default_factory=list)

    def drop(self, name: str, message: str) -> None:
        """Note that a value is left out; `name` is a dotted path."""
        if len(self.ignored) < _MOST:
            printable = name.encode("utf-8", "replace").decode()
            self.ignored.append(FieldError(printable, message))

    def read(self, name: str, value: Any, take: Callable[[str, Any], T], absent: T) -> T:
        """What `take` makes of a value, or `absent` (and a note) where it raises Invalid."""
        try:
            return take(name, value)
        except Invalid as refusal:
            self.drop(name, refusal.errors[0].message)
            return absent

    def note_unknown(self, name: str, values: Mapping[str, Any], fields: tuple[str, ...]) -> None:
        """Note the fields that nobody asked for."""
        for each in values:
            if each not in fields:
                self.drop(path(name, each), "is not a known field")


def path(name: str, key: str) -> str:
    """A key's dotted path, short enough to be told."""
    return f"{name}.{key[:_LONGEST_NAME]}"
