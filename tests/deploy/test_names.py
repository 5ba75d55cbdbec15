"""Names: long enough to tell stages apart, short enough for AWS, and nobody else's."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest

from infra.packaging.stages import LONGEST, NoStage, code_bucket, stack_name, valid_stage
from tests.deploy.templates import Template, metrics, to_text

# Where each kind of resource says its name, how long it may be, of what it may consist, and
# whether names are one set for all regions of an account (or, of buckets, of the world).
# docs.aws.amazon.com: the Name property of each, and s3/latest/userguide/bucketnamingrules.html.
WORD = r"[A-Za-z0-9_-]+"
NAMES: dict[str, tuple[tuple[str, ...], int, str, bool]] = {
    "AWS::ApiGateway::RestApi": (("Name",), 1024, r".+", False),
    "AWS::ApiGatewayV2::Api": (("Name",), 128, r".+", False),
    "AWS::Budgets::Budget": (("Budget", "BudgetName"), 100, r"[^:\\]+", True),
    "AWS::CloudFront::CachePolicy": (("CachePolicyConfig", "Name"), 128, WORD, True),
    "AWS::CloudFront::Function": (("Name",), 64, WORD, True),
    "AWS::CloudFront::OriginAccessControl": (
        ("OriginAccessControlConfig", "Name"),
        64,
        r".+",
        True,
    ),
    "AWS::CloudFront::ResponseHeadersPolicy": (
        ("ResponseHeadersPolicyConfig", "Name"),
        128,
        WORD,
        True,
    ),
    "AWS::CloudWatch::Alarm": (("AlarmName",), 255, r".+", False),
    "AWS::CloudWatch::Dashboard": (("DashboardName",), 255, WORD, True),
    "AWS::DynamoDB::Table": (("TableName",), 255, r"[A-Za-z0-9_.-]{3,}", False),
    "AWS::Lambda::Function": (("FunctionName",), 64, WORD, False),
    "AWS::Logs::LogGroup": (("LogGroupName",), 512, r"[A-Za-z0-9_/.#-]+", False),
    "AWS::S3::Bucket": (("BucketName",), 63, r"[a-z0-9][a-z0-9.-]+[a-z0-9]", True),
    "AWS::SNS::Topic": (("TopicName",), 256, WORD, False),
    "AWS::SQS::Queue": (("QueueName",), 80, WORD, False),
    "AWS::WAFv2::WebACL": (("Name",), 128, WORD, True),
}
# Properties that end in Name and name something else.
OTHERS_NAMES = {
    *("AWS::ApiGateway::Stage", "AWS::ApiGatewayV2::Stage"),  # a path of its own API
    "AWS::Lambda::Permission",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::EventInvokeConfig",
}


def regions() -> list[str]:
    """Every region with Lambda of every partition that botocore knows."""
    session = botocore.session.get_session()
    return [
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("lambda", partition)
    ]


def all_names(template: Template) -> Iterator[tuple[str, str, str]]:
    """Kind, logical id and name (as text, with `${…}`) of everything that the template names."""
    for kind, (where, *_) in NAMES.items():
        for logical_id, properties in template.of_type(kind).items():
            found: Any = properties
            for key in where:
                found = found[key]
            yield kind, logical_id, to_text(found)


def test_a_new_kind_of_name_is_looked_at(template: Template) -> None:
    for logical_id, resource in template.body["Resources"].items():
        names = {key for key in resource.get("Properties", {}) if key.endswith("Name")}
        if names and resource["Type"] not in OTHERS_NAMES:
            assert resource["Type"] in NAMES, logical_id


@pytest.mark.parametrize("region", regions())
def test_the_longest_stage_has_names_that_aws_takes(template: Template, region: str) -> None:
    assert len(code_bucket("123456789012", region)) <= 63
    for kind, logical_id, name in all_names(template):
        _, longest, pattern, _ = NAMES[kind]
        real = _fill_in(name, stack_name("p" * LONGEST), region)
        assert len(real) <= longest, (logical_id, real)
        assert re.fullmatch(pattern, real), (logical_id, real)


def test_the_longest_stage_has_room_for_longer_regions(template: Template) -> None:
    """Today's longest has 14 characters; a new one of 17 would do."""
    buckets = [name for kind, _, name in all_names(template) if kind == "AWS::S3::Bucket"]
    real = [_fill_in(name, stack_name("p" * LONGEST), "r" * 17) for name in buckets]
    assert max(map(len, real)) == 63


def test_the_same_stage_can_be_in_two_regions_of_an_account(template: Template) -> None:
    for kind, logical_id, name in all_names(template):
        if NAMES[kind][3]:
            assert "${AWS::Region}" in name, logical_id


def test_two_stages_never_share_a_name(template: Template) -> None:
    """`prod` and `prod-x`: no name of ours may end as a longer stage's begins."""
    for kind in NAMES:
        ends = [
            name.partition("${Prefix}")[2].removeprefix("-")
            for found, _, name in all_names(template)
            if found == kind
        ]
        for one, other in itertools.permutations(ends, 2):
            assert not one.endswith(f"-{other}"), (kind, one, other)


def test_one_stage_does_not_ring_for_another(template: Template) -> None:
    """Every metric that an alarm looks at is one of a resource of this stage."""
    for name, alarm in template.of_type("AWS::CloudWatch::Alarm").items():
        for metric, *values in metrics(alarm):
            assert values, (name, metric)
            for value in values:
                resource = value.partition(".")[0]
                assert "Prefix" in value or resource in template.body["Resources"], (name, value)


@pytest.mark.parametrize("stage", ["p", "prod", "staging-2", "prod-eu", "p" * LONGEST])
def test_a_stage_is_called_by_a_word(stage: str) -> None:
    assert valid_stage(stage) == stage


@pytest.mark.parametrize(
    "stage",
    [
        *("", "p" * (LONGEST + 1), "Prod", "2prod", "-prod", "prod-", "prod_eu", "prod.eu"),
        *("prod eu", "prod\n", "pröd", "prod/../x", "*", "prod*"),
    ],
)
def test_what_names_cannot_hold_is_no_stage(stage: str) -> None:
    with pytest.raises(NoStage, match="1 to 20 small letters"):
        valid_stage(stage)


def _fill_in(name: str, prefix: str, region: str) -> str:
    filled = name.replace("${Prefix}", prefix).replace("${AWS::Region}", region)
    return filled.replace("${AWS::AccountId}", "123456789012")
