"""Whatever state a stack is in, deploying again is the way on, or a sentence says what is."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError

from infra.packaging import account, stack, stack_states
from infra.packaging.change_sets import Target
from infra.packaging.stack_progress import NotDeployed, Stack
from infra.packaging.stack_states import NextStep
from infra.packaging.takeover import Existing
from tests.attack.e_deployment.stub_cloudformation import NAME, OUTPUTS, Formation, Refusal

WISH = Target(NAME, "https://s3.example/template.json", frozenset(), {}, {})
MESSAGES = Existing("MessagesTable", "AWS::DynamoDB::Table", "foyer-prod-messages", {})


def every_state() -> list[str]:
    """All that CloudFormation's own model lists."""
    model = botocore.session.get_session().get_service_model("cloudformation")
    statuses: list[str] = model.shape_for("StackStatus").metadata["enum"]
    return statuses


def bring(formation: Formation, *unowned: Existing) -> dict[str, str]:
    """Deploy once; what exists is taken over at the first look."""
    there = list(unowned)

    def look(_: Stack) -> list[Existing]:
        found = list(there)
        if formation.status in {"IMPORT_COMPLETE"}:
            found.clear()
        return found

    around = stack.Account(look, lambda text: f"https://s3.example/{len(text)}")
    return stack.converge(formation.client(), WISH, around, lambda _: None, poll=0)


@pytest.mark.parametrize("status", every_state())
@pytest.mark.parametrize("has_run", [False, True])
def test_every_state_has_a_way_on_that_cloudformation_allows(status: str, has_run: bool) -> None:
    """A state that CloudFormation learns later is one that the table lacks."""
    assert status in stack_states._WAYS
    formation = Formation(status, has_run)
    if status.endswith("_IN_PROGRESS") and status not in {"REVIEW_IN_PROGRESS"}:
        formation.begin(status, status, _after(status, has_run))
    if stack_states.next_step(status, has_run=has_run) is NextStep.STOP:
        with pytest.raises(NotDeployed, match=rf"^The stack of stage prod is {status}\. .{{30,}}"):
            bring(formation)
        assert formation.operations() == []
    else:
        assert bring(formation) == OUTPUTS
        assert formation.status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}


def _after(status: str, has_run: bool) -> str:
    """How an operation that is under way ends."""
    ends = {
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": "UPDATE_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": "UPDATE_ROLLBACK_COMPLETE",
    }
    return ends.get(status, status.replace("IN_PROGRESS", "COMPLETE"))


def test_a_state_that_nobody_knows_is_left_alone() -> None:
    assert stack_states.next_step("UPDATE_PAUSED", has_run=True) is NextStep.STOP
    assert "doesn't know this state" in stack_states.remedy("UPDATE_PAUSED", "prod")


def test_a_first_deployment_goes_on_however_often_it_fails() -> None:
    formation = Formation(fails=["SiteBucket", "Site", "Site", "AlarmTopic"])
    for culprit in ("SiteBucket", "Site", "Site", "AlarmTopic"):
        with pytest.raises(NotDeployed, match=f"^{culprit}: it is already taken"):
            bring(formation)
    assert bring(formation) == OUTPUTS
    assert formation.operations() == ["ExecuteChangeSet without rollback"] * 5


def test_an_update_that_fails_is_rolled_back_and_tried_anew() -> None:
    formation = Formation("UPDATE_COMPLETE", has_run=True, fails=["ApiHandlerRole"])
    with pytest.raises(NotDeployed, match=r"^ApiHandlerRole: "):
        bring(formation)
    assert formation.status == "UPDATE_ROLLBACK_COMPLETE"
    assert bring(formation) == OUTPUTS
    assert formation.operations() == ["ExecuteChangeSet"] * 2


def test_a_release_that_ran_is_returned_to_before_the_next() -> None:
    """Somebody updated in the console without roll-back: half of it is there."""
    formation = Formation("UPDATE_FAILED", has_run=True)
    assert bring(formation) == OUTPUTS
    assert formation.operations() == ["RollbackStack", "ExecuteChangeSet"]


def test_a_rollback_that_stopped_is_gone_on_with() -> None:
    formation = Formation("UPDATE_ROLLBACK_FAILED", has_run=True, fails=["OutboxTable"])
    with pytest.raises(NotDeployed, match=r"^OutboxTable: "):
        bring(formation)
    assert bring(formation) == OUTPUTS
    assert formation.operations()[-2:] == ["ContinueUpdateRollback", "ExecuteChangeSet"]


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED"])
def test_what_is_left_of_a_creation_is_removed_and_its_tables_taken_over(status: str) -> None:
    formation = Formation(status)
    assert bring(formation, MESSAGES) == OUTPUTS
    assert formation.operations() == [
        "DeleteStack",
        "ExecuteChangeSet",  # the import
        "ExecuteChangeSet without rollback",
    ]


def test_what_cannot_be_removed_is_named() -> None:
    formation = Formation("ROLLBACK_COMPLETE", fails=["SiteBucket"])
    with pytest.raises(NotDeployed, match=r"^SiteBucket: "):
        bring(formation)
    with pytest.raises(NotDeployed, match=r"make teardown STAGE=prod"):
        bring(formation)


@pytest.mark.parametrize(
    "status", ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"]
)
def test_nothing_to_change_is_success_where_a_stack_is_settled(status: str) -> None:
    formation = Formation(status, has_run=True, nothing_to_change=True)
    assert bring(formation) == OUTPUTS
    assert formation.operations() == []


@pytest.mark.parametrize("status", ["CREATE_FAILED", "UPDATE_FAILED"])
def test_nothing_to_change_is_no_success_where_something_failed(status: str) -> None:
    """The cause was outside of the template, so the same template is tried again."""
    formation = Formation(status, nothing_to_change=True, fails=["Site", ""])
    with pytest.raises(NotDeployed, match=r"^Site: "):
        bring(formation)
    assert bring(formation) == OUTPUTS
    assert formation.operations() == ["UpdateStack without rollback"] * 2


def test_a_stack_that_cloudformation_sees_nothing_to_do_for_is_not_called_done() -> None:
    formation = Formation("CREATE_FAILED", nothing_to_change=True)

    def refuse(name: str) -> None:
        if name == "UpdateStack":
            raise Refusal("No updates are to be performed.")

    formation.before = refuse
    with pytest.raises(NotDeployed, match=r"CREATE_FAILED.+make teardown STAGE=prod"):
        bring(formation)


def test_somebody_elses_deployment_is_waited_for() -> None:
    formation = Formation("UPDATE_COMPLETE", has_run=True)
    formation.begin("UPDATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE")
    assert bring(formation) == OUTPUTS
    assert formation.operations() == ["ExecuteChangeSet"]


@pytest.mark.parametrize("moment", ["CreateChangeSet", "ExecuteChangeSet"])
def test_who_is_overtaken_in_between_waits_and_looks_again(moment: str) -> None:
    formation = Formation("UPDATE_COMPLETE", has_run=True)
    theirs = iter([True])

    def overtake(name: str) -> None:
        if name == moment and next(theirs, False):
            formation._sets.clear()  # executing one makes all others void
            formation.begin("UPDATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE")

    formation.before = overtake
    assert bring(formation) == OUTPUTS
    assert formation.status == "UPDATE_COMPLETE"


def test_credentials_that_expire_half_way_lose_nothing() -> None:
    formation = Formation()
    looks = iter(range(100))

    def expire(name: str) -> None:
        if name == "DescribeStackEvents" and formation.status == "CREATE_IN_PROGRESS":
            next(looks)
            raise Refusal("The security token included in the request is expired", "ExpiredToken")

    formation.before = expire
    with pytest.raises(ClientError) as stopped:
        bring(formation)
    assert "sign in again and run the same command" in account.explain(stopped.value)
    formation.before = lambda _: None
    assert bring(formation) == OUTPUTS
    assert formation.operations()[0] == "ExecuteChangeSet without rollback"


@pytest.mark.parametrize("kind", ["AWS::DynamoDB::Table", "AWS::S3::Bucket"])
def test_data_is_never_replaced(kind: str) -> None:
    change: dict[str, Any] = {"LogicalResourceId": "MessagesTable", "ResourceType": kind}
    change |= {"Action": "Modify", "Replacement": "True"}
    formation = Formation("UPDATE_COMPLETE", has_run=True, changes=[change])
    with pytest.raises(NotDeployed, match=r"^MessagesTable would be replaced by an empty one"):
        bring(formation)
    assert formation.operations() == []
    assert formation._sets == {}


@pytest.mark.parametrize(
    ("kind", "replacement"),
    [("AWS::DynamoDB::Table", "Conditional"), ("AWS::IAM::Role", "True")],
)
def test_what_loses_no_data_may_change(kind: str, replacement: str) -> None:
    """An index of a table counts as "conditional": its attributes change."""
    change = {"LogicalResourceId": "X", "ResourceType": kind, "Action": "Modify"}
    formation = Formation(
        "UPDATE_COMPLETE", has_run=True, changes=[{**change, "Replacement": replacement}]
    )
    assert bring(formation) == OUTPUTS


def test_a_stack_that_takes_over_nothing_in_its_state_says_what_to_do() -> None:
    formation = Formation("UPDATE_FAILED")
    with pytest.raises(NotDeployed, match=r"UPDATE_FAILED.+make teardown STAGE=prod"):
        bring(formation, MESSAGES)
    assert formation.operations() == []


def test_a_table_that_a_rolled_back_update_left_is_taken_over() -> None:
    formation = Formation("UPDATE_ROLLBACK_COMPLETE", has_run=True)
    assert bring(formation, MESSAGES) == OUTPUTS
    imports = [params for name, params in formation.asked if name == "CreateChangeSet"]
    assert [params["ChangeSetType"] for params in imports] == ["IMPORT", "UPDATE"]
    assert imports[0]["ResourcesToImport"] == [MESSAGES.to_import()]
