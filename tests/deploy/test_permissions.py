"""Who may do what in the deployed stack: the smallest rights that work, and no wildcard."""

from __future__ import annotations

import json

import pytest

from infra.packaging import policies
from infra.packaging.tables import table_specs
from tests.deploy.templates import Template, longest, to_text

# What may end in a wildcard, and why nothing narrower can be said.
REASONS = {
    "table/${Prefix}-": "indexes of a named table, shards of its stream",
    "log-group:/aws/lambda/${Prefix}-": "log streams, which Lambda names",
    "${WebsocketAPI}/api/POST/@connections/*": "connection ids, which come and go",
    "${WebsocketAPI}/api/DELETE/@connections/*": "connection ids, which come and go",
    "identity/*": "SES checks the sending address, to which a condition holds it",
}
# docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: inline policies of a role.
POLICY_LIMIT = 10_240

FUNCTIONS = {
    "APIHandler": "api_handler",
    "WebsocketConnect": "websocket_connect",
    "WebsocketMessage": "websocket_message",
    "WebsocketDisconnect": "websocket_disconnect",
    "ConsumeOutbox": "consume_outbox",
    "MailLane": "mail_lane",
    "EveryMinute": "every_minute",
}


def test_every_function_has_a_role_and_a_grant_of_its_own(template: Template) -> None:
    assert template.functions().keys() == FUNCTIONS.keys()
    assert policies.grants().keys() == set(FUNCTIONS.values())
    roles = [to_text(function["Role"]) for function in template.functions().values()]
    assert len(set(roles)) == len(FUNCTIONS)


@pytest.mark.parametrize("function", FUNCTIONS.values())
def test_the_policy_files_are_what_the_grants_say(function: str) -> None:
    written = policies.policy_path(function).read_text(encoding="utf-8")
    assert written == policies.to_text(policies.policy(policies.grant_of(function))), (
        "run python -m infra.packaging.policies"
    )


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_policy_has_a_wildcard_without_a_reason(template: Template, function: str) -> None:
    for statement in template.statements(function):
        assert not [action for action in statement["Action"] if "*" in action]
        for resource in map(to_text, statement["Resource"]):
            assert resource != "*"
            if "*" in resource:
                assert any(reason in resource for reason in REASONS), resource


def test_mail_goes_out_from_the_configured_address_alone(template: Template) -> None:
    senders = [
        statement
        for function in FUNCTIONS
        for statement in template.statements(function)
        if "ses:SendEmail" in statement["Action"]
    ]
    assert senders
    for statement in senders:
        assert statement["Condition"] == {"StringEquals": {"ses:FromAddress": {"Ref": "MailFrom"}}}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_fits_into_its_quota_whatever_the_names(template: Template, function: str) -> None:
    documents = [policy["PolicyDocument"] for policy in template.role_of(function)["Policies"]]
    assert sum(len(longest(document)) for document in documents) < POLICY_LIMIT


@pytest.mark.parametrize("function", FUNCTIONS)
def test_only_lambda_may_take_a_functions_role(template: Template, function: str) -> None:
    trust = template.role_of(function)["AssumeRolePolicyDocument"]["Statement"]
    assert [statement["Principal"] for statement in trust] == [{"Service": "lambda.amazonaws.com"}]


def test_a_role_of_fifty_tables_takes_half_of_its_quota_at_most() -> None:
    """As many as there will be, with names at their longest; a module's tables bear its name."""
    known = policies.grant_of("api_handler")
    to_come = ["tickets", "ratings", "channels", "comments", "inbox", "workflows", "broadcasts",
               "analytics", "departments", "knowledge", "api-keys", "webhooks"]  # fmt: skip
    grant = {**known, "writes": [*known["writes"], *to_come]}
    assert len(known["writes"]) + 3 * len(to_come) >= 50
    assert len(longest(policies.policy(grant))) <= 5_000


def test_every_table_is_granted_to_somebody_and_every_grant_is_of_a_table() -> None:
    granted = {
        name
        for grant in policies.grants().values()
        for right in ("reads", "writes")
        for name in grant.get(right, [])
    }
    tables = table_names()
    assert {table for table in tables if not covers(granted, table)} == set()
    assert {name for name in granted if not any(covers({name}, table) for table in tables)} == set()


@pytest.mark.parametrize("function", FUNCTIONS.values())
def test_a_grant_reaches_no_table_that_merely_begins_alike(function: str) -> None:
    grant = policies.grant_of(function)
    for names in (grant.get("reads", []), grant.get("writes", [])):
        reached = (
            {table for table in table_names() if table.startswith(tuple(names))} if names else set()
        )
        assert {table for table in reached if not covers(set(names), table)} == set()


def table_names() -> set[str]:
    return {spec["TableName"].removeprefix("foyer-") for spec in table_specs("foyer")}


def covers(names: set[str], table: str) -> bool:
    """Whether it, or what it is named after, is among these."""
    return any(table == name or table.startswith(f"{name}-") for name in names)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_function_can_lose_or_change_the_signing_keys(template: Template, function: str) -> None:
    """Without them every signature is void: the deployer makes them, one function reads them."""
    actions = {
        action
        for statement in template.statements(function)
        for action in statement["Action"]
        if action.startswith(("ssm:", "kms:"))
    }
    assert actions == ({"ssm:GetParameter"} if function == "APIHandler" else set())


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_logs_to_its_own_group_and_may_not_make_groups(
    template: Template, function: str
) -> None:
    properties = template.functions()[function]
    group = template.properties(properties["LoggingConfig"]["LogGroup"]["Ref"])
    name = to_text(properties["FunctionName"])
    assert to_text(group["LogGroupName"]) == f"/aws/lambda/{name}"
    assert group["RetentionInDays"] == {"Ref": "LogRetentionDays"}
    assert [
        arn.partition("log-group:")[2] for arn in template.allows(function, "logs:PutLogEvents")
    ] == [f"/aws/lambda/{name}:*"]
    assert template.allows(function, "logs:CreateLogGroup") == []


def test_each_caller_may_invoke_its_function_and_no_other(template: Template) -> None:
    permissions = {
        (to_text(found["FunctionName"]), found["Principal"]): to_text(found["SourceArn"])
        for found in template.of_type("AWS::Lambda::Permission").values()
    }
    gateway = "apigateway.amazonaws.com"
    execute = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}"
    assert permissions == {
        ("APIHandler", gateway): f"{execute}:${{RestAPI}}/*",
        ("WebsocketConnect", gateway): f"{execute}:${{WebsocketAPI}}/*",
        ("WebsocketMessage", gateway): f"{execute}:${{WebsocketAPI}}/*",
        ("WebsocketDisconnect", gateway): f"{execute}:${{WebsocketAPI}}/*",
        ("EveryMinute", "events.amazonaws.com"): "EveryMinuteEveryMinuteEvent.Arn",
    }


def test_the_consumer_may_read_the_stream_that_feeds_it(template: Template) -> None:
    assert to_text(template.feeding("ConsumeOutbox")["EventSourceArn"]) == "OutboxTable.StreamArn"
    for action in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"):
        (stream,) = template.allows("ConsumeOutbox", f"dynamodb:{action}")
        assert stream.endswith(":table/${Prefix}-outbox/stream/*")


def test_a_lane_takes_from_its_own_queue_and_only_the_consumer_and_the_clock_fill_it(
    template: Template,
) -> None:
    for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
        able = {name: template.allows(name, f"sqs:{action}") for name in FUNCTIONS}
        (queue,) = able.pop("MailLane")
        assert queue.endswith(":${Prefix}-mail")
        assert not any(able.values())
    fillers = {
        name
        for name in FUNCTIONS
        if any(arn.endswith("-mail") for arn in template.allows(name, "sqs:SendMessage"))
    }
    assert fillers == {"ConsumeOutbox", "EveryMinute"}
    mailers = {name for name in FUNCTIONS if template.allows(name, "ses:SendEmail")}
    assert mailers == {"MailLane"}


def test_only_who_pushes_may_push_and_who_closes_may_close(template: Template) -> None:
    for right, method in (("sockets", "POST"), ("closes", "DELETE")):
        able = {
            function
            for function in FUNCTIONS
            for resource in template.allows(function, "execute-api:ManageConnections")
            if f"/{method}/@connections/*" in resource
        }
        assert able == {
            name for name, key in FUNCTIONS.items() if policies.grant_of(key).get(right)
        }


def test_a_bucket_is_private_and_speaks_only_modern_encryption(template: Template) -> None:
    buckets = template.of_type("AWS::S3::Bucket")
    guarded = {
        to_text(policy["Bucket"]): policy["PolicyDocument"]["Statement"]
        for policy in template.of_type("AWS::S3::BucketPolicy").values()
    }
    assert buckets.keys() == guarded.keys()
    for name, bucket in buckets.items():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        denied = [rule for rule in guarded[name] if rule["Effect"] == "Deny"]
        assert [rule["Condition"] for rule in denied] == [
            {"Bool": {"aws:SecureTransport": False}},
            {"NumericLessThan": {"s3:TlsVersion": 1.2}},
        ]
        for deny in denied:
            assert deny["Principal"] == "*"
            assert [to_text(arn) for arn in deny["Resource"]] == [
                f"{name}.Arn",
                f"${{{name}.Arn}}/*",
            ]
        for allow in (rule for rule in guarded[name] if rule["Effect"] == "Allow"):
            assert allow["Principal"] == {"Service": "cloudfront.amazonaws.com"}
            assert "distribution/${Site}" in json.dumps(allow["Condition"])
