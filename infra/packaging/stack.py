"""A CloudFormation stack brought to a template by a change set, with its progress told."""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

Say = Callable[[str], None]

_POLL = 3.0
_WITHIN = 45 * 60.0  # a first distribution takes minutes, a table's new index may take longer
_ABSENT = {"REVIEW_IN_PROGRESS", "DELETE_COMPLETE"}
_NOTHING_TO_DO = ("didn't contain changes", "No updates are to be performed")


class NotDeployed(Exception):
    """The stack did not get there; the message names the first resource that failed, and why."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a stack shall be.

    Parameters that are left out keep the value that the stack has, else start with that of
    `initial`, else with the template's default.
    """

    name: str
    template_url: str
    template_parameters: frozenset[str]
    parameters: dict[str, str]
    initial: dict[str, str]


def bring(formation: Any, wish: Wish, say: Say, *, poll: float = _POLL) -> dict[str, str]:
    """Create or update the stack and wait for it; its outputs.

    A first creation is not rolled back: the tables refuse deletion, so a roll-back would leave
    their names taken. The next attempt goes on from where this one stopped.

    Raises:
        NotDeployed: A resource failed, or the change set was refused.
    """
    status = _status(formation, wish.name)
    first = status is None or status in _ABSENT
    change_set = _new_change_set(formation, wish, first=first)
    if _has_changes(formation, wish.name, change_set, poll):
        since = _newest_event(formation, wish.name)
        formation.execute_change_set(
            StackName=wish.name,
            ChangeSetName=change_set,
            DisableRollback=first or status == "CREATE_FAILED",
        )
        _follow(formation, wish.name, since, say, poll)
    else:
        formation.delete_change_set(StackName=wish.name, ChangeSetName=change_set)
        say(f"{wish.name} is as wished already.")
    return outputs(formation, wish.name)


def outputs(formation: Any, name: str) -> dict[str, str]:
    """A stack's outputs by name."""
    stack = formation.describe_stacks(StackName=name)["Stacks"][0]
    return {out["OutputKey"]: out["OutputValue"] for out in stack.get("Outputs", [])}


def _status(formation: Any, name: str) -> str | None:
    try:
        stacks = formation.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    return str(stacks[0]["StackStatus"])


def _new_change_set(formation: Any, wish: Wish, *, first: bool) -> str:
    name = f"deploy-{time.time_ns()}"
    formation.create_change_set(
        StackName=wish.name,
        ChangeSetName=name,
        ChangeSetType="CREATE" if first else "UPDATE",
        TemplateURL=wish.template_url,
        Capabilities=["CAPABILITY_IAM"],
        Parameters=parameters(wish, set() if first else _known(formation, wish.name)),
    )
    return name


def parameters(wish: Wish, known: AbstractSet[str]) -> list[dict[str, Any]]:
    """CloudFormation's list for a stack that knows the parameters `known` already."""
    kept = wish.template_parameters & known - wish.parameters.keys()
    initial = {name: value for name, value in wish.initial.items() if name not in known}
    given = {**initial, **wish.parameters}
    return [
        *({"ParameterKey": name, "ParameterValue": value} for name, value in given.items()),
        *({"ParameterKey": name, "UsePreviousValue": True} for name in sorted(kept)),
    ]


def _known(formation: Any, name: str) -> set[str]:
    stack = formation.describe_stacks(StackName=name)["Stacks"][0]
    return {parameter["ParameterKey"] for parameter in stack.get("Parameters", [])}


def _has_changes(formation: Any, name: str, change_set: str, poll: float) -> bool:
    deadline = time.monotonic() + _WITHIN
    while time.monotonic() < deadline:
        found = formation.describe_change_set(StackName=name, ChangeSetName=change_set)
        if found["Status"] == "CREATE_COMPLETE":
            return True
        if found["Status"] == "FAILED":
            reason = found.get("StatusReason", "no reason given")
            if any(phrase in reason for phrase in _NOTHING_TO_DO):
                return False
            raise NotDeployed(_first_invalid(formation, name) or f"Refused: {reason}")
        time.sleep(poll)
    raise NotDeployed("The change set took too long.")


def _follow(formation: Any, name: str, since: str | None, say: Say, poll: float) -> None:
    """Tell each event until the stack itself is done."""
    deadline = time.monotonic() + _WITHIN
    first_failure: str | None = None
    while time.monotonic() < deadline:
        for event in _events_after(formation, name, since):
            since = event["EventId"]
            say(f"{event['ResourceStatus']:<28} {event['LogicalResourceId']}")
            if event["ResourceStatus"].endswith("_FAILED") and first_failure is None:
                first_failure = _failure(event, name)
        status = _status(formation, name) or "DELETED"
        if not status.endswith("_IN_PROGRESS"):
            if status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
                return
            raise NotDeployed(
                first_failure or _first_invalid(formation, name) or f"{name} ended as {status}"
            )
        time.sleep(poll)
    raise NotDeployed(f"{name} is still at work; look at it in the console.")


def _failure(event: dict[str, Any], stack: str) -> str | None:
    """What went wrong with a resource; None when the event is only the stack's own echo of it."""
    if event["LogicalResourceId"] == stack:
        return None
    return f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'no reason given')}"


def _first_invalid(formation: Any, name: str) -> str | None:
    """What CloudFormation found wrong before it began, such as a name that is taken."""
    told = formation.describe_events(StackName=name, Filters={"FailedEvents": True})
    for event in told["OperationEvents"]:
        reason = event.get("ValidationStatusReason")
        if reason:
            return f"{event.get('LogicalResourceId', name)}: {reason}"
    return None


def _newest_event(formation: Any, name: str) -> str | None:
    events = formation.describe_stack_events(StackName=name)["StackEvents"]
    return events[0]["EventId"] if events else None


def _events_after(formation: Any, name: str, since: str | None) -> list[dict[str, Any]]:
    """A stack's events after the one with id `since`, oldest first."""
    found: list[dict[str, Any]] = []
    for page in formation.get_paginator("describe_stack_events").paginate(StackName=name):
        for event in page["StackEvents"]:
            if event["EventId"] == since:
                return found[::-1]
            found.append(event)
    return found[::-1]
