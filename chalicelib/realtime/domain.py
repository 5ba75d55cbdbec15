"""Whose a connection is, as it is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from chalicelib.kit.actors import Operator, Visitor

_KINDS: dict[str, type[Operator] | type[Visitor]] = {"operator": Operator, "visitor": Visitor}


class _Kept(msgspec.Struct, frozen=True):
    """An actor at rest."""

    kind: str
    fields: dict[str, Any]


def written(actor: Operator | Visitor) -> str:
    """An actor to keep beside its connection; what its page claimed is for messages alone."""
    kind = "operator" if isinstance(actor, Operator) else "visitor"
    kept = replace(actor, claims={}) if isinstance(actor, Visitor) else actor
    return msgspec.json.encode(_Kept(kind, msgspec.to_builtins(kept))).decode()


def read(kept: str) -> Operator | Visitor:
    """The actor that was `written`."""
    found = msgspec.json.decode(kept, type=_Kept)
    return msgspec.convert(found.fields, _KINDS[found.kind])
