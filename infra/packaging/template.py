"""The template: our YAML joined into one, and what Chalice generates put right."""

from __future__ import annotations

import copy
import hashlib
import json
from pathlib import Path
from typing import Any

import yaml

from infra.packaging.paths import INFRA

Template = dict[str, Any]

_SECTIONS = ("Parameters", "Conditions", "Globals", "Resources", "Outputs")
_HANDLER_ARN = "${APIHandler.Arn}"
_NAMED_HANDLER_ARN = (
    "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${Prefix}-api"
)
_NOTHING: Template = {"Ref": "AWS::NoValue"}
_CEILING: Template = {
    "Fn::If": [
        "LimitsTables",
        {
            "MaxReadRequestUnits": {"Fn::If": ["LimitsReads", {"Ref": "TableReads"}, _NOTHING]},
            "MaxWriteRequestUnits": {"Fn::If": ["LimitsWrites", {"Ref": "TableWrites"}, _NOTHING]},
        },
        _NOTHING,
    ]
}


class Clash(Exception):
    """Two of our templates define the same thing."""


# YAML with CloudFormation's short tags (`!Ref`, `!Sub`, `!GetAtt` ...). A class of its own, so that
# the tags are not added to everybody's loader.
_Loader: Any = type("_Loader", (getattr(yaml, "CSafeLoader", yaml.SafeLoader),), {})


def load(path: Path) -> Template:
    """A YAML template with its short tags spelled out (`!Ref X` is `{"Ref": "X"}`)."""
    loaded: Template = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    return loaded


def join_templates(folder: Path = INFRA) -> Template:
    """Every template of `folder` joined into one.

    Raises:
        Clash: The same parameter, resource or output is defined twice.
    """
    joined: Template = {section: {} for section in _SECTIONS}
    for path in sorted(folder.glob("*.yaml")):
        for section, entries in load(path).items():
            if twice := joined[section].keys() & entries.keys():
                raise Clash(f"{path.name} defines {', '.join(sorted(twice))} again")
            joined[section].update(entries)
    return joined


def finish(sam: Template, version: str) -> Template:
    """Chalice's merged template, made fit for deployment.

    - The REST API names its function instead of referring to it. The function needs the site's
      address, the site needs the API's: a reference would close the circle.
    - The code comes from a bucket that the deployer names.
    - A change of the socket's routes makes a new deployment of them, which its stage then takes.
    - Every table and index gets the ceilings of infra/ceilings.yaml.
    """
    template = copy.deepcopy(sam)
    resources = template["Resources"]
    _name_the_handler(resources["RestAPI"])
    for resource in resources.values():
        if resource["Type"] == "AWS::Serverless::Function":
            code = {"Bucket": {"Ref": "CodeBucket"}, "Key": {"Ref": "CodeKey"}}
            resource["Properties"]["CodeUri"] = code
        elif resource["Type"] == "AWS::DynamoDB::Table":
            _limit(resource["Properties"])
    _deploy_routes_by_content(resources)
    template["Parameters"]["Version"]["Default"] = version
    return template


def _name_the_handler(api: Template) -> None:
    body = json.dumps(api["Properties"]["DefinitionBody"])
    body_by_name = body.replace(_HANDLER_ARN, _NAMED_HANDLER_ARN)
    api["Properties"]["DefinitionBody"] = json.loads(body_by_name)


def _limit(table: Template) -> None:
    for limited in (table, *table.get("GlobalSecondaryIndexes", [])):
        limited["OnDemandThroughput"] = copy.deepcopy(_CEILING)


def _deploy_routes_by_content(resources: Template) -> None:
    """CloudFormation makes an API Gateway deployment once per logical id: so name it by content."""
    parts = {
        name: resource
        for name, resource in resources.items()
        if resource["Type"] in {"AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Integration"}
    }
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:8]
    name = f"WebsocketAPIDeployment{digest}"
    resources[name] = resources.pop("WebsocketAPIDeployment")
    resources["WebsocketAPIStage"]["Properties"]["DeploymentId"] = {"Ref": name}


def _spell_out(loader: Any, tag: str, node: Any) -> Template:
    name = tag if tag in {"Ref", "Condition"} else f"Fn::{tag}"
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        return {name: value.split(".", 1) if tag == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _spell_out)
