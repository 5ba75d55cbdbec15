"""What every call to DynamoDB gets, whoever carries it: retries, a token, whole batches, observers.

A request is sent again after a passing refusal (throttling, a transaction conflict) or a broken
connection, inside one time budget. Where nobody knows whether it was carried out, sending it
again must not do harm:

    reads, batches          sent again
    TransactWriteItems      sent again, under the same ClientRequestToken, so it counts once; on one
                            machine, where it has no token (`witnesses`), only if the event's row
                            isn't there, and its conditions exclude a second time
    PutItem with condition, sent again under the same nonce (`own_writes`): if the condition then
    UpdateItem              fails and the row has it, that was our own doing and counts as done.
                            With old values asked for: raised, as nobody has them any more
    PutItem, DeleteItem     sent again; if a condition then fails, that may be our own doing, so
                            the broken connection is raised, not the failed condition.
                            With ReturnValues: raised, as the old item may be the new one
    others                  raised
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from time import perf_counter
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.platform.observability.observe import METERED, READS, Call, Observer, observers
from chalicelib.platform.transport.own_writes import mark
from chalicelib.platform.transport.retry import (
    BACKOFF_BASE,
    BACKOFF_CAP,
    BUDGET,
    MAX_ATTEMPTS,
    Outcome,
    Patience,
    outcome,
)
from chalicelib.platform.transport.witnesses import witness

REPEATABLE = READS | {"BatchWriteItem"}
"""Operations that may be sent twice, beside Describe…, Get… and List…"""
REPLACING = frozenset({"DeleteItem", "PutItem"})
UNPROCESSED = {"BatchGetItem": "UnprocessedKeys", "BatchWriteItem": "UnprocessedItems"}


class Calls(ABC):
    """A DynamoDB client as PynamoDB uses one: `_make_api_call`, `meta.endpoint_url`.

    Times are in seconds; see `retry` for what they bound.
    """

    def __init__(
        self,
        *,
        budget: float = BUDGET,
        backoff_base: float = BACKOFF_BASE,
        backoff_cap: float = BACKOFF_CAP,
        max_attempts: int = MAX_ATTEMPTS,
    ) -> None:
        self._budget = budget
        self._backoff_base = backoff_base
        self._backoff_cap = backoff_cap
        self._max_attempts = max_attempts

    @property
    @abstractmethod
    def endpoint_url(self) -> str:
        """Where calls go."""

    @abstractmethod
    def _send(
        self, operation: str, params: Mapping[str, Any], patience: Patience
    ) -> dict[str, Any]:
        """Send one request, once, and give its answer; errors as `call` raises them."""

    def call(
        self, operation: str, params: Mapping[str, Any], *, budget: float | None = None
    ) -> dict[str, Any]:
        """Do one operation of DynamoDB's API; shapes as in its reference, binary as `bytes`.

        `budget` is for this call alone, in seconds, where the client's own is too long.

        TransactWriteItems gets a ClientRequestToken if nothing else tells it. Batches come whole:
        what the service left unprocessed is sent again, with waits, inside the same budget.

        Raises:
            ClientError: The service refused, and would again or did until the budget ended.
            BotoCoreError: No answer; which kind says whether it may have been carried out.
            ValueError: The request can't be put as JSON (half a surrogate pair).
        """
        patience = Patience(
            self._budget if budget is None else budget,
            base=self._backoff_base,
            cap=self._backoff_cap,
            max_attempts=self._max_attempts,
        )
        watching, capacity = observers()
        if watching:
            if operation in METERED:
                params = {**params, "ReturnConsumedCapacity": capacity}
            return self._observe_call(operation, params, patience, watching)
        return self._whole(operation, params, patience)

    def _make_api_call(
        self, operation_name: str, operation_kwargs: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The name PynamoDB calls."""
        return self.call(operation_name, operation_kwargs)

    @property
    def meta(self) -> SimpleNamespace:
        """As much of botocore's `client.meta` as PynamoDB reads."""
        return SimpleNamespace(endpoint_url=self.endpoint_url)

    def _observe_call(
        self,
        operation: str,
        params: Mapping[str, Any],
        patience: Patience,
        watching: tuple[Observer, ...],
    ) -> dict[str, Any]:
        started = perf_counter()
        answer: dict[str, Any] = {}
        failure: str | None = None
        try:
            answer = self._whole(operation, params, patience)
        except ClientError as error:
            failure = error.response["Error"]["Code"]
            raise
        except (BotoCoreError, ValueError) as error:
            failure = type(error).__name__
            raise
        finally:
            call = Call(
                operation,
                started,
                perf_counter() - started,
                patience.attempts,
                tuple(_entries(answer.get("ConsumedCapacity"))),
                failure,
            )
            for callback in watching:
                callback(call)
        return answer

    def _whole(
        self, operation: str, params: Mapping[str, Any], patience: Patience
    ) -> dict[str, Any]:
        answer = self._exchange(operation, params, patience)
        field = UNPROCESSED.get(operation)
        if field is None:
            return answer
        rest = answer.get(field)
        while rest:
            patience.wait_or_raise(_rest_of(operation, field, rest))
            more = self._exchange(operation, {**params, "RequestItems": rest}, patience)
            _merge(answer, more)
            if _count(more.get(field)) < _count(rest):
                patience.start_over()
            rest = more.get(field)
        answer[field] = {}
        return answer

    def _exchange(
        self, operation: str, params: Mapping[str, Any], patience: Patience
    ) -> dict[str, Any]:
        """One request with its retries."""
        if operation == "TransactWriteItems":
            return self._transaction(params, patience)
        own = mark(operation, params)
        request = own.params if own else params
        lost_error: BotoCoreError | ClientError | None = None
        while True:
            patience.attempts += 1
            try:
                return self._send(operation, request, patience)
            except (BotoCoreError, ClientError) as error:
                kind = outcome(error)
                if (refused := _failed_condition(error)) is not None:
                    done = own.answer(refused) if own and lost_error else None
                    if done is not None:
                        return done
                    if lost_error:
                        raise lost_error from error
                    if own:
                        own.hide_row(refused)
                    raise
                if kind is Outcome.FINAL:
                    raise
                if kind is Outcome.UNKNOWN:
                    if own is None and not _may_repeat(operation, params):
                        raise
                    lost_error = error
                patience.wait_or_raise(lost_error or error)

    def _transaction(self, params: Mapping[str, Any], patience: Patience) -> dict[str, Any]:
        """A transaction with its retries, known again by its token or its witness."""
        probe = witness(params)
        request = params if probe else {"ClientRequestToken": str(uuid4()), **params}
        is_unsure = False
        while True:
            patience.attempts += 1
            try:
                return self._send("TransactWriteItems", request, patience)
            except (BotoCoreError, ClientError) as error:
                kind = outcome(error)
                is_unsure = is_unsure or kind is Outcome.UNKNOWN
                if kind is not Outcome.FINAL:
                    patience.wait_or_raise(error)
                if probe and is_unsure and self._is_there(probe, patience):
                    return {}
                if kind is Outcome.FINAL:
                    raise

    def _is_there(self, probe: Mapping[str, Any], patience: Patience) -> bool:
        return "Item" in self._exchange("GetItem", probe, patience)


def _may_repeat(operation: str, params: Mapping[str, Any]) -> bool:
    """Whether doing it twice does no harm."""
    if operation in REPLACING:
        return params.get("ReturnValues") in {None, "NONE"}
    return operation in REPEATABLE or operation.startswith(("Describe", "Get", "List"))


def _failed_condition(error: BotoCoreError | ClientError) -> ClientError | None:
    if not isinstance(error, ClientError):
        return None
    code = error.response["Error"]["Code"]
    return error if code == "ConditionalCheckFailedException" else None


def _merge(answer: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Add the items and capacity of a later answer to the first."""
    for table, items in more.get("Responses", {}).items():
        answer.setdefault("Responses", {}).setdefault(table, []).extend(items)
    if "ConsumedCapacity" in more:
        answer.setdefault("ConsumedCapacity", []).extend(_entries(more["ConsumedCapacity"]))


def _entries(consumed: Any) -> list[dict[str, Any]]:
    """ConsumedCapacity is one map for one table's operation and a list for the others."""
    if not consumed:
        return []
    return [consumed] if isinstance(consumed, dict) else list(consumed)


def _count(unprocessed: Mapping[str, Any] | None) -> int:
    """How many items or keys wait in UnprocessedItems (lists) or UnprocessedKeys (maps)."""
    return sum(
        len(each["Keys"] if isinstance(each, dict) else each)
        for each in (unprocessed or {}).values()
    )


def _rest_of(operation: str, field: str, unprocessed: Mapping[str, Any]) -> ClientError:
    message = f"{_count(unprocessed)} {field} were left when the time for retries ended"
    response: Any = {
        "Error": {"Code": "ProvisionedThroughputExceededException", "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": 200},
        field: unprocessed,
    }
    return ClientError(response, operation)
