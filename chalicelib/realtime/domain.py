"""Whose a connection is, as it is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from chalicelib.kit.actors import Operator, Visitor

_KINDS: dict[str, type[Operator] | type[Visitor]] = {"operator": Operator, "visitor": Visitor}


class _StoredActor(msgspec.Struct, frozen=True):
    """An actor at rest."""

    kind: str
    fields: dict[str, Any]


def serialize(actor: Operator | Visitor) -> str:
    """An actor to keep beside its connection; what its page claimed is for messages alone."""
    kind = "operator" if isinstance(actor, Operator) else "visitor"
    lean = replace(actor, claims={}) if isinstance(actor, Visitor) else actor
    return msgspec.json.encode(_StoredActor(kind, msgspec.to_builtins(lean))).decode()


def deserialize(text: str) -> Operator | Visitor:
    """The actor of what `serialize` made."""
    stored = msgspec.json.decode(text, type=_StoredActor)
    return msgspec.convert(stored.fields, _KINDS[stored.kind])
