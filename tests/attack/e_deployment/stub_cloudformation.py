"""CloudFormation as its documentation describes it, as far as one stack's deployment asks.

A real client of boto3, so that requests are checked against the service's own model; behind it a
stack whose operations are refused from states that don't allow them, and fail where a test says.
docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import boto3

NAME = "foyer-prod"
STACK_ID = f"arn:aws:cloudformation:eu-central-1:123456789012:stack/{NAME}/5e1f-0c"
_ABSENT = {None, "DELETE_COMPLETE"}
_TO_CREATE = {*_ABSENT, "REVIEW_IN_PROGRESS"}
_STABLE = {
    *("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"),
    *("IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"),
}
_FAILED = {"CREATE_FAILED", "UPDATE_FAILED"}
OUTPUTS = {"SiteUrl": "https://d1.cloudfront.net", "SiteId": "E1"}


class Refusal(Exception):
    """What AWS answers instead."""

    def __init__(self, message: str, code: str = "ValidationError") -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Formation:
    """One stack. `fails` says which resource fails in each operation to come ("": none)."""

    status: str | None = None
    has_run: bool = False
    fails: list[str] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)  # what each change set tells
    nothing_to_change: bool = False
    resources: list[dict[str, str]] = field(default_factory=list)
    # Called before each request, by its name: to be overtaken, or lose one's credentials.
    before: Callable[[str], None] = lambda _: None

    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    _events: list[dict[str, Any]] = field(default_factory=list)
    _sets: dict[str, dict[str, Any]] = field(default_factory=dict)
    _to_come: list[str] = field(default_factory=list)

    def client(self) -> Any:
        """The client that the deployer is given."""
        real = boto3.client(
            "cloudformation",
            region_name="eu-central-1",
            aws_access_key_id="AKIAEXAMPLE",
            aws_secret_access_key="secret",
        )
        events = real.meta.events
        events.register("provide-client-params.cloudformation.*", self._hear)
        events.register("before-call.cloudformation.*", self._answer)
        return real

    def operations(self) -> list[str]:
        """What was set off, in order, each with what happens if it fails."""
        return [
            f"{name}{' without rollback' if params.get('DisableRollback') else ''}"
            for name, params in self.asked
            if name.startswith(("Execute", "Rollback", "Continue", "Update", "DeleteStack"))
        ]

    def begin(self, *steps: str) -> None:
        """Go through these states, one at each look."""
        self.status, *self._to_come = steps

    # ---- Between client and stack -------------------------------------------------------------

    def _hear(self, params: dict[str, Any], model: Any, context: Any, **_: Any) -> None:
        context["asked"] = (model.name, params)

    def _answer(self, context: Any, **_: Any) -> tuple[Any, dict[str, Any]]:
        name, params = context["asked"]
        self.asked.append((name, dict(params)))
        try:
            self.before(name)
            told = getattr(self, f"_{name}")(**params)
            return SimpleNamespace(status_code=200), told or {}
        except Refusal as refusal:
            error = {"Code": refusal.code, "Message": str(refusal)}
            return SimpleNamespace(status_code=400), {"Error": error, "ResponseMetadata": {}}

    # ---- Looking ------------------------------------------------------------------------------

    def _DescribeStacks(self, StackName: str) -> dict[str, Any]:
        if self._to_come:
            self.status = self._to_come.pop(0)
            self._note(NAME, self.status)
        if self.status is None or (self.status == "DELETE_COMPLETE" and StackName == NAME):
            raise Refusal(f"Stack with id {StackName} does not exist")
        outputs = [{"OutputKey": k, "OutputValue": v} for k, v in OUTPUTS.items()]
        shown = {"StackId": STACK_ID, "StackName": NAME, "StackStatus": self.status}
        return {"Stacks": [{**shown, "Outputs": outputs if self.has_run else []}]}

    def _DescribeStackEvents(self, **_: Any) -> dict[str, Any]:
        return {"StackEvents": self._events[::-1]}

    def _DescribeEvents(self, **_: Any) -> dict[str, Any]:
        return {"OperationEvents": []}

    def _DescribeChangeSet(self, ChangeSetName: str, **_: Any) -> dict[str, Any]:
        if self.nothing_to_change and self._sets[ChangeSetName]["ChangeSetType"] != "IMPORT":
            reason = "The submitted information didn't contain changes."
            return {"Status": "FAILED", "StatusReason": reason}
        changes = [{"Type": "Resource", "ResourceChange": change} for change in self.changes]
        return {"Status": "CREATE_COMPLETE", "Changes": changes}

    def _ListStackResources(self, **_: Any) -> dict[str, Any]:
        return {"StackResourceSummaries": self.resources}

    def _GetTemplate(self, **_: Any) -> dict[str, Any]:
        return {"TemplateBody": json.dumps({"Resources": {}, "Outputs": {}})}

    # ---- Doing --------------------------------------------------------------------------------

    def _CreateChangeSet(self, ChangeSetName: str, ChangeSetType: str, **rest: Any) -> None:
        if ChangeSetType == "CREATE" and self.status not in _TO_CREATE:
            raise Refusal(f"Stack [{NAME}] already exists and cannot be created again")
        if ChangeSetType == "UPDATE" and self.status not in _STABLE | _FAILED:
            raise Refusal(f"Stack:{STACK_ID} is in {self.status} state and can not be updated.")
        if ChangeSetType == "IMPORT" and self.status not in _STABLE | _TO_CREATE:
            raise Refusal(f"Stack:{STACK_ID} is in {self.status} state and can not be updated.")
        if self.status in _ABSENT:
            self.status = "REVIEW_IN_PROGRESS"
        self._sets[ChangeSetName] = {"ChangeSetType": ChangeSetType, "at": self.status, **rest}

    def _DeleteChangeSet(self, ChangeSetName: str, **_: Any) -> None:
        self._sets.pop(ChangeSetName)

    def _ExecuteChangeSet(
        self, ChangeSetName: str, DisableRollback: bool = False, **_: Any
    ) -> None:
        if ChangeSetName not in self._sets:
            raise Refusal(f"ChangeSet [{ChangeSetName}] does not exist", "ChangeSetNotFound")
        if self.status not in _STABLE | _FAILED | {"REVIEW_IN_PROGRESS"}:
            raise Refusal(f"Stack:{STACK_ID} is in {self.status} state and can not be updated.")
        kind = self._sets[ChangeSetName]["ChangeSetType"]
        self._sets.clear()
        self._must_keep(DisableRollback)
        self._run(kind, DisableRollback)

    def _UpdateStack(self, DisableRollback: bool = False, **_: Any) -> None:
        self._must_keep(DisableRollback)
        if self.nothing_to_change and self.status not in _FAILED:
            raise Refusal("No updates are to be performed.")
        self._run("UPDATE", DisableRollback)

    def _RollbackStack(self, **_: Any) -> None:
        if self.status not in _FAILED:
            raise Refusal(f"RollbackStack isn't possible from {self.status}")
        if not self.has_run:  # there is no stable state to go back to
            self.begin("ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE")
        else:
            self.begin("UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE")

    def _ContinueUpdateRollback(self, **_: Any) -> None:
        if self.status != "UPDATE_ROLLBACK_FAILED":
            raise Refusal(f"ContinueUpdateRollback isn't possible from {self.status}")
        self._end("UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED", "UPDATE_ROLLBACK_")

    def _DeleteStack(self, **_: Any) -> None:
        self._end("DELETE_COMPLETE", "DELETE_FAILED", "DELETE_")

    # ---- Its own course -----------------------------------------------------------------------

    def _must_keep(self, kept: bool) -> None:
        if self.status in _FAILED and not kept:
            raise Refusal(
                f"This stack is currently in a non-terminal [{self.status}] state. To update the "
                "stack from this state, please use the disable-rollback parameter with "
                "update-stack API. To rollback to the last known good state, use the "
                "rollback-stack API"
            )

    def _run(self, kind: str, kept: bool) -> None:
        if kind == "CREATE":
            self._end(
                "CREATE_COMPLETE", "CREATE_FAILED" if kept else "ROLLBACK_COMPLETE", "CREATE_"
            )
        elif kind == "IMPORT":
            self._end("IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE", "IMPORT_")
        else:
            failed = "UPDATE_FAILED" if kept else "UPDATE_ROLLBACK_COMPLETE"
            self._end("UPDATE_COMPLETE", failed, "UPDATE_")

    def _end(self, well: str, badly: str, operation: str) -> None:
        culprit = self.fails.pop(0) if self.fails else ""
        at_work = f"{operation}IN_PROGRESS"
        self.begin(at_work, at_work, at_work, badly if culprit else well)
        if culprit:
            self._note(culprit, f"{operation.split('_')[0]}_FAILED", "it is already taken")
        elif well in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            self.has_run = True

    def _note(self, logical_id: str, status: str, reason: str = "") -> None:
        physical = STACK_ID if logical_id == NAME else logical_id.lower()
        self._events.append(
            {
                "StackId": STACK_ID,
                "EventId": str(len(self._events)),
                "LogicalResourceId": logical_id,
                "PhysicalResourceId": physical,
                "ResourceStatus": status,
                **({"ResourceStatusReason": reason} if reason else {}),
            }
        )
