"""IAM's part in tests: which tables a function asks for, held against what it is granted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from chalicelib.platform.config import table_name
from chalicelib.platform.observability.observe import READS, Call, observe
from infra.packaging.policies import grant_of

_CHECKING = READS | {"TransactWriteItems"}
"""What may be done with a table that is only read: a transaction may check a condition on it."""


@contextmanager
def within_grants(function: str, *, everywhere: bool = False) -> Iterator[None]:
    """Fail if it asks a table for what `infra/policies/grants.yaml` doesn't let the function do.

    Seen in what the engine says to have been consumed, so refused writes go unseen. Benchmarks
    aren't tests, and pay nothing for it. `everywhere` sees the threads of a function's own, too.
    """
    if "PYTEST_CURRENT_TEST" not in os.environ:
        yield
        return
    denied: set[str] = set()

    def check(call: Call) -> None:
        for each in call.consumed:
            table = str(each["TableName"])
            if not _is_granted(function, table, may_only_read=call.operation in _CHECKING):
                denied.add(f"{call.operation} on {table}")

    with observe(check, everywhere=everywhere):
        yield
    assert not denied, f"{function} lacks in infra/policies/grants.yaml: {sorted(denied)}"


@cache
def _is_granted(function: str, table: str, *, may_only_read: bool) -> bool:
    grant = grant_of(function)
    names = [*grant.get("writes", []), *(grant.get("reads", []) if may_only_read else [])]
    # On one machine a table stands in for the lanes' queues.
    own = [table_name(each) for each in (*names, *(["queued"] if grant.get("sends") else []))]
    return any(table == each or table.startswith(f"{each}-") for each in own)
