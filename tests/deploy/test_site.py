"""What CloudFront does with each address of the site."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
import time_machine
from moto import mock_aws

from infra.local.pages import sites
from infra.packaging.static_site import NotBuilt, paths_to_invalidate, static_files, upload
from tests.deploy.templates import Template, to_text

# AWS's managed policies, docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"


@pytest.fixture(scope="module")
def site(template: Template) -> dict[str, Any]:
    """The distribution's configuration."""
    found: dict[str, Any] = template.properties("Site")["DistributionConfig"]
    return found


def test_the_api_is_reached_uncached_with_everything_but_the_host(
    site: dict[str, Any], template: Template
) -> None:
    (api,) = [found for found in site["CacheBehaviors"] if found["PathPattern"] == "/v1/*"]
    assert api["TargetOriginId"] == "api"
    caching = template.properties(api["CachePolicyId"]["Ref"])["CachePolicyConfig"]
    assert (caching["DefaultTTL"], caching["MinTTL"], caching["MaxTTL"]) == (0, 0, 1)
    key = caching["ParametersInCacheKeyAndForwardedToOrigin"]
    assert set(key["HeadersConfig"]["Headers"]) == {"Authorization", "CloudFront-Viewer-Country"}
    assert key["QueryStringsConfig"]["QueryStringBehavior"] == "all"
    assert api["OriginRequestPolicyId"] == ALL_VIEWER_EXCEPT_HOST
    assert set(api["AllowedMethods"]) >= {"GET", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"}
    assert api["ViewerProtocolPolicy"] == "https-only"


def test_static_files_are_cached_as_they_say_themselves(site: dict[str, Any]) -> None:
    widget = [found for found in site["CacheBehaviors"] if found["PathPattern"] == "/widget/*"]
    for behaviour in (site["DefaultCacheBehavior"], *widget):
        assert behaviour["CachePolicyId"] == CACHING_OPTIMIZED
        assert behaviour["Compress"] is True
        assert behaviour["ViewerProtocolPolicy"] == "redirect-to-https"


# What CloudFront takes as an error of its own, docs.aws.amazon.com/AmazonCloudFront/latest/
# DeveloperGuide/custom-error-pages-procedure.html
ERRORS_IT_KNOWS = {400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504}


def test_no_error_is_kept_and_no_page_replaces_an_answer_of_the_api(site: dict[str, Any]) -> None:
    """One caller's "not found" or "busy" would be everybody's for ten seconds."""
    errors = site["CustomErrorResponses"]
    assert {error["ErrorCode"] for error in errors} == ERRORS_IT_KNOWS
    for error in errors:
        assert error["ErrorCachingMinTTL"] == 0
        assert "ResponsePagePath" not in error


def test_every_origin_is_private_or_encrypted(site: dict[str, Any], template: Template) -> None:
    origins = {origin["Id"]: origin for origin in site["Origins"]}
    assert origins.keys() == {"api", "dashboard", "widget"}
    for name in ("dashboard", "widget"):
        assert to_text(origins[name]["OriginAccessControlId"]) == "SiteAccess.Id"
    assert origins["api"]["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    (stage,) = template.of_type("AWS::ApiGateway::Stage").values()
    assert origins["api"]["OriginPath"] == f"/{stage['StageName']}"


def test_cloudfront_proves_itself_to_the_api(site: dict[str, Any], template: Template) -> None:
    """So that the API believes the caller's address that it passes on, and nobody else's."""
    (api,) = [origin for origin in site["Origins"] if origin["Id"] == "api"]
    (header,) = api["OriginCustomHeaders"]
    assert header["HeaderName"] == "X-Foyer-Site"
    for function in template.functions().values():
        assert function["Environment"]["Variables"]["FOYER_SITE_KEY"] == header["HeaderValue"]
    assert "AWS::StackId" in json.dumps(header["HeaderValue"])


def test_nobody_frames_the_dashboard_and_everybody_may_frame_the_widget(
    template: Template,
) -> None:
    dashboard, widget = (_policy(template, name) for name in ("DashboardHeaders", "WidgetHeaders"))
    assert "frame-ancestors 'none'" in dashboard
    assert "frame-ancestors *" in widget
    for policy in (dashboard, widget):
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "'unsafe-" not in policy
        assert "connect-src 'self' wss://${WebsocketAPI}.execute-api." in policy


@pytest.mark.parametrize(
    ("name", "local"),
    [("DashboardHeaders", sites._DASHBOARD_POLICY), ("WidgetHeaders", sites._WIDGET_POLICY)],
)
def test_the_same_content_policy_holds_on_one_machine(
    template: Template, name: str, local: str
) -> None:
    """So that what works there works here."""
    deployed = re.sub(r"wss://\S+?(?=[ ;])", "{socket}", _policy(template, name))
    deployed = re.sub(r"https://\S+ https://\S+?(?=[ ;])", "{storage}", deployed)
    assert " ".join(deployed.split()) == local


def test_browsers_are_held_to_https(template: Template) -> None:
    for headers in template.of_type("AWS::CloudFront::ResponseHeadersPolicy").values():
        security = headers["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
        assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000
        assert security["ContentTypeOptions"]["Override"] is True


def test_every_page_of_another_site_may_read_the_public_widget_api(template: Template) -> None:
    paths = template.properties("RestAPI")["Body"]["paths"]
    widget = {path: methods for path, methods in paths.items() if path.startswith("/v1/widget/")}
    assert widget
    for path, methods in widget.items():
        preflight = methods["options"]["x-amazon-apigateway-integration"]["responses"]["default"]
        allowed = preflight["responseParameters"]
        assert allowed["method.response.header.Access-Control-Allow-Origin"] == "'*'", path
        header = allowed["method.response.header.Access-Control-Allow-Headers"]
        assert {"authorization", "content-type"} <= set(header.strip("'").lower().split(",")), path


def test_what_the_gateway_itself_refuses_can_be_read_by_a_page(template: Template) -> None:
    body = template.properties("RestAPI")["Body"]
    responses = body["x-amazon-apigateway-gateway-responses"]
    assert responses["MISSING_AUTHENTICATION_TOKEN"]["statusCode"] == "404"
    assert {"DEFAULT_4XX", "DEFAULT_5XX", "THROTTLED"} <= responses.keys()
    for response in responses.values():
        headers = response["responseParameters"]
        assert headers["gatewayresponse.header.Access-Control-Allow-Origin"] == "'*'"
        assert headers["gatewayresponse.header.Content-Type"] == "'application/problem+json'"
        filled = response["responseTemplates"]["application/json"].replace(
            "$context.error.messageString", '"Refused"'
        )
        assert json.loads(filled).keys() >= {"type", "title", "code", "request_id"}


def test_files_are_uploaded_from_the_sites_own_pages_only(template: Template) -> None:
    (rule,) = template.properties("FilesBucket")["CorsConfiguration"]["CorsRules"]
    assert set(rule["AllowedMethods"]) == {"GET", "POST"}
    (origin,) = rule["AllowedOrigins"]
    assert [to_text(one) for one in origin["Fn::If"][1:]] == [
        "https://${DomainName}",
        "https://${Site.DomainName}",
    ]


@pytest.mark.parametrize(
    ("asked", "served"),
    [
        ("/", "/index.html"),
        ("/conversations", "/index.html"),
        ("/conversations/cnv_01J/", "/index.html"),
        ("/index.html", "/index.html"),
        ("/assets/index-B1xM5gW0.js", "/assets/index-B1xM5gW0.js"),
        ("/favicon.svg", "/favicon.svg"),
    ],
)
def test_a_path_of_the_dashboard_gets_its_page_and_a_file_itself(
    template: Template, asked: str, served: str
) -> None:
    code = template.properties("DashboardPaths")["FunctionCode"]
    ask = f"console.log(handler({{request: {{uri: {json.dumps(asked)}}}}}).uri)"
    node = shutil.which("node")
    assert node is not None
    run = subprocess.run([node, "-e", code + ask], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == served


@pytest.fixture
def builds(tmp_path: Path) -> dict[str, Path]:
    """Two front ends as Vite builds them."""
    for name in (
        *("dashboard/index.html", "dashboard/assets/index-B1xM5gW0.js", "dashboard/favicon.svg"),
        *("widget/loader.js", "widget/frame.html", "widget/assets/chat-Ab_9-xYz.css"),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    return {name: tmp_path / name for name in ("dashboard", "widget")}


def test_files_go_up_with_the_right_type_and_lifetime(builds: dict[str, Path]) -> None:
    forever = "public, max-age=31536000, immutable"
    assert [(file.key, file.content_type, file.cache_control) for file in static_files(builds)] == [
        ("dashboard/assets/index-B1xM5gW0.js", "text/javascript; charset=utf-8", forever),
        ("widget/assets/chat-Ab_9-xYz.css", "text/css; charset=utf-8", forever),
        ("dashboard/favicon.svg", "image/svg+xml", "no-cache"),
        ("dashboard/index.html", "text/html; charset=utf-8", "no-cache"),
        ("widget/frame.html", "text/html; charset=utf-8", "no-cache"),
        ("widget/loader.js", "text/javascript; charset=utf-8", "public, max-age=300"),
    ]


def test_only_names_that_keep_their_name_are_invalidated(builds: dict[str, Path]) -> None:
    assert paths_to_invalidate(static_files(builds)) == [
        "/favicon.svg",
        "/index.html",
        "/widget/frame.html",
        "/widget/loader.js",
    ]


def test_a_file_stays_for_thirty_days_after_the_last_release_that_had_it(
    builds: dict[str, Path],
) -> None:
    """Whenever that one was made: tabs that were opened a minute ago have its parts yet to load."""
    released = {0: "aaaaaaaa", 100: "bbbbbbbb", 101: "aaaaaaaa", 110: "cccccccc", 139: "dddddddd"}
    there = {}
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="foyer-site")
        for day, name in released.items():
            (part,) = (builds["dashboard"] / "assets").iterdir()
            part.rename(part.with_name(f"index-{name}.js"))
            with time_machine.travel(datetime(2031, 1, 1, tzinfo=UTC) + timedelta(days=day)):
                upload(s3, "foyer-site", static_files(builds))
            listed = s3.list_objects_v2(Bucket="foyer-site", Prefix="dashboard/assets/")["Contents"]
            there[day] = "".join(sorted(each["Key"][-4] for each in listed))
    assert there == {0: "a", 100: "ab", 101: "ab", 110: "abc", 139: "acd"}


def test_a_front_end_that_is_not_built_stops_the_deployment(builds: dict[str, Path]) -> None:
    shutil.rmtree(builds["widget"])
    with pytest.raises(NotBuilt, match="widget"):
        static_files(builds)


def _policy(template: Template, name: str) -> str:
    config = template.properties(name)["ResponseHeadersPolicyConfig"]
    policy = config["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    return to_text(policy)
