"""The second argument of every handler: what Lambda says about an invocation."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from infra.local.settings import REGION

ACCOUNT = "000000000000"
_MEMORY_MB = 512


@dataclass(slots=True)
class InvocationContext:
    """As much of Lambda's context object as its documentation names for Python.

    `deadline` is of `time.monotonic`; past it Lambda would have ended the function.
    """

    function_name: str
    aws_request_id: str
    deadline: float
    function_version: str = "$LATEST"
    memory_limit_in_mb: int = _MEMORY_MB
    log_stream_name: str = "one-machine"
    identity: None = field(default=None)
    client_context: None = field(default=None)

    @property
    def invoked_function_arn(self) -> str:
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.function_name}"

    @property
    def log_group_name(self) -> str:
        return f"/aws/lambda/{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self.deadline - time.monotonic()) * 1000))


def invocation(function_name: str, request_id: str, seconds: float) -> InvocationContext:
    """The context of an invocation that begins now and may last `seconds`."""
    return InvocationContext(function_name, request_id, time.monotonic() + seconds)
