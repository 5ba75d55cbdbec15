"""Change sets: what a stack shall become, looked at before it is done."""

from __future__ import annotations

import time
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from infra.packaging.stack_progress import WITHIN, NotDeployed, first_invalid

_NOTHING_TO_DO = ("didn't contain changes", "No updates are to be performed")
_TOO_LATE = {"InvalidChangeSetStatus", "ChangeSetNotFound"}
_AT_WORK = ("_IN_PROGRESS state and can not be updated", "state and can not be updated")

# What holds people's data. Replacing one makes an empty one beside it. "Conditional" is not
# enough to refuse: CloudFormation says that of every change to a table's attributes, such as a
# new index needs (tests/deploy/test_table_changes.py watches those that do replace a table).
_DATA = {"AWS::DynamoDB::Table", "AWS::S3::Bucket"}


class Overtaken(Exception):
    """Somebody else's operation came first; nothing was done."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a stack shall be.

    Parameters that are left out keep the value that the stack has, else start with that of
    `initial`, else with the template's default.
    """

    name: str
    template_url: str
    template_parameters: frozenset[str]
    parameters: dict[str, str]
    initial: dict[str, str]


def parameters(target: Target, existing: AbstractSet[str]) -> list[dict[str, Any]]:
    """CloudFormation's list for a stack that knows the parameters `known` already."""
    previous = target.template_parameters & existing - target.parameters.keys()
    initial = {name: value for name, value in target.initial.items() if name not in existing}
    values = {**initial, **target.parameters}
    return [
        *({"ParameterKey": name, "ParameterValue": value} for name, value in values.items()),
        *({"ParameterKey": name, "UsePreviousValue": True} for name in sorted(previous)),
    ]


def make(formation: Any, kind: str, stack: str, poll: float, **details: Any) -> str | None:
    """Make a change set (CREATE, UPDATE or IMPORT); its name, or None if it would change nothing.

    Raises:
        Overtaken: The stack is at work.
        NotDeployed: CloudFormation refuses it.
    """
    name = f"deploy-{time.time_ns()}"
    _operate(
        formation.create_change_set,
        StackName=stack,
        ChangeSetName=name,
        ChangeSetType=kind,
        Capabilities=["CAPABILITY_IAM"],
        **details,
    )
    if _has_changes(formation, stack, name, poll):
        return name
    formation.delete_change_set(StackName=stack, ChangeSetName=name)
    return None


def execute(formation: Any, stack: str, change_set: str, **how: Any) -> None:
    """Set a change set off.

    Raises:
        Overtaken: Somebody else's was set off since, or the stack is at work.
    """
    _operate(formation.execute_change_set, StackName=stack, ChangeSetName=change_set, **how)


def refuse_loss(formation: Any, stack: str, change_set: str) -> None:
    """Look through a change set for data that would be replaced.

    Raises:
        NotDeployed: There is such, and nothing was done; the message names it.
    """
    pages = formation.get_paginator("describe_change_set")
    for page in pages.paginate(StackName=stack, ChangeSetName=change_set):
        for change in page.get("Changes", []):
            resource = change.get("ResourceChange", {})
            if resource.get("Replacement") == "True" and resource.get("ResourceType") in _DATA:
                formation.delete_change_set(StackName=stack, ChangeSetName=change_set)
                raise NotDeployed(
                    f"{resource['LogicalResourceId']} would be replaced by an empty one (a changed "
                    "key, attribute or name does that). Nothing was done. docs/deploy.md, "
                    '"Changing tables", says how to go about it.'
                )


def _operate(operation: Any, **parameters: Any) -> None:
    try:
        operation(**parameters)
    except ClientError as error:
        if error.response["Error"]["Code"] in _TOO_LATE or any(
            phrase in str(error) for phrase in _AT_WORK
        ):
            raise Overtaken(str(error)) from error
        raise


def _has_changes(formation: Any, stack: str, change_set: str, poll: float) -> bool:
    deadline = time.monotonic() + WITHIN
    while time.monotonic() < deadline:
        answer = formation.describe_change_set(StackName=stack, ChangeSetName=change_set)
        if answer["Status"] == "CREATE_COMPLETE":
            return True
        if answer["Status"] == "FAILED":
            reason = answer.get("StatusReason", "no reason given")
            if any(phrase in reason for phrase in _NOTHING_TO_DO):
                return False
            raise NotDeployed(first_invalid(formation, stack) or f"Refused: {reason}")
        time.sleep(poll)
    raise NotDeployed("The change set took too long.")
