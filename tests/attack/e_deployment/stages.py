"""Stages as the deployer makes them, but small: tables, buckets and a topic."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from typing import Any

from infra.packaging import root_keys, stack, takeover, teardown
from infra.packaging.artefacts import Artefacts
from infra.packaging.change_sets import Target
from infra.packaging.stack_progress import Stack
from infra.packaging.stages import code_bucket, stack_name
from infra.packaging.template import join_templates
from tests.deploy.ministack import ACCOUNT, REGION, Ministack

# Logical ids of infra/*.yaml: durable, short-lived, with an index of each kind, with a stream.
SMALL: tuple[str, ...] = (
    "MessagesTable",
    "WorkspacesTable",
    "OutboxTable",
    "SessionsTable",
    "FilesBucket",
)
SMALL += ("SiteBucket", "AlarmTopic")

# What CreateTable takes as the template says it.
_CREATED = {"AttributeDefinitions", "BillingMode", "DeletionProtectionEnabled", "KeySchema"}
_CREATED |= {"GlobalSecondaryIndexes", "LocalSecondaryIndexes"}


def template(*without: str, **changed: dict[str, Any]) -> dict[str, Any]:
    """A template of SMALL; `changed` updates the properties of what it names."""
    whole = join_templates()
    resources = {name: whole["Resources"][name] for name in SMALL if name not in without}
    resources["FilesBucket"]["Properties"].pop("CorsConfiguration", None)
    for name, properties in changed.items():
        resources[name]["Properties"] |= properties
    prefix = {"Prefix": whole["Parameters"]["Prefix"]}
    outputs = {"SiteUrl": {"Value": "https://d1.cloudfront.net"}}
    return {"Parameters": prefix, "Resources": resources, "Outputs": outputs}


@dataclass(frozen=True, slots=True)
class Account:
    """An account, and the commands run in it."""

    cloud: Ministack

    def deploy(self, stage: str, body: dict[str, Any] | None = None) -> dict[str, str]:
        """Bring a stage to a template, by the deployer's own code."""
        body = body or template()
        name = stack_name(stage)
        root_keys.ensure(self.cloud, name)
        bucket = code_bucket(ACCOUNT, REGION)
        packages = Artefacts(self.cloud.client("s3"), bucket, ACCOUNT, REGION, stage)
        packages.ensure()
        target = Target(
            name=name,
            template_url=packages.store_template(json.dumps(body)),
            template_parameters=frozenset(body["Parameters"]),
            parameters={"Prefix": name},
            initial={},
        )
        facts = {"Prefix": name, "AWS::AccountId": ACCOUNT, "AWS::Region": REGION}
        around = stack.Account(takeover.finder(self.cloud, body, facts), packages.store_template)
        client = self.cloud.client("cloudformation")
        return stack.converge(client, target, around, lambda _: None, poll=0.02)

    def unowned(self, stage: str, *logical_ids: str) -> list[takeover.Existing]:
        """Which of these exist without a stack that has them."""
        whole = template()
        whole["Resources"] = {name: whole["Resources"][name] for name in logical_ids}
        facts = {"Prefix": stack_name(stage), "AWS::AccountId": ACCOUNT, "AWS::Region": REGION}
        return takeover.finder(self.cloud, whole, facts)(Stack(stack_name(stage)))

    def make_table(self, stage: str, properties: dict[str, Any]) -> str:
        """Make a table of a stage, though not as part of its stack; its name."""
        dynamodb = self.cloud.client("dynamodb")
        name = str(properties["TableName"]["Fn::Sub"]).replace("${Prefix}", stack_name(stage))
        spec = {key: value for key, value in properties.items() if key in _CREATED}
        if stream := properties.get("StreamSpecification"):
            spec["StreamSpecification"] = {"StreamEnabled": True, **stream}
        dynamodb.create_table(**spec, TableName=name)
        if ttl := properties.get("TimeToLiveSpecification"):
            dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=ttl)
        if recovery := properties.get("PointInTimeRecoverySpecification"):
            dynamodb.update_continuous_backups(
                TableName=name, PointInTimeRecoverySpecification=recovery
            )
        return name

    def teardown(self, stage: str, *, ask: Any = lambda _: "", **wanted: str) -> None:
        """The command, with the account in place of AWS's."""
        options = {"confirm": "", "data": "keep", "confirm_data": "", **wanted}
        teardown.run(self.cloud, stage, argparse.Namespace(**options), ask, poll=0.02)

    def put_row(self, stage: str, text: str = "Hello") -> None:
        """A message in the stage's table."""
        item = {"cnv": {"S": "cnv_1"}, "key": {"S": text}, "seq": {"N": "1"}}
        self.cloud.client("dynamodb").put_item(TableName=f"foyer-{stage}-messages", Item=item)

    def rows(self, stage: str) -> list[str]:
        """The messages that are there."""
        told = self.cloud.client("dynamodb").scan(TableName=f"foyer-{stage}-messages")
        return sorted(item["key"]["S"] for item in told["Items"])

    def bucket(self, stage: str, what: str) -> str:
        """The name of a stage's bucket: `files` or `site`."""
        return f"foyer-{stage}-{what}-{ACCOUNT}-{REGION}"

    def put_file(self, stage: str, what: str, key: str, times: int = 1) -> None:
        """Put a file into a bucket, `times` versions of it if it keeps them."""
        s3 = self.cloud.client("s3")
        for number in range(times):
            s3.put_object(Bucket=self.bucket(stage, what), Key=key, Body=str(number).encode())

    def everything(self) -> dict[str, set[str]]:
        """What there is in the account, by kind."""
        s3, dynamodb = self.cloud.client("s3"), self.cloud.client("dynamodb")
        formation, ssm = self.cloud.client("cloudformation"), self.cloud.client("ssm")
        buckets = [one["Name"] for one in s3.list_buckets()["Buckets"]]
        return {
            "tables": set(dynamodb.list_tables()["TableNames"]),
            "buckets": set(buckets),
            "files": {f"{name}/{key}" for name in buckets for key in _keys(s3, name)},
            "stacks": {
                one["StackName"]
                for one in formation.describe_stacks()["Stacks"]
                if one["StackStatus"] != "DELETE_COMPLETE"
            },
            "keys": {one["Name"] for one in ssm.describe_parameters()["Parameters"]},
            "topics": {one["TopicArn"] for one in self.cloud.client("sns").list_topics()["Topics"]},
        }

    def of(self, stage: str) -> dict[str, set[str]]:
        """What of all that carries a stage's name, with nothing of longer names."""
        names = stack_name(stage)
        longer = [f"{names}-eu"]
        return {
            kind: {
                one
                for one in found
                if (names in one or f"/{stage}/" in one)
                and not any(other in one or f"/{stage}-eu/" in one for other in longer)
            }
            for kind, found in self.everything().items()
        }


def _keys(s3: Any, bucket: str) -> list[str]:
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket)
    return [
        f"{thing['Key']}@{thing['VersionId']}"
        for page in pages
        for thing in (*page.get("Versions", []), *page.get("DeleteMarkers", []))
    ]
