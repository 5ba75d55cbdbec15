"""Whoever deploys is allowed what that takes, in one stage, and nothing of people's data."""

from __future__ import annotations

import fnmatch
import json
from pathlib import Path
from typing import Any

import pytest

from infra.packaging.build import build
from infra.packaging.deployer_policy import LIMIT, PLACES, policies
from tests.attack.e_deployment.stages import Account
from tests.attack.e_deployment.test_teardown import SURE
from tests.deploy.noting_session import Noting

ACCOUNT, REGION = "123456789012", "eu-central-1"
PEOPLES = ("messages", "users", "contacts", "sessions", "outbox")


@pytest.fixture(scope="module")
def statements(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """All that the policies of stage `prod` allow."""
    return [
        statement for document in documents(tmp_path_factory) for statement in document["Statement"]
    ]


def documents(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """The policies, made of the real template."""
    package = build("prod", tmp_path_factory.mktemp("package"))
    template = json.loads(Path(package.template).read_text(encoding="utf-8"))
    unknown = {one["Type"] for one in template["Resources"].values()} - PLACES.keys()
    assert not unknown, "say in PLACES what these are called in ARNs"
    return policies(template, "prod", ACCOUNT, REGION)


def allows(statements: list[dict[str, Any]], action: str, resource: str) -> bool:
    """Whether a statement allows it, as IAM would match."""
    return any(
        action in statement["Action"]
        and any(fnmatch.fnmatchcase(resource, pattern) for pattern in statement["Resource"])
        for statement in statements
    )


def test_each_policy_is_as_small_as_iam_takes(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    made = documents(tmp_path_factory)
    assert len(made) <= 10  # as many as one role or user may have
    for document in made:
        assert len(json.dumps(document, separators=(",", ":"))) <= LIMIT
        for statement in document["Statement"]:
            assert not [action for action in statement["Action"] if "*" in action]


def test_it_allows_all_that_the_commands_ask(
    account: Account, statements: list[dict[str, Any]]
) -> None:
    noting = Noting(account.cloud)
    theirs = Account(noting)  # type: ignore[arg-type]
    theirs.deploy("prod")
    theirs.teardown("prod", confirm="prod")
    theirs.deploy("prod")
    theirs.teardown("prod", **SURE)
    allowed = {action for statement in statements for action in statement["Action"]}
    assert noting.actions <= allowed


@pytest.mark.parametrize("table", PEOPLES)
@pytest.mark.parametrize("action", ["GetItem", "Query", "Scan", "PutItem", "BatchWriteItem"])
def test_it_reads_and_writes_no_rows(
    statements: list[dict[str, Any]], table: str, action: str
) -> None:
    arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/foyer-prod-{table}"
    assert allows(statements, "dynamodb:UpdateTable", arn)
    assert not allows(statements, f"dynamodb:{action}", arn)


def test_it_reads_no_uploaded_file(statements: list[dict[str, Any]]) -> None:
    arn = f"arn:aws:s3:::foyer-prod-files-{ACCOUNT}-{REGION}/report.pdf"
    assert not allows(statements, "s3:GetObject", arn)
    assert not allows(statements, "s3:PutObject", arn)


@pytest.mark.parametrize(
    ("action", "arn"),
    [
        ("dynamodb:DeleteTable", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/foyer-staging-users"),
        ("dynamodb:DeleteTable", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/orders"),
        ("lambda:DeleteFunction", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:billing"),
        ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/Administrator"),
        ("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/Administrator"),
        ("s3:DeleteBucket", "arn:aws:s3:::somebody-elses"),
        ("ssm:GetParameter", f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/foyer-staging/root-keys"),
        ("cloudformation:DeleteStack", f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/other/1"),
    ],
)
def test_what_is_not_the_stages_is_out_of_reach(
    statements: list[dict[str, Any]], action: str, arn: str
) -> None:
    assert not allows(statements, action, arn)
    assert any(action in statement["Action"] for statement in statements)


def test_roles_are_given_to_functions_only(statements: list[dict[str, Any]]) -> None:
    (giving,) = [one for one in statements if "iam:PassRole" in one["Action"]]
    assert giving["Condition"]["StringEquals"]["iam:PassedToService"] == [
        "apigateway.amazonaws.com",
        "lambda.amazonaws.com",
    ]
