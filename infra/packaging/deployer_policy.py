"""`python -m infra.packaging.deployer_policy --stage prod …`: what who deploys has to be allowed.

Written out of the template: for each kind of resource, the actions that CloudFormation's own schema
of it names, on what carries the stage's name; and what the commands ask for themselves. IAM takes
6,144 characters a policy, so it comes in parts, each to be attached to the same role or user.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

from infra.packaging.archive import NotCompiled
from infra.packaging.build import build
from infra.packaging.paths import BUILD
from infra.packaging.stages import NoStage, stack_name, valid_stage

Statement = dict[str, Any]

LIMIT = 6144  # docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html

_GATEWAYS = ("arn:aws:apigateway:{region}::/*",)
_CLOUDFRONT = ("arn:aws:cloudfront::{account}:*",)
_FUNCTIONS = ("arn:aws:lambda:{region}:{account}:function:{name}-*",)
_BUCKETS = (
    "arn:aws:s3:::{name}-site-{account}-{region}",
    "arn:aws:s3:::{name}-files-{account}-{region}",
)
_QUEUES = ("arn:aws:sqs:{region}:{account}:{name}-*",)
_TOPICS = ("arn:aws:sns:{region}:{account}:{name}-*",)

# Each kind of resource: what it is called in ARNs. What gets its id from AWS can't be narrower.
PLACES: dict[str, tuple[str, ...]] = {
    "AWS::ApiGateway::Account": _GATEWAYS,
    "AWS::ApiGateway::Deployment": _GATEWAYS,
    "AWS::ApiGateway::RestApi": _GATEWAYS,
    "AWS::ApiGateway::Stage": _GATEWAYS,
    "AWS::ApiGatewayV2::Api": _GATEWAYS,
    "AWS::ApiGatewayV2::Deployment": _GATEWAYS,
    "AWS::ApiGatewayV2::Integration": _GATEWAYS,
    "AWS::ApiGatewayV2::Route": _GATEWAYS,
    "AWS::ApiGatewayV2::Stage": _GATEWAYS,
    "AWS::Budgets::Budget": ("arn:aws:budgets::{account}:budget/{name}-*",),
    "AWS::CloudFront::CachePolicy": _CLOUDFRONT,
    "AWS::CloudFront::Distribution": _CLOUDFRONT,
    "AWS::CloudFront::Function": _CLOUDFRONT,
    "AWS::CloudFront::OriginAccessControl": _CLOUDFRONT,
    "AWS::CloudFront::ResponseHeadersPolicy": _CLOUDFRONT,
    "AWS::CloudWatch::Alarm": ("arn:aws:cloudwatch:{region}:{account}:alarm:{name}-*",),
    "AWS::CloudWatch::Dashboard": ("arn:aws:cloudwatch::{account}:dashboard/{name}-*",),
    "AWS::DynamoDB::Table": ("arn:aws:dynamodb:{region}:{account}:table/{name}-*",),
    "AWS::Events::Rule": ("arn:aws:events:{region}:{account}:rule/{name}-*",),
    "AWS::IAM::Role": ("arn:aws:iam::{account}:role/{name}-*",),
    "AWS::Lambda::EventInvokeConfig": _FUNCTIONS,
    "AWS::Lambda::EventSourceMapping": (
        "arn:aws:lambda:{region}:{account}:event-source-mapping:*",
    ),
    "AWS::Lambda::Function": _FUNCTIONS,
    "AWS::Lambda::Permission": _FUNCTIONS,
    "AWS::Logs::LogGroup": (
        "arn:aws:logs:{region}:{account}:log-group:/aws/lambda/{name}-*",
        "arn:aws:logs:{region}:{account}:log-group:/aws/apigateway/{name}-*",
    ),
    "AWS::Logs::MetricFilter": ("arn:aws:logs:{region}:{account}:log-group:/aws/lambda/{name}-*",),
    "AWS::S3::Bucket": _BUCKETS,
    "AWS::S3::BucketPolicy": _BUCKETS,
    "AWS::SNS::Subscription": _TOPICS,
    "AWS::SNS::Topic": _TOPICS,
    "AWS::SQS::Queue": _QUEUES,
    "AWS::SQS::QueuePolicy": _QUEUES,
    "AWS::WAFv2::WebACL": (
        "arn:aws:wafv2:us-east-1:{account}:global/webacl/{name}-*",
        "arn:aws:wafv2:us-east-1:{account}:global/managedruleset/*",
    ),
}

# Schemas also name what only other uses of a resource need. People's rows and files above all.
_NEVER = {
    *(f"dynamodb:{what}Item" for what in ("BatchWrite", "Delete", "Get", "Put", "Update")),
    *("dynamodb:Query", "dynamodb:Scan", "dynamodb:ImportTable", "dynamodb:DescribeImport"),
    *("dynamodb:AssociateTableReplica", "dynamodb:CreateTableReplica"),
    *("dynamodb:EnableKinesisStreamingDestination", "dynamodb:UpdateKinesisStreamingDestination"),
    *("lambda:PassCapacityProvider", "lambda:GetLayerVersion", "s3:PutObjectAcl"),
}
_MAY_GET_ROLES = ["apigateway.amazonaws.com", "lambda.amazonaws.com"]
# What IAM can't hold to one resource.
_ANYWHERE = {
    *("cloudwatch:DescribeAlarms", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies"),
    *("lambda:CreateEventSourceMapping", "logs:CreateLogDelivery", "sns:Unsubscribe"),
    *("sns:GetSubscriptionAttributes", "sns:SetSubscriptionAttributes"),
}


def command_statements(facts: dict[str, str]) -> list[Statement]:
    """What deploying and taking down ask of AWS themselves."""
    needs: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
        (
            "Look",
            (
                *("sts:GetCallerIdentity", "lambda:GetAccountSettings", "ses:GetAccount"),
                *("cloudfront:ListDistributions", "ses:GetEmailIdentity", "dynamodb:ListTables"),
                "apigateway:GET",
                *("acm:DescribeCertificate", "ssm:DescribeParameters", "dynamodb:ListBackups"),
            ),
            ("*",),
        ),
        (
            "Stack",
            (
                *("cloudformation:ContinueUpdateRollback", "cloudformation:CreateChangeSet"),
                *("cloudformation:DeleteChangeSet", "cloudformation:DeleteStack"),
                *("cloudformation:DescribeChangeSet", "cloudformation:DescribeEvents"),
                *("cloudformation:DescribeStackEvents", "cloudformation:DescribeStacks"),
                *("cloudformation:ExecuteChangeSet", "cloudformation:GetTemplate"),
                *("cloudformation:ListStackResources", "cloudformation:RollbackStack"),
                "cloudformation:UpdateStack",
            ),
            ("arn:aws:cloudformation:{region}:{account}:stack/{name}/*",),
        ),
        (
            "Packages",
            (
                *("s3:CreateBucket", "s3:DeleteBucket", "s3:ListBucket", "s3:ListBucketVersions"),
                *("s3:ListBucketMultipartUploads", "s3:PutBucketPublicAccessBlock"),
            ),
            ("arn:aws:s3:::foyer-code-{account}-{region}",),
        ),
        (
            "Files",
            (
                *("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:DeleteObjectVersion"),
                *("s3:GetObject", "s3:PutObject"),
            ),
            (
                "arn:aws:s3:::foyer-code-{account}-{region}/{stage}/*",
                "arn:aws:s3:::{name}-site-{account}-{region}/*",
            ),
        ),
        (
            "Buckets",
            ("s3:ListBucketVersions", "s3:ListBucketMultipartUploads"),
            _BUCKETS,
        ),
        # Only `make teardown DATA=delete` needs these; leave them out for who only deploys.
        (
            "DeleteData",
            ("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:DeleteObjectVersion"),
            ("arn:aws:s3:::{name}-files-{account}-{region}/*",),
        ),
        (
            "DeleteBackups",
            ("dynamodb:DeleteBackup",),
            ("arn:aws:dynamodb:{region}:{account}:table/{name}-*/backup/*",),
        ),
        (
            "Keys",
            ("ssm:DeleteParameter", "ssm:GetParameter", "ssm:PutParameter"),
            ("arn:aws:ssm:{region}:{account}:parameter/{name}/*",),
        ),
        # The secret of a version before the parameter, carried over once.
        (
            "FormerKey",
            ("dynamodb:DeleteItem", "dynamodb:GetItem"),
            ("arn:aws:dynamodb:{region}:{account}:table/{name}-keys",),
        ),
        # Whether a version of before had its first owner already (infra/packaging/first_owner.py).
        (
            "FirstOwner",
            ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Scan"),
            ("arn:aws:dynamodb:{region}:{account}:table/{name}-logins",),
        ),
        ("Site", ("cloudfront:CreateInvalidation",), _CLOUDFRONT),
    ]
    return [_allow(sid, actions, _fill_in(where, facts)) for sid, actions, where in needs]


def template_statements(template: dict[str, Any], facts: dict[str, str]) -> list[Statement]:
    """What CloudFormation does in our name: one statement for each place.

    Raises:
        KeyError: A kind of resource whose ARNs `PLACES` doesn't know.
    """
    by_place: dict[tuple[str, ...], set[str]] = {}
    anywhere: set[str] = set()
    for kind in sorted({resource["Type"] for resource in template["Resources"].values()}):
        actions = set(_actions(kind))
        anywhere |= actions & _ANYWHERE
        by_place.setdefault(PLACES[kind], set()).update(actions - _ANYWHERE)
    statements = [
        _allow(f"Make{number}", actions, _fill_in(where, facts))
        for number, (where, actions) in enumerate(sorted(by_place.items()))
    ]
    passed = {"StringEquals": {"iam:PassedToService": _MAY_GET_ROLES}}
    roles = _fill_in(PLACES["AWS::IAM::Role"], facts)
    to_lambda = {**_allow("GiveRoles", ["iam:PassRole"], roles), "Condition": passed}
    return [*statements, _allow("MakeAnywhere", anywhere, ["*"]), to_lambda]


def documents(statements: Iterable[Statement]) -> Iterator[dict[str, Any]]:
    """Policies that hold the statements, each as large as IAM takes."""
    batch: list[Statement] = []
    for statement in statements:
        if batch and len(_text([*batch, statement])) > LIMIT:
            yield _document(batch)
            batch = []
        batch.append(statement)
    yield _document(batch)


def policies(template: dict[str, Any], stage: str, account: str, region: str) -> list[Any]:
    """The policy documents for who deploys a stage."""
    name = stack_name(stage)
    facts = {"stage": stage, "name": name, "account": account, "region": region}
    return list(documents([*command_statements(facts), *template_statements(template, facts)]))


def main() -> int:
    """Write the policies to build/deployer; 1 with one sentence when it can't."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.packaging.deployer_policy", description=__doc__
    )
    parser.add_argument("--stage", default="prod", help="the deployment's name (default: prod)")
    parser.add_argument("--account", required=True, help="twelve digits")
    parser.add_argument("--region", required=True, help="such as eu-central-1")
    options = parser.parse_args()
    try:
        package = build(valid_stage(options.stage), BUILD / "package")
    except (NoStage, NotCompiled) as error:
        print(error, file=sys.stderr)
        return 1
    template = json.loads(package.template.read_text(encoding="utf-8"))
    folder = BUILD / "deployer"
    folder.mkdir(exist_ok=True)
    documents = policies(template, options.stage, options.account, options.region)
    for number, document in enumerate(documents, start=1):
        path = folder / f"policy-{number}.json"
        path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
        print(path)
    return 0


def _actions(kind: str) -> Iterator[str]:
    """The actions of a kind's own service that its schema's handlers name."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    own = kind.split("::")[1].lower()
    service = {"apigatewayv2": "apigateway"}.get(own, own)
    for handler in ("create", "read", "update", "delete"):
        for action in schema.get("handlers", {}).get(handler, {}).get("permissions", []):
            is_needed = action.startswith(f"{service}:") and action not in _NEVER
            if is_needed and "Metadata" not in action:
                yield action


def _allow(sid: str, actions: Iterable[str], resources: Iterable[str]) -> Statement:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Action": sorted(set(actions)),
        "Resource": sorted(resources),
    }


def _fill_in(places: Iterable[str], facts: dict[str, str]) -> list[str]:
    return [place.format(**facts) for place in places]


def _document(statements: list[Statement]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}


def _text(statements: list[Statement]) -> str:
    """As IAM counts it: without white space."""
    return json.dumps(_document(statements), separators=(",", ":"))


if __name__ == "__main__":
    sys.exit(main())
