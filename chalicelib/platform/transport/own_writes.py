"""Knowing one's own write again when its answer was lost.

A conditional put that is sent again fails its condition because of its own first attempt, and an
update that is sent again may add twice. So each of them carries a nonce, kept in the row as `_n`,
and the condition that the row doesn't have it yet: when that fails, the row comes along (at no
cost), and the nonce tells whether it was us. Models don't see `_n`.

Somebody else's write in between takes the nonce away. A put then stays unknown; an update may
count twice, which takes a lost answer and another writer within the same milliseconds.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

NONCE = "_n"
_NOT_MINE = "(attribute_not_exists(#nonce) OR #nonce <> :nonce)"
_ASK = "ReturnValuesOnConditionCheckFailure"
_another_set = re.compile(r"\bSET\b").search
_steps = re.compile(r"[()]|(?<![\w:#.])OR(?!\w)").findall


@dataclass(frozen=True, slots=True)
class Marked:
    """A write with a nonce: `params` are what is sent, each time the same."""

    params: dict[str, Any]
    nonce: str
    returns: str
    shows_row: bool
    """Whether the caller asked for the row that fails the condition."""

    def answer(self, error: ClientError) -> dict[str, Any] | None:
        """The answer that was lost, if `error` (a failed condition) shows that this was done.

        None when it wasn't, or when the old values were asked for, which nobody has any more.
        """
        row: Any = dict(error.response).get("Item")
        if not row or row.get(NONCE, {}).get("S") != self.nonce or self.returns.endswith("_OLD"):
            return None
        return {} if self.returns == "NONE" else {"Attributes": row}

    def hide_row(self, error: ClientError) -> None:
        """Take the row out of a failed condition's answer, unless the caller asked for it."""
        if not self.shows_row:
            response: Any = error.response
            response.pop("Item", None)


def mark(operation: str, params: Mapping[str, Any]) -> Marked | None:
    """The write with a nonce; None for what needs none or can't carry one."""
    if operation not in {"PutItem", "UpdateItem"}:
        return None
    condition = params.get("ConditionExpression")
    own: dict[str, Any]
    nonce = secrets.token_urlsafe(9)
    if operation == "PutItem" and condition and params.get("ReturnValues", "NONE") == "NONE":
        own = {"Item": {**params["Item"], NONCE: {"S": nonce}}}
    elif operation == "UpdateItem" and (update := _setting(params.get("UpdateExpression", ""))):
        own = {"UpdateExpression": update}
    else:
        return None
    params_sent = {
        **params,
        **own,
        "ConditionExpression": f"{_NOT_MINE} AND {_operand(condition)}" if condition else _NOT_MINE,
        "ExpressionAttributeNames": {
            **params.get("ExpressionAttributeNames", {}),
            "#nonce": NONCE,
        },
        "ExpressionAttributeValues": {
            **params.get("ExpressionAttributeValues", {}),
            ":nonce": {"S": nonce},
        },
        _ASK: "ALL_OLD",
    }
    returns = str(params.get("ReturnValues", "NONE"))
    return Marked(params_sent, nonce, returns, params.get(_ASK) == "ALL_OLD")


def _operand(condition: str) -> str:
    """A condition to stand beside AND; DynamoDB refuses parentheses that it doesn't need."""
    depth = 0
    for part in _steps(condition):
        depth += (part == "(") - (part == ")")
        if depth == 0 and part == "OR":
            return f"({condition})"
    return condition


def _setting(update: str) -> str | None:
    """An update expression that sets the nonce too; None if it isn't one that we understand."""
    if update.startswith("SET "):
        return f"SET #nonce = :nonce, {update[4:]}"
    return None if not update or _another_set(update) else f"SET #nonce = :nonce {update}"
