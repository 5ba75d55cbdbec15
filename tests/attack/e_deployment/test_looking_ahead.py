"""What would stop a deployment is said before it, with the mend; the rest is told and goes on."""

from __future__ import annotations

import pytest

from infra.packaging import deploy, preflight
from infra.packaging.account import Refused
from infra.packaging.preflight import Finding, Plan
from tests.attack.e_deployment.stub_account import READY, Answers, Session

SET = {"MailFrom": "help@example.com"}
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1"
OWN_DOMAIN = {**SET, "DomainName": "support.example.com", "CertificateArn": CERTIFICATE}
TEN = {"AccountLimit": {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10}}


def look(
    answers: Answers | None = None,
    settings: dict[str, str] | None = None,
    region: str = "eu-central-1",
    *,
    first: bool = True,
) -> list[Finding]:
    """What is found."""
    session = Session({**READY, **(answers or {})}, region)
    return preflight.findings(Plan(session, region, SET if settings is None else settings, first))


def test_an_account_that_is_ready_is_told_nothing() -> None:
    assert look() == []
    assert look(settings=OWN_DOMAIN) == []


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({("lambda", "GetAccountSettings"): TEN}, "runs 10 functions at once.+Service Quotas"),
        ({("cloudfront", "ListDistributions"): {"DistributionList": {}}}, "verified.+support case"),
        ({("sesv2", "GetAccount"): {"ProductionAccessEnabled": False}}, "sandbox.+production"),
        ({("sesv2", "GetEmailIdentity"): "NotFoundException: none"}, "help@example.com.+identity"),
    ],
)
def test_what_a_new_account_lacks_is_said_and_stops_nothing(
    answers: Answers, sentence: str
) -> None:
    (finding,) = look(answers)
    assert not finding.stops
    assert_says(finding, sentence)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({**SET, "MonthlyBudget": "50"}, "set AlarmEmail too"),
        ({**SET, "DomainName": "support.example.com"}, "set both, or none"),
        ({**SET, "CertificateArn": CERTIFICATE}, "set both, or none"),
        ({**SET, "FirewallRate": "2000"}, "us-east-1.+FirewallArn"),
        ({**SET, "FirewallArn": "arn:aws:wafv2:eu-central-1:1:regional/webacl/x/1"}, "us-east-1"),
        (
            {**OWN_DOMAIN, "CertificateArn": CERTIFICATE.replace("us-east-1", "eu-central-1")},
            "ACM in us-east-1 only",
        ),
        ({**OWN_DOMAIN, "DomainName": "other.example.com"}, "is for support.example.com"),
    ],
)
def test_settings_that_cannot_work_stop_it(settings: dict[str, str], sentence: str) -> None:
    (finding,) = look(settings=settings)
    assert finding.stops
    assert_says(finding, sentence)


def test_a_certificate_that_is_not_issued_stops_it() -> None:
    pending = {"Status": "PENDING_VALIDATION", "DomainName": "*.example.com"}
    answers: Answers = {("acm", "DescribeCertificate"): {"Certificate": pending}}
    (finding,) = look(answers, OWN_DOMAIN)
    assert finding.stops
    assert_says(finding, "PENDING_VALIDATION.+DNS record")


def test_certificates_are_asked_for_where_cloudfront_wants_them() -> None:
    session = Session(READY)
    preflight.findings(Plan(session, "eu-central-1", OWN_DOMAIN, first=True))
    assert ("us-east-1", "acm", "DescribeCertificate") in session.asked


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1"])
def test_a_region_that_cannot_hold_it_stops_it(region: str) -> None:
    (finding,) = look(region=region)
    assert finding.stops
    assert region in finding.sentence


@pytest.mark.parametrize(
    ("limit", "free", "reserve"),
    [(10, 10, "no"), (100, 100, "no"), (141, 141, "no"), (142, 142, "yes"), (1000, 1000, "yes")],
)
def test_places_are_kept_only_where_aws_allows_it(limit: int, free: int, reserve: str) -> None:
    """It insists on a hundred for the rest; a first create must not fail on that."""
    told = {"ConcurrentExecutions": limit, "UnreservedConcurrentExecutions": free}
    answers: Answers = {**READY, ("lambda", "GetAccountSettings"): {"AccountLimit": told}}
    assert preflight.initial_parameters(Session(answers))["ReserveConcurrency"] == reserve


def test_places_that_are_asked_for_and_are_not_there_stop_it() -> None:
    answers: Answers = {("lambda", "GetAccountSettings"): TEN}
    (stops, told) = look(answers, {**SET, "ReserveConcurrency": "yes"})
    assert (stops.stops, told.stops) == (True, False)
    assert_says(stops, "needs 142 free places, and there are 10")


def test_an_account_that_has_grown_is_told_what_it_can_have_now() -> None:
    (finding,) = look(settings={**SET, "ReserveConcurrency": "no"}, first=False)
    assert_says(finding, "--set ReserveConcurrency=yes")


@pytest.mark.parametrize(
    ("role", "access_logs"), [("arn:aws:iam::1:role/x", "on"), ("", "with-role")]
)
def test_the_accounts_role_for_logs_is_made_where_there_is_none(
    role: str, access_logs: str
) -> None:
    answers: Answers = {**READY, ("api-gateway", "GetAccount"): {"cloudwatchRoleArn": role}}
    assert preflight.initial_parameters(Session(answers))["AccessLogs"] == access_logs


@pytest.mark.parametrize(
    "question", [one for one in READY if one[0] not in {"sts", "cloudformation"}]
)
def test_what_credentials_may_not_look_at_is_passed_over(question: tuple[str, str]) -> None:
    denied: Answers = {question: "AccessDeniedException: not authorized"}
    assert look(denied, OWN_DOMAIN) == []
    assert (
        preflight.initial_parameters(Session({**READY, **denied})).keys()
        == preflight.initial_parameters(Session(READY)).keys()
    )


def test_it_is_all_said_before_anything_is_built(capsys: pytest.CaptureFixture[str]) -> None:
    session = Session({**READY, ("lambda", "GetAccountSettings"): TEN})
    with pytest.raises(Refused, match="set AlarmEmail too"):
        deploy.look_ahead(session, "foyer-prod", {**SET, "MonthlyBudget": "50"})
    assert "10 functions at once" in capsys.readouterr().out
    deploy.look_ahead(session, "foyer-prod", SET)


def assert_says(finding: Finding, sentence: str) -> None:
    """The finding's text, by a pattern."""
    with pytest.raises(Refused, match=sentence):
        raise Refused(finding.sentence)
