"""The IAM policy of each function, written out of `infra/policies/grants.yaml`.

    python -m infra.packaging.policies    rewrites .chalice/policy-*.json

The files are kept in the repository so that a change of rights shows in review; a test holds
them to the grants.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from infra.packaging.paths import CHALICE_FOLDER, GRANTS

Statement = dict[str, Any]
Grant = dict[str, Any]

READ = (
    "dynamodb:BatchGetItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:GetItem",
    "dynamodb:Query",
)
WRITE = (
    "dynamodb:BatchWriteItem",
    "dynamodb:DeleteItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
)
_LISTS = ("reads", "writes", "sends")
_STREAM = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")


def grants() -> dict[str, Grant]:
    """What each function (Chalice's name of it) may do, as the grants file says."""
    loaded: dict[str, Grant] = yaml.safe_load(GRANTS.read_text(encoding="utf-8"))["functions"]
    return loaded


def grant_of(function: str) -> Grant:
    """One function's grant, with what it has by being `like` another."""
    grant = grants()[function]
    if "like" not in grant:
        return grant
    model = {right: value for right, value in grant_of(grant["like"]).items() if right != "stream"}
    lists = {right: sorted({*model.get(right, []), *grant.get(right, [])}) for right in _LISTS}
    return {**model, **grant, **lists}


def policy(grant: Grant) -> dict[str, Any]:
    """The IAM policy document of one grant. Values may be CloudFormation intrinsics."""
    makers = (
        *(_logs, _reads, _writes, _stream, _takes, _sends, _failures),
        *(_sockets, _closes, _mail, _signs),
    )
    return {
        "Version": "2012-10-17",
        "Statement": [statement for make in makers for statement in make(grant)],
    }


def policy_path(function: str) -> Path:
    """Where the policy of a function is kept; .chalice/config.json names the same file."""
    return CHALICE_FOLDER / f"policy-{function.replace('_', '-')}.json"


def to_text(document: dict[str, Any]) -> str:
    """A policy as its file holds it."""
    return json.dumps(document, indent=2) + "\n"


def main() -> None:
    """Rewrite every policy file."""
    for function in grants():
        policy_path(function).write_text(to_text(policy(grant_of(function))), encoding="utf-8")


def _logs(grant: Grant) -> list[Statement]:
    group = _arn("logs", f"log-group:/aws/lambda/${{Prefix}}-{grant['short_name']}:*")
    return [_allow("Log", ("logs:CreateLogStream", "logs:PutLogEvents"), [group])]


def _reads(grant: Grant) -> list[Statement]:
    names = sorted({*grant.get("reads", [])} - {*grant.get("writes", [])})
    return [_allow("Read", READ, [_tables(name) for name in names])] if names else []


def _writes(grant: Grant) -> list[Statement]:
    """Reading is part of writing: a change is made on what was read."""
    names = sorted(grant.get("writes", []))
    both = (*READ, *WRITE)
    return [_allow("ReadAndWrite", both, [_tables(name) for name in names])] if names else []


def _stream(grant: Grant) -> list[Statement]:
    table = grant.get("stream")
    if table is None:
        return []
    every_stream = [_arn("dynamodb", f"table/${{Prefix}}-{table}/stream/*")]
    return [
        _allow("FollowStream", _STREAM, every_stream),
        _allow("FindStream", ("dynamodb:ListStreams",), every_stream),
    ]


def _takes(grant: Grant) -> list[Statement]:
    """What Lambda does in the function's name, and letting what failed rest."""
    queue = _arn("sqs", f"${{Prefix}}-{grant.get('lane')}")
    actions = (
        *("sqs:ChangeMessageVisibility", "sqs:DeleteMessage"),
        *("sqs:GetQueueAttributes", "sqs:ReceiveMessage"),
    )
    return _when(grant, "lane", "TakeFromLane", actions, queue)


def _sends(grant: Grant) -> list[Statement]:
    queues = [_arn("sqs", f"${{Prefix}}-{lane}") for lane in grant.get("sends", [])]
    return [_allow("SendToLanes", ("sqs:SendMessage",), queues)] if queues else []


def _failures(grant: Grant) -> list[Statement]:
    queue = {"Fn::GetAtt": ["FailureQueue", "Arn"]}
    return _when(grant, "failures", "TellFailures", ("sqs:SendMessage",), queue)


def _sockets(grant: Grant) -> list[Statement]:
    """Pushing to open sockets; not asking about them."""
    connections = _arn("execute-api", "${WebsocketAPI}/api/POST/@connections/*")
    return _when(grant, "sockets", "Push", ("execute-api:ManageConnections",), connections)


def _closes(grant: Grant) -> list[Statement]:
    connections = _arn("execute-api", "${WebsocketAPI}/api/DELETE/@connections/*")
    return _when(grant, "closes", "Close", ("execute-api:ManageConnections",), connections)


def _mail(grant: Grant) -> list[Statement]:
    """Sending from the one configured address; SES checks the identity that covers it."""
    only_ours = {"StringEquals": {"ses:FromAddress": {"Ref": "MailFrom"}}}
    identities = _arn("ses", "identity/*")
    statements = _when(grant, "mail", "Mail", ("ses:SendEmail",), identities)
    return [{**statement, "Condition": only_ours} for statement in statements]


def _signs(grant: Grant) -> list[Statement]:
    """Reading the root keys; nobody but the deployer writes them. AWS's own key needs no grant."""
    parameter = _arn("ssm", "parameter/${Prefix}/root-keys")
    return _when(grant, "signs", "ReadRootKeys", ("ssm:GetParameter",), parameter)


def _when(
    grant: Grant, right: str, sid: str, actions: tuple[str, ...], resource: Any
) -> list[Statement]:
    return [_allow(sid, actions, [resource])] if grant.get(right) else []


def _allow(sid: str, actions: tuple[str, ...], resources: list[Any]) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": resources}


def _tables(name: str) -> dict[str, str]:
    """A table with its indexes, and those that are named after it: one line for a whole module.

    A role's policies may have 10,240 characters, which two lines for each table would fill.
    """
    return _arn("dynamodb", f"table/${{Prefix}}-{name}*")


def _arn(service: str, resource: str) -> dict[str, str]:
    account = "${AWS::Region}:${AWS::AccountId}"
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:{service}:{account}:{resource}"}


if __name__ == "__main__":
    main()
