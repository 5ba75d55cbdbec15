"""A CloudFormation stack brought to what is wished, from whatever state it is in."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from infra.packaging import change_sets, stack_states
from infra.packaging.change_sets import Overtaken, Target
from infra.packaging.stack_progress import (
    GONE,
    NotDeployed,
    Outcome,
    Say,
    Stack,
    describe_stack,
    first_invalid,
    follow,
    newest_event,
)
from infra.packaging.stack_states import NextStep
from infra.packaging.stages import stage_of
from infra.packaging.takeover import Existing, takeover_template


@dataclass(frozen=True, slots=True)
class Account:
    """What a stack has to know of the account around it."""

    # What exists already under names of the template, though not as part of the stack.
    unowned_resources: Callable[[Stack], Sequence[Existing]]
    # Keep a template where CloudFormation can read it; its address.
    store_template: Callable[[str], str]


_POLL = 3.0
_ROUNDS = 8  # steps until it is there: wait, roll back, take over, update ... with some to spare
_DONE = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
_NO_REPLACEMENT = "Replacement type updates not supported"


def converge(
    formation: Any, target: Target, account: Account, say: Say, *, poll: float = _POLL
) -> dict[str, str]:
    """Bring the stack to what is wished, one step after the other; its outputs.

    `states` says which step each state asks for. What exists already (of a stage that was taken
    down and kept its data, or left by an update that was rolled back) is taken over first.

    Raises:
        NotDeployed: A resource failed, a change was refused, or somebody has to decide.
    """
    for _ in range(_ROUNDS):
        now = describe_stack(formation, target.name)
        step = stack_states.next_step(now.status, has_run=now.has_run)
        try:
            if _take_step(formation, target, now, step, account, say, poll):
                return describe_stack(formation, target.name).outputs or {}
        except Overtaken:
            say(f"Somebody else set {target.name} to work first.")
    raise NotDeployed(f"{target.name} doesn't settle; look at its events in the console.")


def _take_step(
    formation: Any,
    target: Target,
    now: Stack,
    step: NextStep,
    account: Account,
    say: Say,
    poll: float,
) -> bool:
    """Do what the state asks for; whether the stack is as wished then."""
    if step in {NextStep.CREATE, NextStep.UPDATE, NextStep.GO_ON}:
        if existing := account.unowned_resources(now):
            say(f"Taking over what exists already: {', '.join(one.name for one in existing)}.")
            _take_over(formation, target, now, existing, account, say, poll)
            return False
        _change(formation, target, now, step, say, poll)
        return True
    if step is NextStep.WAIT:
        say(f"{target.name} is {now.status}: waiting until that has ended.")
        follow(formation, now.id, newest_event(formation, now.id), say, poll)
    elif step is NextStep.ROLL_BACK:
        say(f"{target.name} stopped half-way in an update: back to what ran last.")
        _operate(formation, formation.rollback_stack, now, {"UPDATE_ROLLBACK_COMPLETE"}, say, poll)
    elif step is NextStep.CONTINUE:
        say(f"{target.name} stopped half-way in a roll-back: going on with that.")
        back = {"UPDATE_ROLLBACK_COMPLETE"}
        _operate(formation, formation.continue_update_rollback, now, back, say, poll)
    elif step is NextStep.DELETE:
        say(f"{target.name} never ran ({now.status}): removing what is left of it. Data stays.")
        _operate(formation, formation.delete_stack, now, {GONE}, say, poll)
    else:
        raise NotDeployed(stack_states.remedy(str(now.status), stage_of(target.name)))
    return False


def _operate(
    formation: Any, operation: Any, now: Stack, expected: set[str], say: Say, poll: float
) -> None:
    since = newest_event(formation, now.id)
    operation(StackName=now.id)
    _check_outcome(formation, expected, follow(formation, now.id, since, say, poll), now.id)


def _change(
    formation: Any, target: Target, now: Stack, step: NextStep, say: Say, poll: float
) -> None:
    """Create or update by a change set that was looked through.

    A first deployment is not rolled back: the next attempt goes on from where this one stopped.
    """
    kind = "CREATE" if step is NextStep.CREATE else "UPDATE"
    existing = {} if kind == "CREATE" else now.parameters or {}
    details = {
        "TemplateURL": target.template_url,
        "Parameters": change_sets.parameters(target, existing.keys()),
    }
    change_set = change_sets.make(formation, kind, target.name, poll, **details)
    since = newest_event(formation, target.name)
    if change_set is not None:
        change_sets.refuse_loss(formation, target.name, change_set)
        stay = step is not NextStep.UPDATE
        change_sets.execute(formation, target.name, change_set, DisableRollback=stay)
    elif stack_states.is_settled(now.status):
        say(f"{target.name} is as wished already.")
        return
    else:
        _try_again(formation, target, now, details)
    started = describe_stack(formation, target.name).id
    _check_outcome(formation, _DONE, follow(formation, started, since, say, poll), started)


def _try_again(formation: Any, target: Target, now: Stack, details: dict[str, Any]) -> None:
    """A template that failed is tried again as it is: a change set finds no difference in it."""
    try:
        formation.update_stack(
            StackName=target.name, Capabilities=["CAPABILITY_IAM"], DisableRollback=True, **details
        )
    except ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise
        raise NotDeployed(_stuck_message(now.status, target.name)) from error


def _take_over(
    formation: Any,
    target: Target,
    now: Stack,
    existing: Sequence[Existing],
    account: Account,
    say: Say,
    poll: float,
) -> None:
    if not stack_states.takes_imports(now.status):
        raise NotDeployed(
            f"The stack is {now.status} and can't take over what isn't its own. "
            f"{_stuck_message(now.status, target.name)}"
        )
    has_template = stack_states.is_settled(now.status)
    former = _template(formation, target.name) if has_template else {}
    prefix = [{"ParameterKey": "Prefix", "ParameterValue": target.name}]
    previous = [
        {"ParameterKey": name, "UsePreviousValue": True} for name in sorted(now.parameters or {})
    ]
    change_set = change_sets.make(
        formation,
        "IMPORT",
        target.name,
        poll,
        TemplateURL=account.store_template(takeover_template(former, existing)),
        ResourcesToImport=[one.to_import() for one in existing],
        Parameters=previous if has_template else prefix,
    )
    if change_set is None:
        raise NotDeployed("CloudFormation doesn't see what there is to take over.")
    since = newest_event(formation, target.name)
    change_sets.execute(formation, target.name, change_set)
    started = describe_stack(formation, target.name).id
    _check_outcome(
        formation, {"IMPORT_COMPLETE"}, follow(formation, started, since, say, poll), started
    )


def _template(formation: Any, name: str) -> dict[str, Any]:
    body = formation.get_template(StackName=name, TemplateStage="Original")["TemplateBody"]
    template: dict[str, Any] = json.loads(body) if isinstance(body, str) else body
    return template


def _check_outcome(formation: Any, expected: set[str], ended: Outcome, stack: str) -> None:
    """Raises NotDeployed unless an operation ended as it should, with what failed and the mend."""
    if ended.status in expected:
        return
    reason = ended.failure or first_invalid(formation, stack) or f"It ended as {ended.status}."
    if _NO_REPLACEMENT in reason:
        reason = f"{reason} {_stuck_message(ended.status, stack)}"
    raise NotDeployed(reason)


def _stuck_message(status: str | None, stack: str) -> str:
    return (
        f"There is no way on from {status} with this template: `make teardown "
        f"STAGE={stage_of(stack)}` removes the stack (tables and files stay), and deploying "
        "afterwards takes them over."
    )
