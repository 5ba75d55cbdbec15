"""The deployed template, on ministack: what differs there, and the way in."""

from __future__ import annotations

import copy
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from infra.packaging.deploy import deploy as deploy_package
from infra.packaging.paths import Package
from infra.packaging.stages import stack_name
from tests.deploy.ministack import Ministack

STAGE = "test"
PREFIX = stack_name(STAGE)
MAIL_FROM = "no-reply@foyer.example"

# Where ministack serves what AWS gives a name of its own.
_REST = "/_aws/execute-api/${RestAPI}/api"
_SOCKET = "${LocalHost}:${LocalPort}/_aws/execute-api/${WebsocketAPI}/api"
_GATEWAY = {"Fn::Sub": "http://${LocalHost}:${LocalPort}"}
_LOCAL_ENVIRONMENT: dict[str, Any] = {
    "FOYER_SOCKET_ENDPOINT": {"Fn::Sub": f"http://{_SOCKET}"},
    "FOYER_SOCKET_URL": {"Fn::Sub": f"ws://{_SOCKET}"},
    "FOYER_DYNAMODB_ENDPOINT": _GATEWAY,
    "FOYER_S3_ENDPOINT": _GATEWAY,
    "FOYER_QUEUES": {"Fn::Sub": "http://${LocalHost}:${LocalPort}/${AWS::AccountId}/${Prefix}-"},
    "FOYER_SSM_ENDPOINT": _GATEWAY,
}
_LOCAL_API_ORIGIN: dict[str, Any] = {
    "Id": "api",
    "DomainName": {"Ref": "LocalHost"},
    "OriginPath": {"Fn::Sub": _REST},
    "CustomOriginConfig": {
        "OriginProtocolPolicy": "http-only",
        "HTTPPort": {"Ref": "LocalPort"},
    },
}


def local(template: dict[str, Any]) -> dict[str, Any]:
    """The template as ministack can take it.

    It has no WebSocket deployments (a stage deploys itself instead) and no alarms on sums, it asks
    SES's rights for `*` and knows no condition on the sender, and everything has one address, given
    as parameters, in place of a host name of its own, and in clear, which queues refuse.
    """
    changed = copy.deepcopy(template)
    resources = changed["Resources"]
    for name in _names_of(resources, "AWS::ApiGatewayV2::Deployment"):
        del resources[name]
    for name in _names_of(resources, "AWS::ApiGatewayV2::Stage"):
        del resources[name]["Properties"]["DeploymentId"]
        resources[name]["Properties"]["AutoDeploy"] = True
    for name in _names_of(resources, "AWS::SQS::QueuePolicy"):
        del resources[name]
    for name in _names_of(resources, "AWS::CloudWatch::Alarm"):
        if "Metrics" in resources[name]["Properties"]:
            del resources[name]
    for name in _names_of(resources, "AWS::Lambda::Function"):
        resources[name]["Properties"]["Environment"]["Variables"].update(_LOCAL_ENVIRONMENT)
    for name in _names_of(resources, "AWS::IAM::Role"):
        for policy in resources[name]["Properties"].get("Policies", []):
            _let_ses_send_anything(policy["PolicyDocument"]["Statement"])
    site = resources["Site"]["Properties"]["DistributionConfig"]
    site["Origins"] = [
        _LOCAL_API_ORIGIN if origin["Id"] == "api" else origin for origin in site["Origins"]
    ]
    changed["Parameters"]["LocalHost"] = {"Type": "String"}
    changed["Parameters"]["LocalPort"] = {"Type": "Number"}
    return changed


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack deployed on ministack."""

    ministack: Ministack
    outputs: dict[str, str]

    @property
    def socket_url(self) -> str:
        """The WebSocket API's address."""
        gateway = self.ministack.endpoint.replace("http", "ws", 1)
        return f"{gateway}/_aws/execute-api/{self.outputs['WebsocketAPIId']}/api"


def deploy(ministack: Ministack, package: Package, folder: Path) -> Stack:
    """Deploy `package` on `ministack` by the deployer's own code, its local form in `folder`."""
    # As docs/deploy.md says to do before the first deployment.
    ministack.client("sesv2").create_email_identity(EmailIdentity=MAIL_FROM)
    here = Package(folder)
    shutil.copy(package.zip, here.zip)
    template = local(json.loads(package.template.read_text(encoding="utf-8")))
    here.template.write_text(json.dumps(template), encoding="utf-8")
    gateway = urlsplit(ministack.endpoint)
    settings = {
        "MailFrom": MAIL_FROM,
        "SignUp": "open",
        "LocalHost": str(gateway.hostname),
        "LocalPort": str(gateway.port),
    }
    return Stack(ministack, deploy_package(ministack, here, STAGE, settings, poll=0.1))


def _let_ses_send_anything(statements: list[dict[str, Any]]) -> None:
    for statement in statements:
        if statement["Action"] == ["ses:SendEmail"]:
            statement["Resource"] = "*"
            del statement["Condition"]


def _names_of(resources: dict[str, Any], kind: str) -> list[str]:
    return [name for name, resource in resources.items() if resource["Type"] == kind]
