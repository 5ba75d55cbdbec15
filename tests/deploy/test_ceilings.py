"""What a stage may use at most, what it notes of calls, and how old an encryption it takes."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.deploy.templates import Template, to_text

# What opens something or tells who somebody is: never in a log.
TELLTALE = re.compile(r"path\b|query|ip|header|agent|authorizer|body|user|messageString", re.I)
ONLY_THE_PATTERN = {"$context.resourcePath"}


def test_the_apis_take_only_so_many_calls(template: Template) -> None:
    (settings,) = template.properties("RestAPIapiStage")["MethodSettings"]
    assert (settings["ResourcePath"], settings["HttpMethod"]) == ("/*", "*")
    assert settings["ThrottlingRateLimit"] == {"Ref": "ApiRate"}
    assert settings["ThrottlingBurstLimit"] == {"Ref": "ApiBurst"}
    routes = template.properties("WebsocketAPIStage")["DefaultRouteSettings"]
    assert routes["ThrottlingRateLimit"] == {"Ref": "SocketRate"}
    assert routes["ThrottlingBurstLimit"] == {"Ref": "SocketBurst"}


def test_every_table_and_index_has_a_ceiling(template: Template) -> None:
    limits = template.body["Conditions"]
    for name, table in template.of_type("AWS::DynamoDB::Table").items():
        for limited in (table, *table.get("GlobalSecondaryIndexes", [])):
            condition, ceiling, otherwise = limited["OnDemandThroughput"]["Fn::If"]
            assert (condition, to_text(otherwise)) == ("LimitsTables", "AWS::NoValue"), name
            assert condition in limits
            assert "TableReads" in json.dumps(ceiling["MaxReadRequestUnits"])
            assert "TableWrites" in json.dumps(ceiling["MaxWriteRequestUnits"])


def test_the_outbox_and_the_clock_have_places_that_a_flood_cannot_take(template: Template) -> None:
    reserved = {
        name: function["ReservedConcurrentExecutions"]["Fn::If"][:2]
        for name, function in template.functions().items()
        if "ReservedConcurrentExecutions" in function
    }
    assert reserved == {"ConsumeOutbox": ["Reserves", 40], "EveryMinute": ["Reserves", 2]}
    assert template.body["Parameters"]["ReserveConcurrency"]["Default"] == "no"


@pytest.mark.parametrize(
    ("stage", "setting"),
    [("RestAPIapiStage", "AccessLogSetting"), ("WebsocketAPIStage", "AccessLogSettings")],
)
def test_calls_are_noted_without_what_opens_anything(
    template: Template, stage: str, setting: str
) -> None:
    logged = template.properties(stage)[setting]["Fn::If"][1]
    group = template.properties(logged["DestinationArn"]["Fn::GetAtt"][0])
    assert group["RetentionInDays"] == {"Ref": "LogRetentionDays"}
    line = logged["Format"]
    assert "\n" not in line
    variables = set(re.findall(r"\$[a-zA-Z.]+", line))
    assert "$context.requestId" in variables
    assert not [name for name in variables - ONLY_THE_PATTERN if TELLTALE.search(name)]
    # A variable that has no value is a hyphen: quoted, so that each line is JSON.
    assert json.loads(re.sub(r"\$[a-zA-Z.]+", "-", line))


def test_an_account_that_logs_already_keeps_its_role(template: Template) -> None:
    """It is one for the account and region, so it also outlives the stage that made it."""
    for name in ("GatewayLogRole", "GatewayAccount"):
        resource = template.body["Resources"][name]
        assert resource["Condition"] == "MakesGatewayLogRole"
        assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain",) * 2


def test_an_own_domain_takes_no_old_encryption(template: Template) -> None:
    site = template.properties("Site")["DistributionConfig"]
    condition, own, _ = site["ViewerCertificate"]["Fn::If"]
    assert (condition, own["MinimumProtocolVersion"]) == ("HasDomain", "TLSv1.2_2021")
    (api,) = [origin for origin in site["Origins"] if origin["Id"] == "api"]
    assert api["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]


def test_a_firewall_and_a_budget_are_there_for_who_wants_them(template: Template) -> None:
    parameters = template.body["Parameters"]
    assert (parameters["FirewallRate"]["Default"], parameters["MonthlyBudget"]["Default"]) == (0, 0)
    (budget,) = _conditional(template, "AWS::Budgets::Budget", "HasBudget")
    assert {
        to_text(subscriber["Address"])
        for notification in budget["NotificationsWithSubscribers"]
        for subscriber in notification["Subscribers"]
    } == {"AlarmEmail"}
    (firewall,) = _conditional(template, "AWS::WAFv2::WebACL", "MakesFirewall")
    assert firewall["Scope"] == "CLOUDFRONT"
    acl = template.properties("Site")["DistributionConfig"]["WebACLId"]
    assert acl["Fn::If"][:2] == ["HasFirewallArn", {"Ref": "FirewallArn"}]
    either = [{"Condition": name} for name in ("HasFirewallArn", "MakesFirewall")]
    assert template.body["Conditions"]["HasFirewall"] == {"Fn::Or": either}
    for function in template.functions().values():
        only = function["Environment"]["Variables"]["FOYER_SITE_ONLY"]
        assert only == {"Fn::If": ["HasFirewall", "yes", "no"]}
    assert acl["Fn::If"][2]["Fn::If"][:2] == ["MakesFirewall", {"Fn::GetAtt": ["Firewall", "Arn"]}]


def _conditional(template: Template, kind: str, condition: str) -> list[dict[str, Any]]:
    names = template.of_type(kind)
    assert {template.body["Resources"][name]["Condition"] for name in names} == {condition}
    return list(names.values())
