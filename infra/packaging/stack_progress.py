"""Following an operation of CloudFormation's until it ends, with its progress told."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

Say = Callable[[str], None]

WITHIN = 45 * 60.0  # a first distribution takes minutes, a table's new index may take longer
GONE = "DELETE_COMPLETE"


class NotDeployed(Exception):
    """The stack did not get there; the message names the first resource that failed, and why."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack as it is. Without one, `id` is the name, so that it can be asked for later."""

    id: str
    status: str | None = None
    outputs: dict[str, str] | None = None
    parameters: dict[str, str] | None = None

    @property
    def has_run(self) -> bool:
        """Whether a release completed here once: only then has a stack its outputs."""
        return bool(self.outputs)


def describe_stack(formation: Any, name: str) -> Stack:
    """The stack with this name or id, or that there is none (`status` is None)."""
    try:
        stack = formation.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return Stack(name)
        raise
    return Stack(
        stack["StackId"],
        str(stack["StackStatus"]),
        {out["OutputKey"]: out["OutputValue"] for out in stack.get("Outputs", [])},
        {one["ParameterKey"]: one["ParameterValue"] for one in stack.get("Parameters", [])},
    )


def newest_event(formation: Any, stack: str) -> str | None:
    """The id of a stack's last event, to tell what comes after it."""
    events = formation.describe_stack_events(StackName=stack)["StackEvents"]
    return events[0]["EventId"] if events else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an operation ended, and the first resource that failed in it, with the reason."""

    status: str
    failure: str | None


def follow(formation: Any, stack: str, since: str | None, say: Say, poll: float) -> Outcome:
    """Tell each event after the one with id `since` until the stack is no longer at work.

    `stack` should be an id: a deleted stack is no longer found by its name.

    Raises:
        NotDeployed: It takes longer than anything should.
    """
    deadline = time.monotonic() + WITHIN
    failure: str | None = None
    while time.monotonic() < deadline:
        status = describe_stack(formation, stack).status or GONE
        for event in _events_after(formation, stack, since):
            since = event["EventId"]
            say(f"{event['ResourceStatus']:<28} {event['LogicalResourceId']}")
            failure = failure or _failure(event)
        if not status.endswith("_IN_PROGRESS"):
            return Outcome(status, failure)
        time.sleep(poll)
    raise NotDeployed(f"{stack} is still at work; run this again to go on watching it.")


def first_invalid(formation: Any, stack: str) -> str | None:
    """What CloudFormation found wrong before it began, such as a name that is taken."""
    response = formation.describe_events(StackName=stack, Filters={"FailedEvents": True})
    for event in response["OperationEvents"]:
        reason = event.get("ValidationStatusReason")
        if reason:
            return f"{event.get('LogicalResourceId', stack)}: {reason}"
    return None


def _failure(event: dict[str, Any]) -> str | None:
    """What went wrong with a resource; None if nothing, or if it only echoes another's failure."""
    reason = event.get("ResourceStatusReason", "no reason given")
    if not event["ResourceStatus"].endswith("_FAILED") or "cancelled" in reason:
        return None
    if event.get("PhysicalResourceId") == event.get("StackId"):
        return None
    return f"{event['LogicalResourceId']}: {reason}"


def _events_after(formation: Any, stack: str, since: str | None) -> list[dict[str, Any]]:
    """A stack's events after the one with id `since`, oldest first."""
    events: list[dict[str, Any]] = []
    try:
        for page in formation.get_paginator("describe_stack_events").paginate(StackName=stack):
            for event in page["StackEvents"]:
                if event["EventId"] == since:
                    return events[::-1]
                events.append(event)
    except ClientError as error:
        if "does not exist" not in str(error):
            raise
    return events[::-1]
