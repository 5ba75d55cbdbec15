"""The lanes' queues, each with a function of its own, out of `infra/policies/grants.yaml`.

Every function there that has a `lane` gets a queue with its dead letters, a role, a log group and
alarms. Chalice doesn't know them: their entry (`chalicelib/queues.py`) imports no more than it
needs.
"""

from __future__ import annotations

import copy
import json
from typing import Any

from infra.packaging.paths import CHALICE_FOLDER, PYTHON
from infra.packaging.policies import grant_of, grants, policy
from infra.packaging.template import Template

TIMEOUT = 60
"""Seconds for a batch; `chalicelib.platform.tables.done.LEASE` is longer."""
BATCH = 3
"""Mails of a batch: one after the other, each may take SES twelve seconds to answer or not."""
AT_ONCE = 5
"""Batches of a lane at a time: what is slow in one lane takes no other's places."""
VISIBILITY = 6 * TIMEOUT
"""docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html: at least six timeouts."""
MOST_RECEIVES = 18
"""Three more than the application tries before it gives up and keeps (`parking.TRIES`): only what
kills the function each time gets that far."""
LATE = 900
"""Seconds that a message may wait before an alarm rings."""
_RETENTION = 1_209_600


def add_lanes(template: Template) -> Template:
    """The template with everything that the lanes need."""
    whole = copy.deepcopy(template)
    for function, grant in grants().items():
        if lane := grant.get("lane"):
            whole["Resources"].update(_resources(function, lane))
            _watch_throttles(whole["Resources"], lane)
    return whole


def _resources(function: str, lane: str) -> dict[str, Any]:
    name = _logical(lane)
    return {
        f"{name}Lane": _function(name, lane),
        f"{name}LaneRole": _role(function),
        f"{name}LaneLogs": {
            "Type": "AWS::Logs::LogGroup",
            "Properties": {
                "LogGroupName": _sub(f"/aws/lambda/${{Prefix}}-{lane}"),
                "RetentionInDays": {"Ref": "LogRetentionDays"},
            },
        },
        f"{name}Queue": _queue(
            lane,
            VisibilityTimeout=VISIBILITY,
            RedrivePolicy={
                "deadLetterTargetArn": _arn(f"{name}DeadQueue"),
                "maxReceiveCount": MOST_RECEIVES,
            },
        ),
        f"{name}DeadQueue": _queue(f"{lane}-dead"),
        f"{name}QueuePolicy": _encryption_policy(f"{name}Queue", f"{name}DeadQueue"),
        **_alarms(name, lane),
    }


def _function(name: str, lane: str) -> Template:
    config = json.loads((CHALICE_FOLDER / "config.json").read_text(encoding="utf-8"))
    return {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "Runtime": f"python{PYTHON}",
            "Architectures": [config["lambda_architecture"]],
            "Handler": "chalicelib.queues.handle",
            "CodeUri": {"Bucket": {"Ref": "CodeBucket"}, "Key": {"Ref": "CodeKey"}},
            "MemorySize": config["lambda_memory_size"],
            "Timeout": TIMEOUT,
            "Role": _arn(f"{name}LaneRole"),
            "FunctionName": _sub(f"${{Prefix}}-{lane}"),
            "LoggingConfig": {"LogGroup": {"Ref": f"{name}LaneLogs"}},
            "Events": {
                f"{name}Queue": {
                    "Type": "SQS",
                    "Properties": {
                        "Queue": _arn(f"{name}Queue"),
                        "BatchSize": BATCH,
                        "FunctionResponseTypes": ["ReportBatchItemFailures"],
                        "ScalingConfig": {"MaximumConcurrency": AT_ONCE},
                    },
                }
            },
        },
    }


def _role(function: str) -> Template:
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "Policies": [{"PolicyName": "Own", "PolicyDocument": policy(grant_of(function))}],
        },
    }


def _queue(name: str, **properties: Any) -> Template:
    return {
        "Type": "AWS::SQS::Queue",
        "Properties": {
            "QueueName": _sub(f"${{Prefix}}-{name}"),
            "MessageRetentionPeriod": _RETENTION,
            "SqsManagedSseEnabled": True,
            **properties,
        },
    }


def _encryption_policy(*queues: str) -> Template:
    deny = {
        "Sid": "OnlyEncrypted",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": [_arn(queue) for queue in queues],
        "Condition": {"Bool": {"aws:SecureTransport": False}},
    }
    return {
        "Type": "AWS::SQS::QueuePolicy",
        "Properties": {
            "Queues": [{"Ref": queue} for queue in queues],
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [deny]},
        },
    }


def _alarms(name: str, lane: str) -> dict[str, Any]:
    return {
        f"{name}LaneErrorsAlarm": _alarm(
            f"{lane}-errors",
            f"The function of the lane {lane} crashed or timed out; its messages come again.",
            {
                "Namespace": "AWS/Lambda",
                "MetricName": "Errors",
                "Dimensions": [{"Name": "FunctionName", "Value": {"Ref": f"{name}Lane"}}],
                "Statistic": "Sum",
                "Threshold": 1,
            },
        ),
        f"{name}QueueLateAlarm": _alarm(
            f"{lane}-late",
            f"What goes through the lane {lane} waits for more than a quarter of an hour.",
            {**_queue_metric(f"{name}Queue", "ApproximateAgeOfOldestMessage"), "Threshold": LATE},
        ),
        f"{name}DeadQueueAlarm": _alarm(
            f"{lane}-dead",
            f"The function of the lane {lane} died of a message each time (docs/deploy.md).",
            {
                **_queue_metric(f"{name}DeadQueue", "ApproximateNumberOfMessagesVisible"),
                "Threshold": 1,
            },
        ),
    }


def _queue_metric(queue: str, metric: str) -> Template:
    return {
        "Namespace": "AWS/SQS",
        "MetricName": metric,
        "Dimensions": [{"Name": "QueueName", "Value": _attribute(queue, "QueueName")}],
        "Statistic": "Maximum",
    }


def _alarm(name: str, description: str, metric: Template) -> Template:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": _sub(f"${{Prefix}}-{name}"),
            "AlarmDescription": description,
            "Period": 300,
            "EvaluationPeriods": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "notBreaching",
            "AlarmActions": [{"Ref": "AlarmTopic"}],
            **metric,
        },
    }


def _watch_throttles(resources: dict[str, Any], lane: str) -> None:
    """The lane's function is one of those whose sum an alarm looks at."""
    watched = resources["ThrottlesAlarm"]["Properties"]["Metrics"]
    one = copy.deepcopy(next(each for each in watched if each["Id"] == "outbox"))
    one["Id"] = lane
    (dimension,) = one["MetricStat"]["Metric"]["Dimensions"]
    dimension["Value"] = {"Ref": f"{_logical(lane)}Lane"}
    watched.append(one)


def _logical(lane: str) -> str:
    return lane.title().replace("-", "")


def _arn(resource: str) -> Template:
    return _attribute(resource, "Arn")


def _attribute(resource: str, name: str) -> Template:
    return {"Fn::GetAtt": [resource, name]}


def _sub(text: str) -> Template:
    return {"Fn::Sub": text}
