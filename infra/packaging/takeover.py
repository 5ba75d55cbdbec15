"""Tables and buckets that exist already under a stage's names, and how a stack takes them over.

They outlive a stack that was deleted, and an update that was rolled back leaves the tables that it
had made. Creating them again would fail on their names, so they are imported: first as they are
(a template that says what isn't so yet would never be made so), then the deployment changes them.
docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from infra.packaging.stack_progress import NotDeployed, Stack

Template = dict[str, Any]

_TABLE = "AWS::DynamoDB::Table"
_BUCKET = "AWS::S3::Bucket"
_NAME = {_TABLE: "TableName", _BUCKET: "BucketName"}
_OF_NONE = {"AWSTemplateFormatVersion": "2010-09-09", "Parameters": {"Prefix": {"Type": "String"}}}
_NO_LONGER = {"DELETE_COMPLETE", "DELETE_SKIPPED"}
_INDEX = ("IndexName", "KeySchema", "Projection")


@dataclass(frozen=True, slots=True)
class Existing:
    """A table or bucket that exists: what the template calls it, and how it is now.

    `properties` have its name as the template says it, `${Prefix}` and all: another way of saying
    the same name would count as another name, and so as another table.
    """

    logical_id: str
    kind: str
    name: str
    properties: dict[str, Any]

    def to_import(self) -> dict[str, Any]:
        """How CloudFormation is told which resource is meant."""
        identifier = {_NAME[self.kind]: self.name}
        return {
            "ResourceType": self.kind,
            "LogicalResourceId": self.logical_id,
            "ResourceIdentifier": identifier,
        }


def takeover_template(former: Mapping[str, Any], existing: Sequence[Existing]) -> str:
    """The template of a stack (an empty mapping: of none yet) with what it takes over, as text."""
    resources = {
        one.logical_id: {
            "Type": one.kind,
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": one.properties,
        }
        for one in existing
    }
    start: Template = dict(former) or _OF_NONE
    return json.dumps(
        {**start, "Resources": {**start.get("Resources", {}), **resources}}, default=str
    )


def names(template: Template, facts: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Logical id → kind and real name of each table and bucket.

    `facts` are values of parameters and pseudo parameters, by the names that `${…}` has.
    """
    return {
        logical_id: (resource["Type"], _fill_in(resource["Properties"][attribute], facts))
        for logical_id, resource in template["Resources"].items()
        if (attribute := _NAME.get(resource.get("Type", "")))
    }


def finder(
    session: Any, template: Template, facts: Mapping[str, str]
) -> Callable[[Stack], list[Existing]]:
    """Who asks the account which of the template's tables and buckets a stack lacks, but exist."""
    candidates = names(template, facts)
    dynamodb, s3 = session.client("dynamodb"), session.client("s3")

    def unowned_resources(now: Stack) -> list[Existing]:
        owned = set(_owned_ids(session.client("cloudformation"), now))
        existing = []
        for logical_id, (kind, name) in sorted(candidates.items()):
            if name in owned:
                continue
            if kind == _TABLE:
                properties = table_as_it_is(dynamodb, name)
            else:
                properties = _bucket(s3, name, facts["AWS::AccountId"])
            if properties is not None:
                pattern = template["Resources"][logical_id]["Properties"][_NAME[kind]]
                properties[_NAME[kind]] = pattern
                existing.append(Existing(logical_id, kind, name, properties))
        return existing

    return unowned_resources


def _owned_ids(formation: Any, now: Stack) -> Iterator[str]:
    if now.status is None or now.status == "REVIEW_IN_PROGRESS":
        return
    for page in formation.get_paginator("list_stack_resources").paginate(StackName=now.id):
        for resource in page["StackResourceSummaries"]:
            if resource["ResourceStatus"] not in _NO_LONGER:
                yield resource.get("PhysicalResourceId", "")


def table_as_it_is(dynamodb: Any, name: str) -> dict[str, Any] | None:
    """A table's properties as a template would say them; None when there is no such table."""
    try:
        table = dynamodb.describe_table(TableName=name)["Table"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return None
        raise
    properties: dict[str, Any] = {
        "BillingMode": table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
        "AttributeDefinitions": table["AttributeDefinitions"],
        "KeySchema": table["KeySchema"],
        "DeletionProtectionEnabled": table.get("DeletionProtectionEnabled", False),
    }
    for indexes in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        if table.get(indexes):
            properties[indexes] = [_index(index) for index in table[indexes]]
    if stream := table.get("StreamSpecification", {}).get("StreamViewType"):
        properties["StreamSpecification"] = {"StreamViewType": stream}
    return {**properties, **_ceiling(table), **_expiry(dynamodb, name), **_recovery(dynamodb, name)}


def _index(index: dict[str, Any]) -> dict[str, Any]:
    return {**{key: index[key] for key in _INDEX}, **_ceiling(index)}


def _ceiling(limited: dict[str, Any]) -> dict[str, Any]:
    """DynamoDB says -1 for no limit, which a template says by leaving it out."""
    throughput = limited.get("OnDemandThroughput", {})
    ceiling = {name: int(units) for name, units in throughput.items() if int(units) > 0}
    return {"OnDemandThroughput": ceiling} if ceiling else {}


def _expiry(dynamodb: Any, name: str) -> dict[str, Any]:
    described = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    if described["TimeToLiveStatus"] not in {"ENABLED", "ENABLING"}:
        return {}
    ttl = {"AttributeName": described["AttributeName"], "Enabled": True}
    return {"TimeToLiveSpecification": ttl}


def _recovery(dynamodb: Any, name: str) -> dict[str, Any]:
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups.get("PointInTimeRecoveryDescription", {})
    if recovery.get("PointInTimeRecoveryStatus") != "ENABLED":
        return {}
    return {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}


def _bucket(s3: Any, name: str, account: str) -> dict[str, Any] | None:
    """Its name is enough: all else of a bucket is written over by the update that follows."""
    try:
        s3.head_bucket(Bucket=name, ExpectedBucketOwner=account)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in {"404", "NoSuchBucket"}:
            return None
        if code in {"403", "AccessDenied"}:
            raise NotDeployed(
                f"The bucket {name} is another account's, or not ours to look at: choose another "
                "stage, or let these credentials use it."
            ) from error
        raise
    return {}


def _fill_in(name: Any, facts: Mapping[str, str]) -> str:
    text = str(name["Fn::Sub"] if isinstance(name, Mapping) else name)
    for fact, value in facts.items():
        text = text.replace(f"${{{fact}}}", value)
    return text
