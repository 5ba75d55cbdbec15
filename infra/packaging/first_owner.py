"""Installations of former versions have had their first owner; so that nobody becomes it again.

Since there are first owners, the first who signs up claims to be it
(`auth.store.first_owner_claim`). Of accounts that were made before, nothing says so but that they
are there, and to see that the table has to be looked into. So it is done once, before
the new version answers anybody: by `make deploy` and at the start of one machine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError

Call = Callable[[str, dict[str, Any]], dict[str, Any]]
"""An operation of DynamoDB by its name, with its parameters."""

_CLAIM = "first-owner"


def caller(client: Any) -> Call:
    """The operations of a boto3 client by their names."""
    return lambda name, params: getattr(client, xform_name(name))(**params)


def note(call: Call, prefix: str) -> bool:
    """Claim for whoever is there, if there is anybody and no claim; says whether that was so."""
    table = f"{prefix}-logins"
    try:
        answer = call("GetItem", {"TableName": table, "Key": {"id": {"S": _CLAIM}}})
        if "Item" in answer:
            return False
        accounts = call("Scan", {"TableName": table, "Limit": 1, "ConsistentRead": True})["Items"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return False
        raise
    if not accounts:
        return False
    somebody = accounts[0]
    claim = {
        "id": {"S": _CLAIM},
        "email": somebody["email"],
        "user_id": somebody["user_id"],
        "password": {"S": "-"},
        "version": {"N": "1"},
    }
    call("PutItem", {"TableName": table, "Item": claim})
    return True
