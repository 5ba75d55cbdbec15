"""What the deployer does in each state that a stack can be in. Rules alone: nothing is asked here.

CloudFormation allows different operations from different states, and a first deployment is another
matter than an update: nothing runs yet, and a roll-back would leave the tables, which are kept and
refuse deletion, in the way of the next attempt. docs.aws.amazon.com/AWSCloudFormation/latest/
UserGuide: view-stack-events.html (states), stack-failure-options.html (after a failure without
roll-back the next operation has to be one without roll-back too).
"""

from __future__ import annotations

from enum import Enum


class Way(Enum):
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
_WAYS: dict[str, tuple[Way, Way]] = {
    "REVIEW_IN_PROGRESS": (Way.CREATE, Way.CREATE),
    "CREATE_IN_PROGRESS": (Way.WAIT, Way.WAIT),
    "CREATE_FAILED": (Way.GO_ON, Way.GO_ON),
    "CREATE_COMPLETE": (Way.UPDATE, Way.UPDATE),
    "ROLLBACK_IN_PROGRESS": (Way.WAIT, Way.WAIT),
    "ROLLBACK_FAILED": (Way.DELETE, Way.DELETE),
    "ROLLBACK_COMPLETE": (Way.DELETE, Way.DELETE),
    "DELETE_IN_PROGRESS": (Way.STOP, Way.STOP),
    "DELETE_FAILED": (Way.STOP, Way.STOP),
    "DELETE_COMPLETE": (Way.CREATE, Way.CREATE),
    "UPDATE_IN_PROGRESS": (Way.WAIT, Way.WAIT),
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": (Way.WAIT, Way.WAIT),
    "UPDATE_COMPLETE": (Way.UPDATE, Way.UPDATE),
    "UPDATE_FAILED": (Way.GO_ON, Way.ROLL_BACK),
    "UPDATE_ROLLBACK_IN_PROGRESS": (Way.WAIT, Way.WAIT),
    "UPDATE_ROLLBACK_FAILED": (Way.CONTINUE, Way.CONTINUE),
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": (Way.WAIT, Way.WAIT),
    "UPDATE_ROLLBACK_COMPLETE": (Way.GO_ON, Way.UPDATE),
    "IMPORT_IN_PROGRESS": (Way.WAIT, Way.WAIT),
    "IMPORT_COMPLETE": (Way.GO_ON, Way.UPDATE),
    "IMPORT_ROLLBACK_IN_PROGRESS": (Way.WAIT, Way.WAIT),
    "IMPORT_ROLLBACK_FAILED": (Way.DELETE, Way.STOP),
    "IMPORT_ROLLBACK_COMPLETE": (Way.DELETE, Way.UPDATE),
}

# Where the stack is what its template says. "Nothing to change" is good news only here.
_SETTLED = {
    *("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"),
    *("IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"),
}

_MENDS = {
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


def way(status: str | None, *, has_run: bool) -> Way:
    """The way on from `status` (None: there is no stack); `has_run`: a release completed once.

    An unknown state is one that CloudFormation has learnt since: somebody has to decide.
    """
    if status is None:
        return Way.CREATE
    return _WAYS.get(status, (Way.STOP, Way.STOP))[has_run]


def settled(status: str | None) -> bool:
    """Whether a stack in this state is as its template says."""
    return status in _SETTLED


def takes_imports(status: str | None) -> bool:
    """Whether existing resources can be taken over into a stack in this state."""
    return status in {None, "REVIEW_IN_PROGRESS", "DELETE_COMPLETE"} or settled(status)


def mend(status: str, stage: str) -> str:
    """What somebody has to do about a stack that the deployer leaves alone."""
    known = _MENDS.get(status, "The deployer doesn't know this state; look at it in the console.")
    return f"{stage_says(stage)} is {status}. {known.format(stage=stage)}"


def stage_says(stage: str) -> str:
    """How a message names the stack of a stage."""
    return f"The stack of stage {stage}"
