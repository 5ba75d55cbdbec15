"""Taking a stage down: what is said goes, what is data stays, and nothing of others is touched."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.packaging import buckets, teardown
from tests.attack.e_deployment.stages import Account
from tests.attack.e_deployment.stub_cloudformation import Formation
from tests.deploy.ministack import ACCOUNT

SURE = {"confirm": "prod", "data": "delete", "confirm_data": "delete prod"}


@pytest.fixture
def prod(account: Account) -> Account:
    """A stage in use, beside one whose name begins as its own does."""
    for stage in ("prod", "prod-eu"):
        account.deploy(stage)
        account.put_row(stage)
        account.put_file(stage, "files", "report.pdf")
        account.put_file(stage, "site", "dashboard/index.html", times=2)
        account.cloud.client("s3").delete_object(
            Bucket=account.bucket(stage, "site"), Key="dashboard/index.html"
        )
    return account


def test_without_confirmation_it_only_says_what_there_is(
    prod: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    before = prod.everything()
    prod.teardown("prod")
    assert prod.everything() == before
    said = capsys.readouterr().out
    for line in (
        "goes   stack foyer-prod (CREATE_COMPLETE)",
        f"goes   bucket {prod.bucket('prod', 'site')}: 3 versions",
        "goes   packages: 1 zips and templates",
        "stays  table foyer-prod-messages: about 1 rows",
        f"stays  bucket {prod.bucket('prod', 'files')}: 1 uploaded files",
        "stays  parameter /foyer-prod/root-keys",
        "make teardown STAGE=prod CONFIRM=prod",
    ):
        assert line in said
    assert "prod-eu" not in said


def test_data_stays_unless_it_is_asked_for_twice(prod: Account) -> None:
    prod.teardown("prod", confirm="prod")
    left = prod.of("prod")
    assert left["stacks"] == left["topics"] == set()
    assert left["buckets"] == {prod.bucket("prod", "files")}
    assert "foyer-prod-messages" in left["tables"]
    assert "foyer-prod-sessions" not in left["tables"]
    assert left["keys"] == {"/foyer-prod/root-keys"}
    assert prod.rows("prod") == ["Hello"]


def test_everything_goes_when_it_is_asked_for_twice(prod: Account) -> None:
    prod.teardown("prod", **SURE)
    assert prod.of("prod") == {kind: set() for kind in prod.of("prod")}


@pytest.mark.parametrize("wanted", [{"confirm": "prod"}, SURE])
def test_nothing_of_a_stage_with_a_longer_name_is_touched(
    prod: Account, wanted: dict[str, str]
) -> None:
    before = prod.of("prod-eu")
    assert all(before.values())
    prod.teardown("prod", **wanted)
    assert prod.of("prod-eu") == before
    assert prod.rows("prod-eu") == ["Hello"]
    protected = prod.cloud.client("dynamodb").describe_table(TableName="foyer-prod-eu-messages")
    assert protected["Table"]["DeletionProtectionEnabled"] is True


@pytest.mark.parametrize(
    "wanted",
    [
        {"confirm": "prod-eu"},
        {"confirm": "PROD"},
        {"confirm": "yes"},
        {"confirm": "prod", "data": "delete"},
        {"confirm": "prod", "data": "delete", "confirm_data": "prod"},
        {"data": "delete", "confirm_data": "delete prod"},
    ],
)
def test_a_confirmation_that_is_not_exactly_that_does_nothing(
    prod: Account, wanted: dict[str, str]
) -> None:
    before = prod.everything()
    prod.teardown("prod", **wanted)
    assert prod.everything() == before


def test_at_a_terminal_it_asks(prod: Account) -> None:
    answers = iter(["prod", "delete prod"])
    prod.teardown("prod", data="delete", ask=lambda _: next(answers))
    assert prod.of("prod")["tables"] == set()


@pytest.mark.parametrize("dies_at", ["DeleteStack", "DeleteTable", "DeleteBucket", "UpdateTable"])
def test_it_can_be_run_again_wherever_it_died(prod: Account, dies_at: str) -> None:
    """Also when the stack, which knew what belongs to it, is gone already."""
    with pytest.raises(Died):
        teardown_that_dies(prod, dies_at)
    prod.teardown("prod", **SURE)
    assert prod.of("prod") == {kind: set() for kind in prod.of("prod")}


def test_a_bucket_of_more_versions_than_one_request_names_is_emptied(prod: Account) -> None:
    prod.put_file("prod", "site", "widget/loader.js", times=1_050)
    upload = prod.cloud.client("s3").create_multipart_upload(
        Bucket=prod.bucket("prod", "site"), Key="dashboard/large.js"
    )
    assert upload["UploadId"]
    prod.teardown("prod", confirm="prod")
    assert prod.bucket("prod", "site") not in prod.of("prod")["buckets"]


def test_a_versioned_bucket_is_emptied_to_the_last_delete_marker(prod: Account) -> None:
    """Unlike by `aws s3 rb --force`: S3 deletes no bucket that still has one."""
    s3, bucket = prod.cloud.client("s3"), prod.bucket("prod", "site")
    upload = {"Bucket": bucket, "Key": "dashboard/large.js"}
    s3.create_multipart_upload(**upload)
    assert {"Versions", "DeleteMarkers"} <= s3.list_object_versions(Bucket=bucket).keys()
    buckets.empty(s3, ACCOUNT, bucket)
    left = s3.list_object_versions(Bucket=bucket)
    assert not left.get("Versions")
    assert not left.get("DeleteMarkers")
    assert not s3.list_multipart_uploads(Bucket=bucket).get("Uploads")


def test_only_a_folder_is_emptied_where_others_share_the_bucket(prod: Account) -> None:
    s3, bucket = prod.cloud.client("s3"), prod.bucket("prod", "site")
    for key in ("prod/1.zip", "prod-eu/1.zip", "product.html"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
    buckets.empty(s3, ACCOUNT, bucket, "prod/")
    left = {one["Key"] for one in s3.list_objects_v2(Bucket=bucket)["Contents"]}
    assert left == {"prod-eu/1.zip", "product.html"}


def test_a_table_of_an_older_release_is_data_too(prod: Account) -> None:
    """No template names it any more; CloudFormation has marked it as the stack's."""
    dynamodb = prod.cloud.client("dynamodb")
    for stage in ("prod", "prod-eu"):
        dynamodb.create_table(
            TableName=f"foyer-{stage}-tickets",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
            Tags=[{"Key": "aws:cloudformation:stack-name", "Value": f"foyer-{stage}"}],
        )
    prod.teardown("prod", confirm="prod")
    assert "foyer-prod-tickets" in prod.of("prod")["tables"]
    prod.teardown("prod", **SURE)
    assert prod.of("prod")["tables"] == set()
    assert "foyer-prod-eu-tickets" in prod.of("prod-eu")["tables"]


def test_the_bucket_for_packages_goes_with_the_last_stage(prod: Account) -> None:
    packages = {name for name in prod.everything()["buckets"] if name.startswith("foyer-code-")}
    prod.teardown("prod", confirm="prod")
    assert packages <= prod.everything()["buckets"]
    prod.teardown("prod-eu", confirm="prod-eu")
    assert not packages & prod.everything()["buckets"]


def test_what_is_gone_is_said_to_be_gone(
    account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    account.teardown("prod", **SURE)
    assert "nothing is left of it" in capsys.readouterr().out


@pytest.mark.parametrize("stage", ["", "prod/..", "*", "foyer prod"])
def test_what_is_no_stage_is_refused_before_anything_is_looked_at(
    stage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert teardown.main(["--stage", stage]) == 1
    assert "A stage is called by" in capsys.readouterr().err


class Died(Exception):
    """The machine that ran the command is gone."""


class Dying:
    """An account whose connection ends at one operation, after it was done."""

    def __init__(self, account: Account, operation: str) -> None:
        self._cloud = account.cloud
        self._operation = operation
        self.region_name = account.cloud.region_name

    def get_credentials(self) -> Any:
        """The account's."""
        return self._cloud.get_credentials()

    def client(self, service: str) -> Any:
        """A client that dies."""
        client = self._cloud.client(service)
        client.meta.events.register(f"after-call.*.{self._operation}", self._die)
        return client

    def _die(self, **_: Any) -> None:
        raise Died


def teardown_that_dies(account: Account, operation: str) -> None:
    """Run the command until its machine dies."""
    Account(Dying(account, operation)).teardown("prod", **SURE)  # type: ignore[arg-type]


def test_a_stack_that_is_gone_is_not_asked_for(account: Account) -> None:
    with pytest.raises(ClientError, match="does not exist"):
        account.cloud.client("cloudformation").describe_stacks(StackName="foyer-prod")


@pytest.mark.parametrize("failures", [1, 2])
def test_what_will_not_go_is_tried_again_and_then_left_and_named(
    account: Account, failures: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody uploads while the stack is being deleted: its bucket isn't empty then."""
    formation = Formation("UPDATE_COMPLETE", has_run=True, fails=["SiteBucket"] * failures)
    bucket = account.bucket("prod", "site")
    formation.resources = [stack_resource("SiteBucket", "AWS::S3::Bucket", bucket)]
    account.cloud.client("s3").create_bucket(Bucket=bucket)
    account.put_file("prod", "site", "late")
    Account(Mixed(account, formation)).teardown("prod", confirm="prod")  # type: ignore[arg-type]
    assert formation.status == "DELETE_COMPLETE"
    left = [
        params.get("RetainResources") for name, params in formation.asked if name == "DeleteStack"
    ]
    assert left == [None, None, ["SiteBucket"]][: failures + 1]
    assert ("Left behind" in capsys.readouterr().out) is (failures == 2)
    assert account.everything()["buckets"] == set()  # which is done without CloudFormation then


@pytest.mark.parametrize("status", ["CREATE_FAILED", "UPDATE_ROLLBACK_FAILED", "DELETE_FAILED"])
def test_a_stack_in_trouble_can_be_taken_down(account: Account, status: str) -> None:
    formation = Formation(status)
    Account(Mixed(account, formation)).teardown("prod", confirm="prod")  # type: ignore[arg-type]
    assert formation.status == "DELETE_COMPLETE"


def test_a_deployment_that_is_under_way_is_waited_for(account: Account) -> None:
    formation = Formation("UPDATE_COMPLETE", has_run=True)
    formation.begin("UPDATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE")
    Account(Mixed(account, formation)).teardown("prod", confirm="prod")  # type: ignore[arg-type]
    assert formation.operations() == ["DeleteStack"]
    assert formation.status == "DELETE_COMPLETE"


def stack_resource(logical_id: str, kind: str, name: str) -> dict[str, str]:
    """A resource that CloudFormation could not delete."""
    named = {"LogicalResourceId": logical_id, "PhysicalResourceId": name, "ResourceType": kind}
    return {**named, "ResourceStatus": "DELETE_FAILED"}


class Mixed(Dying):
    """An account whose CloudFormation is ours, to fail where a test says."""

    def __init__(self, account: Account, formation: Formation) -> None:
        super().__init__(account, "")
        self._formation = formation

    def client(self, service: str) -> Any:
        """A client of ours or of ministack."""
        return (
            self._formation.client() if service == "cloudformation" else self._cloud.client(service)
        )
