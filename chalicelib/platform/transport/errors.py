"""What a failed call means to those above: a condition that didn't hold, or trouble that passes.

The one place that knows AWS's errors by name. Throttling, transactions in each other's way, an
engine that is away or fails, an answer that was lost: whoever asked should ask again. Everything
else (a table that isn't there, a right that is missing, a request that can't be) stays what it is,
a bug of ours.
"""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException, VerboseClientError

from chalicelib.kit.problems import Unavailable
from chalicelib.platform.transport.retry import Outcome, outcome

KINDS = (PynamoDBException, BotoCoreError, ClientError)
"""What calls to AWS fail with."""


def is_failed_condition(error: PynamoDBException) -> bool:
    """Whether a write was refused because its condition didn't hold.

    PynamoDB's own `cause_response_code` fails itself on a broken connection.
    """
    cause = error.cause
    if not isinstance(cause, ClientError):
        return False
    return cause.response["Error"]["Code"] == "ConditionalCheckFailedException"


def passing(error: BaseException) -> Unavailable | None:
    """What to tell of `error` if the same may succeed soon, None when it is for good."""
    reason = error.cause if isinstance(error, PynamoDBException) else error
    # PynamoDB's own ClientError leaves the status out; the one it was made from has it.
    cause = reason.__cause__ if isinstance(reason, VerboseClientError) else reason
    if not isinstance(cause, BotoCoreError | ClientError):
        return None
    return None if outcome(cause) is Outcome.FINAL else Unavailable()
