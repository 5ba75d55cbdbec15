"""Questions to a CloudFormation template."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from infra.packaging.stages import LONGEST, stack_name

Resource = dict[str, Any]

# Longer than any real region's name, an account's twelve digits, the longest stage we allow.
_LONGEST = {
    "AWS::Partition": "aws-us-gov",
    "AWS::Region": "ap-southeast-1",
    "AWS::AccountId": "123456789012",
    "Prefix": stack_name("p" * LONGEST),
    "WebsocketAPI": "a1b2c3d4e5",
}


@dataclass(frozen=True, slots=True)
class Template:
    """A translated template, read by kind of resource."""

    body: dict[str, Any]

    def of_type(self, kind: str) -> dict[str, Resource]:
        """The properties of every resource of a type, by logical id."""
        return {
            name: resource["Properties"]
            for name, resource in self.body["Resources"].items()
            if resource["Type"] == kind
        }

    def properties(self, name: str) -> Resource:
        """The properties of one resource."""
        found: Resource = self.body["Resources"][name]["Properties"]
        return found

    def functions(self) -> dict[str, Resource]:
        """Every Lambda function's properties."""
        return self.of_type("AWS::Lambda::Function")

    def feeding(self, function: str) -> Resource:
        """The properties of the event source mapping of a function."""
        mappings = self.of_type("AWS::Lambda::EventSourceMapping").values()
        (found,) = [each for each in mappings if to_text(each["FunctionName"]) == function]
        return found

    def role_of(self, function: str) -> Resource:
        """The properties of a function's role."""
        return self.properties(self.functions()[function]["Role"]["Fn::GetAtt"][0])

    def statements(self, function: str) -> list[Resource]:
        """Everything that a function's role allows."""
        policies = self.role_of(function)["Policies"]
        return [found for policy in policies for found in policy["PolicyDocument"]["Statement"]]

    def allows(self, function: str, action: str) -> list[str]:
        """The resources that a function may do `action` on, as text."""
        return [
            to_text(resource)
            for statement in self.statements(function)
            if action in statement["Action"]
            for resource in statement["Resource"]
        ]


def to_text(value: Any) -> str:
    """An intrinsic as text: `{"Fn::Sub": "a/${B}"}` is `a/${B}`, a GetAtt is `A.B`."""
    if isinstance(value, dict):
        if "Fn::Sub" in value:
            return _substitute(value["Fn::Sub"])
        if "Fn::GetAtt" in value:
            return ".".join(value["Fn::GetAtt"])
        if "Ref" in value:
            return str(value["Ref"])
        return json.dumps(value, sort_keys=True)
    return str(value)


def metrics(alarm: Resource) -> set[tuple[str, ...]]:
    """What an alarm looks at: each metric's name and the values of its dimensions, as text."""
    simple = [alarm] if "MetricName" in alarm else []
    summed = [
        one["MetricStat"]["Metric"] for one in alarm.get("Metrics", []) if "MetricStat" in one
    ]
    return {
        (metric["MetricName"], *(to_text(one["Value"]) for one in metric.get("Dimensions", [])))
        for metric in (*simple, *summed)
    }


def longest(value: Any) -> str:
    """A policy as IAM gets it, with long but real names, without spaces."""
    text = json.dumps(value, separators=(",", ":"))
    text = re.sub(r'\{"Fn::Sub":("[^"]*")\}', r"\1", text)
    for name, real in _LONGEST.items():
        text = text.replace(f"${{{name}}}", real)
    return text


def _substitute(sub: Any) -> str:
    if isinstance(sub, str):
        return sub
    text, names = sub
    for name, value in names.items():
        text = text.replace(f"${{{name}}}", f"${{{to_text(value)}}}")
    return str(text)
