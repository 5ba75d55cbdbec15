"""A stage that was taken down, or left half-way, is deployed again with the data that it kept."""

from __future__ import annotations

from typing import Any

import pytest

from infra.packaging.stack_progress import NotDeployed, Stack
from infra.packaging.takeover import Existing, finder, takeover_template
from tests.attack.e_deployment.stages import Account, template
from tests.attack.e_deployment.stub_account import READY, Session


def owned_resources(account: Account, stage: str) -> dict[str, str]:
    """What the stage's stack says that it owns: logical id → name."""
    client = account.cloud.client("cloudformation")
    told = client.list_stack_resources(StackName=f"foyer-{stage}")["StackResourceSummaries"]
    return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in told}


def table(account: Account, stage: str, name: str) -> dict[str, Any]:
    """DynamoDB's description of a table."""
    client = account.cloud.client("dynamodb")
    described: dict[str, Any] = client.describe_table(TableName=f"foyer-{stage}-{name}")["Table"]
    return described


def test_a_stage_that_was_taken_down_comes_back_with_its_data(account: Account) -> None:
    account.deploy("prod")
    account.put_row("prod")
    account.put_file("prod", "files", "report.pdf")
    keys = account.everything()["keys"]
    account.teardown("prod", confirm="prod")

    account.deploy("prod")

    assert account.rows("prod") == ["Hello"]
    assert account.everything()["keys"] == keys
    assert f"{account.bucket('prod', 'files')}/report.pdf@null" in account.of("prod")["files"]
    assert owned_resources(account, "prod") | {"AlarmTopic": ""} == {
        "AlarmTopic": "",  # its name is an ARN
        "FilesBucket": account.bucket("prod", "files"),
        "SiteBucket": account.bucket("prod", "site"),
        **{
            f"{name.capitalize()}Table": f"foyer-prod-{name}"
            for name in ("messages", "workspaces", "outbox", "sessions")
        },
    }
    account.teardown("prod", confirm="prod", data="delete", confirm_data="delete prod")
    assert account.of("prod")["tables"] == set()


def test_a_table_is_taken_over_as_it_is_and_then_made_as_it_should_be(account: Account) -> None:
    """A template that says at once what isn't so yet would never be made so."""
    plain = template()
    del plain["Resources"]["WorkspacesTable"]["Properties"]["GlobalSecondaryIndexes"]
    attributes = plain["Resources"]["WorkspacesTable"]["Properties"]["AttributeDefinitions"]
    attributes[:] = [one for one in attributes if one["AttributeName"] == "id"]
    account.deploy("prod", plain)
    assert "GlobalSecondaryIndexes" not in table(account, "prod", "workspaces")
    account.teardown("prod", confirm="prod")

    account.deploy("prod")

    (index,) = table(account, "prod", "workspaces")["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "by_widget_key"


@pytest.mark.parametrize("logical_id", ["MessagesTable", "OutboxTable", "SessionsTable"])
def test_what_a_table_is_like_is_told_as_a_template_would(
    account: Account, logical_id: str
) -> None:
    """So that taking it over and updating it to the same release changes nothing."""
    wanted = template()["Resources"][logical_id]["Properties"]
    account.make_table("prod", wanted)
    (found,) = account.unowned("prod", logical_id)
    assert found.properties == {"DeletionProtectionEnabled": False, **wanted}


def test_a_table_that_a_failed_update_left_is_taken_over_by_the_next(account: Account) -> None:
    """A roll-back leaves it, for it is to be kept, and then its name is taken."""
    account.deploy("prod", template("MessagesTable"))
    account.make_table("prod", template()["Resources"]["MessagesTable"]["Properties"])
    account.put_row("prod")

    account.deploy("prod")

    assert account.rows("prod") == ["Hello"]
    assert owned_resources(account, "prod")["MessagesTable"] == "foyer-prod-messages"
    assert account.deploy("prod") == {"SiteUrl": "https://d1.cloudfront.net"}


def test_a_bucket_that_another_account_took_is_named_before_anything_is_made() -> None:
    """Names of buckets are the world's, and that of a deleted one is free."""
    session = Session(
        {
            **READY,
            ("dynamodb", "DescribeTable"): "ResourceNotFoundException: none",
            ("s3", "HeadBucket"): "403: Forbidden",
        }
    )
    facts = {"Prefix": "foyer-prod", "AWS::AccountId": "123456789012", "AWS::Region": "eu-west-1"}
    unowned = finder(session, template(), facts)
    with pytest.raises(NotDeployed, match=r"foyer-prod-files-123456789012-eu-west-1 is another"):
        unowned(Stack("foyer-prod"))


def test_another_stages_tables_are_not_taken_over(account: Account) -> None:
    account.deploy("prod-eu")
    account.deploy("prod")
    assert not set(owned_resources(account, "prod").values()) & set(
        owned_resources(account, "prod-eu").values()
    )


def test_what_is_taken_over_is_kept_if_that_fails() -> None:
    former = {
        "Parameters": {"Prefix": {}},
        "Resources": {"Site": {"Type": "X"}},
        "Outputs": {"A": 1},
    }
    existing = Existing("MessagesTable", "AWS::DynamoDB::Table", "foyer-prod-messages", {"A": 1})
    text = takeover_template(former, [existing])
    assert '"Outputs": {"A": 1}' in text
    assert '"Site": {"Type": "X"}' in text
    assert '"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"' in text
