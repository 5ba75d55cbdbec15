"""When a failed call is sent again, and how long to wait before.

Waits are "full jitter" (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/):
anything between nothing and a bound that doubles, so that those who collided don't collide again.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from enum import Enum, auto
from time import monotonic, sleep
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

BUDGET = 10.0
"""Seconds for a call with all its retries: API Gateway gives the whole request 29 s."""
BACKOFF_BASE = 0.025
"""Seconds the first wait is below; what AWS's SDKs use for DynamoDB."""
BACKOFF_CAP = 1.0
MAX_ATTEMPTS = 10
WORTHWHILE = 0.05
"""Seconds that must be left for another attempt: with less it would only time out."""

REFUSED_FOR_NOW = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "ReplicatedWriteConflictException",
        "RequestLimitExceeded",
        "ThrottlingException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
PASSING_REASONS = frozenset(
    {"None", "ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict"}
)
NOT_REACHED = (EndpointConnectionError, ConnectTimeoutError)
LOST = (ConnectionClosedError, ReadTimeoutError)


class Outcome(Enum):
    """What a failure says about the request."""

    FINAL = auto()
    """Refused for good: it would be refused again."""
    NOT_DONE = auto()
    """Surely not carried out; it may be later."""
    UNKNOWN = auto()
    """Carried out or not, nobody knows: the connection broke, or the service itself failed."""


def outcome(error: BotoCoreError | ClientError) -> Outcome:
    """What `error` says about the request it came from."""
    if isinstance(error, ClientError):
        return _outcome_of_answer(error)
    if isinstance(error, LOST):
        return Outcome.UNKNOWN
    return Outcome.NOT_DONE if isinstance(error, NOT_REACHED) else Outcome.FINAL


def _outcome_of_answer(error: ClientError) -> Outcome:
    response: Mapping[str, Any] = error.response
    code = response["Error"]["Code"]
    if code in REFUSED_FOR_NOW:
        return Outcome.NOT_DONE
    if code == "TransactionCanceledException":
        reasons = {reason.get("Code") for reason in response.get("CancellationReasons", [])}
        return Outcome.NOT_DONE if reasons and reasons <= PASSING_REASONS else Outcome.FINAL
    status = response["ResponseMetadata"]["HTTPStatusCode"]
    return Outcome.UNKNOWN if status >= 500 else Outcome.FINAL


class Patience:
    """One call's time budget, attempts and waits."""

    def __init__(
        self,
        budget: float = BUDGET,
        *,
        base: float = BACKOFF_BASE,
        cap: float = BACKOFF_CAP,
        max_attempts: int = MAX_ATTEMPTS,
    ) -> None:
        self.deadline = monotonic() + budget
        self.attempts = 0
        """Requests sent so far; whoever sends one counts it."""
        self._base = base
        self._cap = cap
        self._max_attempts = max_attempts
        self._waits = 0

    def wait(self) -> bool:
        """Wait before another attempt; False, at once, where there is no time for one."""
        pause = random.uniform(0, min(self._cap, self._base * 2**self._waits))
        self._waits += 1
        resumed = monotonic() + pause
        if self._waits >= self._max_attempts or resumed + WORTHWHILE > self.deadline:
            return False
        sleep(pause)
        return True

    def wait_or_raise(self, error: BotoCoreError | ClientError) -> None:
        """Wait before another attempt; raise `error` where there is no time for one."""
        if not self.wait():
            raise error

    def start_over(self) -> None:
        """The last attempt got somewhere: the next wait is short again."""
        self._waits = 0
