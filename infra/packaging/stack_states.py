"""What the deployer does in each state that a stack can be in. Rules alone: nothing is asked here.

CloudFormation allows different operations from different states, and a first deployment is another
matter than an update: nothing runs yet, and a roll-back would leave the tables, which are kept and
refuse deletion, in the way of the next attempt. docs.aws.amazon.com/AWSCloudFormation/latest/
UserGuide: view-stack-events.html (states), stack-failure-options.html (after a failure without
roll-back the next operation has to be one without roll-back too).
"""

from __future__ import annotations

from enum import Enum


class NextStep(Enum):
    """How a stack gets on towards what is wished."""

    CREATE = "create it, and keep what was made if that fails"
    UPDATE = "update it, and let CloudFormation roll back if that fails"
    GO_ON = "update it, and keep what was made if that fails: no release ran here yet"
    WAIT = "wait until the operation that is under way has ended, and look again"
    ROLL_BACK = "roll back to the last release that ran, and update from there"
    CONTINUE = "let CloudFormation go on with a roll-back that stopped, and update from there"
    DELETE = "delete what is left of a creation that never worked, and create it anew"
    STOP = "leave it: somebody has to decide"


# A stack's state → the way on: for one that no release ran on yet, and for one that has run.
_WAYS: dict[str, tuple[NextStep, NextStep]] = {
    "REVIEW_IN_PROGRESS": (NextStep.CREATE, NextStep.CREATE),
    "CREATE_IN_PROGRESS": (NextStep.WAIT, NextStep.WAIT),
    "CREATE_FAILED": (NextStep.GO_ON, NextStep.GO_ON),
    "CREATE_COMPLETE": (NextStep.UPDATE, NextStep.UPDATE),
    "ROLLBACK_IN_PROGRESS": (NextStep.WAIT, NextStep.WAIT),
    "ROLLBACK_FAILED": (NextStep.DELETE, NextStep.DELETE),
    "ROLLBACK_COMPLETE": (NextStep.DELETE, NextStep.DELETE),
    "DELETE_IN_PROGRESS": (NextStep.STOP, NextStep.STOP),
    "DELETE_FAILED": (NextStep.STOP, NextStep.STOP),
    "DELETE_COMPLETE": (NextStep.CREATE, NextStep.CREATE),
    "UPDATE_IN_PROGRESS": (NextStep.WAIT, NextStep.WAIT),
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": (NextStep.WAIT, NextStep.WAIT),
    "UPDATE_COMPLETE": (NextStep.UPDATE, NextStep.UPDATE),
    "UPDATE_FAILED": (NextStep.GO_ON, NextStep.ROLL_BACK),
    "UPDATE_ROLLBACK_IN_PROGRESS": (NextStep.WAIT, NextStep.WAIT),
    "UPDATE_ROLLBACK_FAILED": (NextStep.CONTINUE, NextStep.CONTINUE),
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": (NextStep.WAIT, NextStep.WAIT),
    "UPDATE_ROLLBACK_COMPLETE": (NextStep.GO_ON, NextStep.UPDATE),
    "IMPORT_IN_PROGRESS": (NextStep.WAIT, NextStep.WAIT),
    "IMPORT_COMPLETE": (NextStep.GO_ON, NextStep.UPDATE),
    "IMPORT_ROLLBACK_IN_PROGRESS": (NextStep.WAIT, NextStep.WAIT),
    "IMPORT_ROLLBACK_FAILED": (NextStep.DELETE, NextStep.STOP),
    "IMPORT_ROLLBACK_COMPLETE": (NextStep.DELETE, NextStep.UPDATE),
}

# Where the stack is what its template says. "Nothing to change" is good news only here.
_SETTLED_STATES = {
    *("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"),
    *("IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"),
}

_REMEDIES = {
    "DELETE_IN_PROGRESS": "It is being taken down. When it is gone, deploy again.",
    "DELETE_FAILED": (
        "Taking it down stopped half-way. Finish that first: `make teardown STAGE={stage}` (tables "
        "and files stay, and deploying afterwards takes them over)."
    ),
    "IMPORT_ROLLBACK_FAILED": (
        "Taking over existing tables failed, and so did undoing that. The stack's events in the "
        "console say why; AWS's support can set such a stack free."
    ),
}


def next_step(status: str | None, *, has_run: bool) -> NextStep:
    """The way on from `status` (None: there is no stack); `has_run`: a release completed once.

    An unknown state is one that CloudFormation has learnt since: somebody has to decide.
    """
    if status is None:
        return NextStep.CREATE
    return _WAYS.get(status, (NextStep.STOP, NextStep.STOP))[has_run]


def is_settled(status: str | None) -> bool:
    """Whether a stack in this state is as its template says."""
    return status in _SETTLED_STATES


def takes_imports(status: str | None) -> bool:
    """Whether existing resources can be taken over into a stack in this state."""
    return status in {None, "REVIEW_IN_PROGRESS", "DELETE_COMPLETE"} or is_settled(status)


def remedy(status: str, stage: str) -> str:
    """What somebody has to do about a stack that the deployer leaves alone."""
    known = _REMEDIES.get(
        status, "The deployer doesn't know this state; look at it in the console."
    )
    return f"{stage_label(stage)} is {status}. {known.format(stage=stage)}"


def stage_label(stage: str) -> str:
    """How a message names the stack of a stage."""
    return f"The stack of stage {stage}"
