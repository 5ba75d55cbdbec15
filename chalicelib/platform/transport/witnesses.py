"""Knowing one's own transaction again when its answer was lost, without a token.

DynamoDB keeps a transaction's ClientRequestToken for ten minutes and knows a repetition by it. The
engine of one machine keeps them as long and walks all of them at each transaction, so a busy
minute makes it slower and slower. There, the row of an event stands in: it is written in the same
transaction under an id that is used once, so if it is there, the transaction was carried out.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

_keys: dict[str, tuple[str, ...]] = {}


def register(table: str, *keys: str) -> None:
    """Rows of this table, with these key attributes, are written once and never changed."""
    _keys[table] = keys


def witness(params: Mapping[str, Any]) -> dict[str, Any] | None:
    """The GetItem by which a transaction is known again; None where a token is to do that."""
    if not os.environ.get("FOYER_DYNAMODB_ENDPOINT") or "ClientRequestToken" in params:
        return None
    for write in params["TransactItems"]:
        put = write.get("Put")
        if put and put["TableName"] in _keys:
            names = _keys[put["TableName"]]
            return {
                "TableName": put["TableName"],
                "Key": {name: put["Item"][name] for name in names},
                "ConsistentRead": True,
            }
    return None
