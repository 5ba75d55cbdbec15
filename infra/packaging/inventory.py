"""What belongs to a stage, found by exact names: those of its stack, and those of the template.

Never by how a name begins: `foyer-prod-` also begins the names of a stage `prod-eu`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from infra.packaging import takeover
from infra.packaging.buckets import Contents, contents_of
from infra.packaging.root_keys import parameter_name
from infra.packaging.stack_progress import Stack, describe_stack
from infra.packaging.stages import code_bucket, stack_name
from infra.packaging.template import join_templates

_TABLE = "AWS::DynamoDB::Table"
_BUCKET = "AWS::S3::Bucket"
_OWNER_TAG = "aws:cloudformation:stack-name"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: rows and bytes as DynamoDB last counted them (every six hours)."""

    name: str
    rows: int
    size: int


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a stage has. What is None or missing is not there, or no more."""

    stage: str
    account: str
    stack: Stack
    resources: int
    # Goes with the stack; buckets only when they are empty.
    emptied: dict[str, Contents]
    packages: Contents | None
    # Data, which outlives the stack.
    tables: tuple[Table, ...]
    files: dict[str, Contents]
    keys: bool

    @property
    def nothing(self) -> bool:
        """Whether nothing at all is left of the stage."""
        data = self.tables or self.files or self.keys
        rest = self.emptied or (self.packages and self.packages.things)
        return self.stack.status is None and not data and not rest


def inventory_of(session: Any, account: str, stage: str) -> Inventory:
    """Look for everything that a stage has in an account and the session's region."""
    name = stack_name(stage)
    stack = describe_stack(session.client("cloudformation"), name)
    listed = list(_stack_resources(session.client("cloudformation"), stack))
    region = session.region_name
    lasting, gone = _names(listed, account, region, name)
    s3 = session.client("s3")
    return Inventory(
        stage=stage,
        account=account,
        stack=stack,
        resources=len(listed),
        emptied=_buckets(s3, account, gone),
        packages=contents_of(s3, account, code_bucket(account, region), f"{stage}/"),
        tables=tuple(_tables(session.client("dynamodb"), lasting, name)),
        files=_buckets(s3, account, lasting),
        keys=_has_keys(session.client("ssm"), name),
    )


def _names(
    listed: list[tuple[str, str, str]], account: str, region: str, name: str
) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Kind and name of tables and buckets: those that are kept, and those that go with the stack.

    A table of the stack that the template knows nothing of is an older release's: it is kept.
    """
    template = join_templates()
    facts = {"Prefix": name, "AWS::AccountId": account, "AWS::Region": region}
    current = takeover.names(template, facts)
    short_lived = {
        current[logical_id]
        for logical_id in current
        if template["Resources"][logical_id].get("DeletionPolicy") != "Retain"
    }
    if not listed:  # without a stack, whatever is left of it is for somebody to delete or keep
        short_lived = {(kind, name) for kind, name in short_lived if kind == _BUCKET}
    of_the_stack = {(kind, physical) for kind, _, physical in listed if kind in {_TABLE, _BUCKET}}
    everything = of_the_stack | set(current.values())
    return everything - short_lived, short_lived


def _stack_resources(formation: Any, stack: Stack) -> Iterator[tuple[str, str, str]]:
    if stack.status is None:
        return
    for page in formation.get_paginator("list_stack_resources").paginate(StackName=stack.id):
        for one in page["StackResourceSummaries"]:
            if one["ResourceStatus"] != "DELETE_COMPLETE" and one.get("PhysicalResourceId"):
                yield one["ResourceType"], one["LogicalResourceId"], one["PhysicalResourceId"]


def _buckets(s3: Any, account: str, names: set[tuple[str, str]]) -> dict[str, Contents]:
    buckets = sorted(name for kind, name in names if kind == _BUCKET)
    contents = {name: contents_of(s3, account, name) for name in buckets}
    return {name: each for name, each in contents.items() if each is not None}


def _tables(dynamodb: Any, lasting: set[tuple[str, str]], stack: str) -> Iterator[Table]:
    names = {name for kind, name in lasting if kind == _TABLE}
    for name in sorted(names | set(_tables_of_older_releases(dynamodb, stack, names))):
        try:
            table = dynamodb.describe_table(TableName=name)["Table"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            continue
        yield Table(name, table["ItemCount"], table["TableSizeBytes"])


def _tables_of_older_releases(dynamodb: Any, stack: str, current: set[str]) -> Iterator[str]:
    """Tables that no template names any more, but that CloudFormation marked as this stack's."""
    for page in dynamodb.get_paginator("list_tables").paginate():
        for name in page["TableNames"]:
            if name.startswith(f"{stack}-") and name not in current:
                arn = dynamodb.describe_table(TableName=name)["Table"]["TableArn"]
                tags = dynamodb.list_tags_of_resource(ResourceArn=arn)["Tags"]
                if {"Key": _OWNER_TAG, "Value": stack} in tags:
                    yield name


def _has_keys(ssm: Any, stack: str) -> bool:
    answer = ssm.describe_parameters(
        ParameterFilters=[{"Key": "Name", "Values": [parameter_name(stack)]}]
    )
    return bool(answer["Parameters"])
