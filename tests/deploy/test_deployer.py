"""The deployer: refuses early, goes on where it stopped, names what failed, brings the files."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.packaging import change_sets, deployer_policy, stack, static_site
from infra.packaging.account import Refused
from infra.packaging.change_sets import Target
from infra.packaging.deploy import look_ahead, publish
from infra.packaging.paths import ROOT, Package
from infra.packaging.stack_progress import NotDeployed
from tests.deploy import local_stack
from tests.deploy.browser import Browser
from tests.deploy.noting_session import Noting
from tests.deploy.stack_cloud import StackCloud

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}
REGION = {"AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "eu-central-1"}


@pytest.mark.parametrize(
    ("environment", "arguments", "sentence"),
    [
        (
            REGION,
            [],
            "No AWS credentials: run `aws configure`, or set AWS_PROFILE or AWS_ACCESS_KEY_ID.",
        ),
        (CREDENTIALS, [], "No AWS region: set AWS_REGION, such as eu-central-1."),
        (
            CREDENTIALS | REGION,
            ["--set", "Prefix=x"],
            "Prefix is for the deployer itself to set.",
        ),
    ],
)
def test_what_is_missing_is_said_in_one_sentence_before_anything_is_done(
    environment: dict[str, str], arguments: list[str], sentence: str, tmp_path: Path
) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "infra.packaging.deploy", "--stage", "prod", *arguments],
        cwd=ROOT,
        env={"HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (run.stdout, run.stderr, run.returncode) == ("", f"{sentence}\n", 1)


def test_a_second_deployment_of_the_same_changes_nothing(
    stack_cloud: StackCloud, package: Package, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = local_stack.deploy(stack_cloud.stack.ministack, package, tmp_path)
    assert again.outputs == stack_cloud.stack.outputs
    assert capsys.readouterr().out == f"{local_stack.PREFIX} is as wished already.\n"


def test_what_is_set_once_is_remembered(stack_cloud: StackCloud) -> None:
    formation = stack_cloud.stack.ministack.client("cloudformation")
    (found,) = formation.describe_stacks(StackName=local_stack.PREFIX)["Stacks"]
    known = {one["ParameterKey"]: one["ParameterValue"] for one in found["Parameters"]}
    assert known["MailFrom"] == local_stack.MAIL_FROM
    target = Target(
        name=local_stack.PREFIX,
        template_url="",
        template_parameters=frozenset(known),
        parameters={"Version": "2"},
        initial={"CertificateArn": "never"},
    )
    parameters = change_sets.parameters(target, known.keys())
    assert {"ParameterKey": "MailFrom", "UsePreviousValue": True} in parameters
    assert {"ParameterKey": "CertificateArn", "UsePreviousValue": True} in parameters
    assert {"ParameterKey": "Version", "ParameterValue": "2"} in parameters


BUCKET = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "taken"}}
ADDRESS = {
    "Type": "AWS::Lambda::Url",
    "Properties": {"AuthType": "NONE", "TargetFunctionArn": "nobody"},
}


@pytest.mark.parametrize(
    ("resource", "found"), [(BUCKET, "before it begins"), (ADDRESS, "while it makes it")]
)
def test_the_first_resource_that_fails_is_named_with_its_reason(
    stack_cloud: StackCloud, resource: dict[str, Any], found: str
) -> None:
    aws = stack_cloud.stack.ministack
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="taken")
    template = json.dumps({"Resources": {"Culprit": resource}}).encode()
    s3.put_object(Bucket="taken", Key="template.json", Body=template)
    name = found.replace(" ", "-")
    target = Target(name, f"{aws.endpoint}/taken/template.json", frozenset(), {}, {})
    nothing = stack.Account(unowned_resources=lambda _: [], store_template=str)
    with pytest.raises(NotDeployed, match=r"^Culprit: .+"):
        stack.converge(aws.client("cloudformation"), target, nothing, lambda _: None, poll=0.05)


def test_files_are_served_by_the_site_as_they_were_built(
    stack_cloud: StackCloud, tmp_path: Path
) -> None:
    script = tmp_path / "dashboard" / "assets" / "index-B1xM5gW0.js"
    for path in (tmp_path / "dashboard/index.html", script, tmp_path / "widget/loader.js"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.name, encoding="utf-8")
    builds = {name: tmp_path / name for name in ("dashboard", "widget")}
    aws = stack_cloud.stack.ministack
    publish(aws, stack_cloud.stack.outputs, static_site.static_files(builds))

    site = Browser(aws.endpoint, stack_cloud.stack.outputs["SiteDomain"])
    page = site.get("/conversations/cnv_1")
    assert (page.status, page.body) == (200, b"index.html")
    assert page.headers["cache-control"] == "no-cache"
    assert page.headers["x-frame-options"] == "DENY"
    assert site.get("/assets/index-B1xM5gW0.js").headers["cache-control"].endswith("immutable")
    loader = site.get("/widget/loader.js", Origin="https://shop.example")
    assert loader.body == b"loader.js"
    assert loader.headers["access-control-allow-origin"] == "*"
    assert "frame-ancestors *" in loader.headers["content-security-policy"]


def test_a_file_that_is_missing_is_no_page_of_the_dashboard(stack_cloud: StackCloud) -> None:
    site = Browser(stack_cloud.stack.ministack.endpoint, stack_cloud.stack.outputs["SiteDomain"])
    assert site.get("/assets/gone-B1xM5gW0.js").status >= 400


def test_a_stage_that_is_two_releases_behind_is_told_before_anything_is_changed(
    stack_cloud: StackCloud, package: Package, tmp_path: Path
) -> None:
    """Each of them added an index: CloudFormation can't make both in one update."""
    template = json.loads(package.template.read_text(encoding="utf-8"))
    users = template["Resources"]["UsersTable"]["Properties"]
    users["GlobalSecondaryIndexes"] = [
        {
            "IndexName": name,
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
        for name in ("by_a", "by_b")
    ]
    behind = Package(tmp_path / "package")
    behind.folder.mkdir()
    shutil.copy(package.zip, behind.zip)
    behind.template.write_text(json.dumps(template), encoding="utf-8")
    here = tmp_path / "here"
    here.mkdir()
    with pytest.raises(Refused, match="UsersTable: one index at a time: make by_a, make by_b"):
        local_stack.deploy(stack_cloud.stack.ministack, behind, here)


def test_the_deployers_policy_allows_what_deploying_asks(
    stack_cloud: StackCloud, package: Package, tmp_path: Path
) -> None:
    noting = Noting(stack_cloud.stack.ministack)
    local_stack.deploy(noting, package, tmp_path)  # type: ignore[arg-type]
    look_ahead(noting, local_stack.PREFIX, {})
    page = tmp_path / "dashboard" / "index.html"
    page.parent.mkdir()
    page.write_text("")
    files = static_site.static_files({"dashboard": page.parent})
    publish(noting, stack_cloud.stack.outputs, files)
    template = json.loads(package.template.read_text(encoding="utf-8"))
    made = deployer_policy.policies(template, local_stack.STAGE, "123456789012", "us-east-1")
    allowed = {
        action
        for document in made
        for statement in document["Statement"]
        for action in statement["Action"]
    }
    # What the test itself asks for, to have a sender.
    assert noting.actions - {"ses:CreateEmailIdentity"} <= allowed
