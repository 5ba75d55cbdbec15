"""The deployed template: what a local stack does not check, said here."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.lanes import LANES
from chalicelib.platform.observability.metrics import DIMENSION, NAMESPACE, Metric
from chalicelib.platform.tables.done import LEASE
from chalicelib.platform.tables.parking import TRIES
from infra.local.stream.queue import MOST_TRIES
from infra.packaging.paths import PYTHON, Package
from infra.packaging.template import Clash, join_templates
from tests.deploy.templates import Template, metrics, to_text

ENVIRONMENT = {
    "FOYER_BUCKET",
    "FOYER_LOG_LEVEL",
    "FOYER_LOG_SHARE",
    "FOYER_MAILS_PER_DAY",
    "FOYER_MAIL_FROM",
    "FOYER_PREFIX",
    "FOYER_ROOT_KEY_PARAMETER",
    "FOYER_PUBLIC_URL",
    "FOYER_QUEUES",
    "FOYER_SIGNUP",
    "FOYER_SITE_KEY",
    "FOYER_SITE_ONLY",
    "FOYER_SOCKET_ENDPOINT",
    "FOYER_SOCKET_URL",
    "FOYER_VERSION",
}
REGIONS = ("us-east-1", "eu-central-1", "ap-southeast-2")
# What may be lost with the stack, and who makes it anew.
SHORT_LIVED = {
    "AttemptsTable": "clients, whose repeated requests are done again",
    "ConnectionsTable": "browsers, as they reconnect",
    "DoneTable": "nobody: what the queues could bring again goes with the stack too",
    "MailLinksTable": "people, who ask for another mail",
    "PresenceTable": "widgets, at their next heartbeat",
    "SessionsTable": "operators, who sign in again",
    "SpendingTable": "whoever asks without end",
    "TriesTable": "whoever guesses passwords next",
}


@pytest.mark.parametrize("which", ["sam", "template"])
def test_the_linter_finds_nothing(package: Package, which: str) -> None:
    path = getattr(package, which)
    lint = [str(Path(sys.executable).with_name("cfn-lint")), "--regions", *REGIONS]
    command = [*lint, "--template", str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr, run.returncode) == ("", "", 0)


def test_the_template_has_room_for_six_times_as_many_routes(package: Package) -> None:
    """CloudFormation takes 1 MB ("CloudFormation quotas"); nothing in it grows but with routes."""
    text = package.template.read_text(encoding="utf-8")
    routes = json.dumps(json.loads(text)["Resources"]["RestAPI"], separators=(",", ":"))
    assert len(text) + 5 * len(routes) < 2**20


def test_every_function_gets_every_setting(template: Template) -> None:
    for function in template.functions().values():
        assert set(function["Environment"]["Variables"]) == ENVIRONMENT


def test_functions_run_on_the_python_and_processor_that_were_packaged(template: Template) -> None:
    for function in template.functions().values():
        assert function["Runtime"] == f"python{PYTHON}"
        assert function["Architectures"] == ["x86_64"]
        assert function["Code"] == {"S3Bucket": {"Ref": "CodeBucket"}, "S3Key": {"Ref": "CodeKey"}}


def test_no_function_outlives_its_caller(template: Template) -> None:
    """API Gateway gives up after 29 s, a minute's run is followed by the next."""
    longest = {"APIHandler": 29, "WebsocketConnect": 29, "WebsocketMessage": 29}
    longest |= {"WebsocketDisconnect": 29, "EveryMinute": 60, "ConsumeOutbox": 900}
    longest |= {"MailLane": 900}
    for name, function in template.functions().items():
        assert function["Timeout"] <= longest[name], name


def test_the_api_calls_its_function_by_name_so_that_no_circle_closes(template: Template) -> None:
    api = json.dumps(template.properties("RestAPI")["Body"])
    name = to_text(template.functions()["APIHandler"]["FunctionName"])
    assert "APIHandler" not in api
    assert f"function:{name}/invocations" in api


def test_a_poison_row_is_isolated_retried_and_reported(template: Template) -> None:
    mapping = template.feeding("ConsumeOutbox")
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["MaximumRetryAttempts"] == 60
    assert mapping["ParallelizationFactor"] == {"Fn::If": ["Reserves", 10, 2]}
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert to_text(mapping["DestinationConfig"]["OnFailure"]["Destination"]) == "FailureQueue.Arn"
    assert "FailureQueue.Arn" in template.allows("ConsumeOutbox", "sqs:SendMessage")


def test_what_expires_calls_nobody(template: Template) -> None:
    """The stream tells of each event's end, too, thirty days after."""
    (only,) = template.feeding("ConsumeOutbox")["FilterCriteria"]["Filters"]
    assert json.loads(only["Pattern"]) == {"eventName": ["INSERT"]}


def test_a_failed_minute_is_reported_and_not_repeated(template: Template) -> None:
    (settings,) = template.of_type("AWS::Lambda::EventInvokeConfig").values()
    assert to_text(settings["FunctionName"]) == "EveryMinute"
    assert settings["MaximumRetryAttempts"] == 0
    assert settings["MaximumEventAgeInSeconds"] == 60
    assert to_text(settings["DestinationConfig"]["OnFailure"]["Destination"]) == "FailureQueue.Arn"
    assert "FailureQueue.Arn" in template.allows("EveryMinute", "sqs:SendMessage")
    (rule,) = template.of_type("AWS::Events::Rule").values()
    assert rule["ScheduleExpression"] == "rate(1 minute)"


def test_failures_wait_two_weeks_for_somebody_to_look(template: Template) -> None:
    for queue in template.of_type("AWS::SQS::Queue").values():
        assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
        assert queue["SqsManagedSseEnabled"] is True
    guarded = [
        to_text(queue)
        for queue_policy in template.of_type("AWS::SQS::QueuePolicy").values()
        for queue in queue_policy["Queues"]
    ]
    assert sorted(guarded) == sorted(template.of_type("AWS::SQS::Queue"))


def test_a_lane_waits_for_its_function_tries_for_a_day_and_keeps_what_kills_it(
    template: Template,
) -> None:
    assert list(LANES) == ["mail"]
    for lane in LANES:
        name = lane.title()
        queue, function = template.properties(f"{name}Queue"), template.functions()[f"{name}Lane"]
        assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]
        assert function["Timeout"] < LEASE.total_seconds()
        redrive = queue["RedrivePolicy"]
        assert to_text(redrive["deadLetterTargetArn"]) == f"{name}DeadQueue.Arn"
        assert redrive["maxReceiveCount"] == MOST_TRIES > TRIES
        mapping = template.feeding(f"{name}Lane")
        assert to_text(mapping["EventSourceArn"]) == f"{name}Queue.Arn"
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert mapping["ScalingConfig"]["MaximumConcurrency"] >= 2
        assert to_text(queue["QueueName"]) == f"${{Prefix}}-{lane}"
        assert function["Handler"] == "chalicelib.queues.handle"
        base = to_text(function["Environment"]["Variables"]["FOYER_QUEUES"])
        assert base.endswith("/${AWS::AccountId}/${Prefix}-")


def test_somebody_hears_of_every_kind_of_trouble(template: Template) -> None:
    alarms = template.of_type("AWS::CloudWatch::Alarm").values()
    watched = {found for alarm in alarms for found in metrics(alarm)}
    functions = template.functions()
    assert watched >= {
        *(("Errors", name) for name in functions),
        *(("Throttles", name) for name in functions),
        ("IteratorAge", "ConsumeOutbox"),
        ("ApproximateNumberOfMessagesVisible", "FailureQueue.QueueName"),
        ("ApproximateNumberOfMessagesVisible", "MailDeadQueue.QueueName"),
        ("ApproximateAgeOfOldestMessage", "MailQueue.QueueName"),
        *((name, "Prefix") for name in ("GivenUp", "ParkedTooLong", "DueFailed", "LaneFailed")),
        ("5XXError", "${Prefix}-rest"),
    }
    assert to_text(template.properties("RestAPI")["Name"]) == "${Prefix}-rest"
    for alarm in alarms:
        assert alarm["AlarmActions"] == [{"Ref": "AlarmTopic"}]
        assert alarm["TreatMissingData"] == "notBreaching"  # silence at night is no trouble


def test_alarms_watch_metrics_that_are_told_as_they_ask_for_them(template: Template) -> None:
    """tests/edge/test_metrics.py has each of them told, under this namespace and dimension."""
    told = {(metric.label, "Prefix") for metric in Metric}
    ours = {
        found
        for alarm in template.of_type("AWS::CloudWatch::Alarm").values()
        if alarm.get("Namespace") == NAMESPACE
        for found in metrics(alarm)
        if [each["Name"] for each in alarm["Dimensions"]] == [DIMENSION]
    }
    assert len(ours) == 10
    assert ours <= told


def test_the_dashboard_shows_every_metric_of_ours_and_of_every_function(template: Template) -> None:
    (dashboard,) = template.of_type("AWS::CloudWatch::Dashboard").values()
    body = json.loads(dashboard["DashboardBody"]["Fn::Sub"])
    graphs = [each["properties"] for each in body["widgets"] if each["type"] == "metric"]
    lines = [tuple(line[:4]) for graph in graphs for line in graph["metrics"]]
    assert {(NAMESPACE, metric.label, DIMENSION, "${Prefix}") for metric in Metric} <= {*lines}
    for metric in ("Invocations", "Duration", "Errors", "Throttles"):
        for function in template.functions():
            assert ("AWS/Lambda", metric, "FunctionName", f"${{{function}}}") in lines
    assert len({*lines}) <= 50, "more are no longer free"
    named = re.findall(r"\$\{(\w+)\}", json.dumps(body))
    assert {*named} - {"Prefix"} <= template.body["Resources"].keys()


def test_lambdas_own_lines_are_only_those_of_trouble(template: Template) -> None:
    for function in template.functions().values():
        logging = function["LoggingConfig"]
        assert (logging["LogFormat"], logging["SystemLogLevel"]) == ("JSON", "WARN")
        assert "ApplicationLogLevel" not in logging, "it would drop the lines of metrics"


def test_durable_tables_survive_mistakes(template: Template) -> None:
    tables = template.of_type("AWS::DynamoDB::Table")
    assert tables.keys() >= SHORT_LIVED.keys()
    for name in tables.keys() - SHORT_LIVED.keys():
        resource = template.body["Resources"][name]
        assert tables[name]["DeletionProtectionEnabled"] is True, name
        recovery = tables[name]["PointInTimeRecoverySpecification"]
        assert recovery["PointInTimeRecoveryEnabled"] is True, name
        assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain",) * 2


def test_the_socket_serves_its_three_routes_by_their_functions(template: Template) -> None:
    routes = {
        route["RouteKey"]: to_text(
            template.properties(route["Target"]["Fn::Join"][1][1]["Ref"])["IntegrationUri"]
        )
        for route in template.of_type("AWS::ApiGatewayV2::Route").values()
    }
    handlers = {"$connect": "Connect", "$default": "Message", "$disconnect": "Disconnect"}
    assert routes.keys() == handlers.keys()
    for key, handler in handlers.items():
        assert f"function:${{Websocket{handler}}}/invocations" in routes[key]


def test_changed_routes_of_the_socket_are_deployed(template: Template) -> None:
    """A deployment is a snapshot: it needs another logical id to be taken again."""
    (deployment,) = template.of_type("AWS::ApiGatewayV2::Deployment")
    (stage,) = template.of_type("AWS::ApiGatewayV2::Stage").values()
    assert stage["DeploymentId"] == {"Ref": deployment}
    assert deployment.removeprefix("WebsocketAPIDeployment") != ""
    waits_for = template.body["Resources"][deployment]["DependsOn"]
    assert set(waits_for) == set(template.of_type("AWS::ApiGatewayV2::Route"))


def test_the_socket_answers_where_functions_and_browsers_are_told(template: Template) -> None:
    (stage,) = template.of_type("AWS::ApiGatewayV2::Stage").values()
    for function in template.functions().values():
        variables = function["Environment"]["Variables"]
        for name, scheme in (("FOYER_SOCKET_URL", "wss"), ("FOYER_SOCKET_ENDPOINT", "https")):
            address = to_text(variables[name])
            assert address.startswith(f"{scheme}://${{WebsocketAPI}}.execute-api.")
            assert address.endswith(f"/{stage['StageName']}")


def test_two_files_that_define_the_same_resource_stop_the_build(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("Resources: {Twin: {Type: AWS::SNS::Topic}}", "utf-8")
    with pytest.raises(Clash, match="Twin"):
        join_templates(tmp_path)
