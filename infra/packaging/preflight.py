"""What would stop or surprise a deployment, found out before anything is made.

Each finding is a sentence with its mend. What these credentials may not look at is passed over:
CloudFormation will say it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from botocore.exceptions import ClientError

RESERVED = 42  # places for the outbox's consumer and the clock, infra/resources.yaml
# Which AWS insists on: docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
LEFT_TO_THE_REST = 100
_ENOUGH = 100  # functions at once, below which people wait for each other on an ordinary day
_NEEDED = ("apigateway", "cloudformation", "dynamodb", "lambda", "s3", "sns", "sqs", "ssm")
_NO_SENDER = "no-reply@example.com"
_DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized"}
_CLOUDFRONTS_REGION = "us-east-1"

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know; `stops` if the deployment would fail on it."""

    sentence: str
    stops: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be deployed where: `settings` are what is set now and what the stack remembers."""

    session: Any
    region: str
    settings: Mapping[str, str]
    first: bool

    def client(self, service: str, region: str | None = None) -> Any:
        """A client, in another region if that is said."""
        where = {} if region is None else {"region_name": region}
        return self.session.client(service, **where)


def findings(plan: Plan) -> list[Finding]:
    """Everything that there is to know, what stops it first."""
    looks = (_region, _contradictions, _concurrency, _certificate, _site, _mail)
    all_findings = [one for look in looks for one in _run_check(look, plan)]
    return sorted(all_findings, key=lambda finding: not finding.stops)


def initial_parameters(session: Any) -> dict[str, str]:
    """What a stage's parameters start with, by what the account has; the stack remembers it."""
    places = _value_or(lambda: _places(session.client("lambda")), (0, 0))
    room = places[1] >= RESERVED + LEFT_TO_THE_REST
    account: dict[str, Any] = _value_or(session.client("apigateway").get_account, {})
    return {
        "CertificateArn": "",
        "ReserveConcurrency": "yes" if room else "no",
        "AccessLogs": "on" if account.get("cloudwatchRoleArn") else "with-role",
    }


def _run_check(look: Callable[[Plan], Iterator[Finding]], plan: Plan) -> list[Finding]:
    return _value_or(lambda: list(look(plan)), [])


def _value_or(ask: Callable[[], Value], otherwise: Value) -> Value:
    try:
        return ask()
    except ClientError as error:
        if error.response["Error"]["Code"] in _DENIED:
            return otherwise
        raise


def _region(plan: Plan) -> Iterator[Finding]:
    partition = plan.session.get_partition_for_region(plan.region)
    if partition != "aws":
        yield Finding(
            f"{plan.region} is in {partition}, where CloudFront's site can't be made this way.",
            True,
        )
        return
    for service in _NEEDED:
        if plan.region not in plan.session.get_available_regions(service):
            yield Finding(f"{plan.region} has no {service}: choose another region.", True)
    if plan.region not in plan.session.get_available_regions("sesv2"):
        yield Finding(f"{plan.region} has no SES: nobody could be invited by mail there.", True)


def _contradictions(plan: Plan) -> Iterator[Finding]:
    """Settings that need another one, or another region."""
    has = plan.settings
    if has.get("MonthlyBudget", "0") != "0" and not has.get("AlarmEmail"):
        yield Finding("MonthlyBudget needs somebody who hears of it: set AlarmEmail too.", True)
    if bool(has.get("DomainName")) != bool(has.get("CertificateArn")):
        yield Finding("DomainName and CertificateArn go together: set both, or none.", True)
    if has.get("FirewallRate", "0") != "0" and plan.region != _CLOUDFRONTS_REGION:
        yield Finding(
            f"CloudFront's firewalls have to be in {_CLOUDFRONTS_REGION}: make a web ACL of scope "
            "CLOUDFRONT there and set FirewallArn to it, and FirewallRate=0.",
            True,
        )
    acl = has.get("FirewallArn", "")
    if acl and f":{_CLOUDFRONTS_REGION}:" not in acl:
        yield Finding(f"FirewallArn is no web ACL of CloudFront's, in {_CLOUDFRONTS_REGION}.", True)


def _concurrency(plan: Plan) -> Iterator[Finding]:
    limit, unreserved = _places(plan.client("lambda"))
    is_wanted = plan.settings.get("ReserveConcurrency", "no") == "yes"
    if limit < _ENOUGH:
        yield Finding(
            f"This account runs {limit} functions at once (new accounts do): enough to try, too "
            "few for a busy day, when requests are turned away. Ask for 1,000 in Service Quotas, "
            "AWS Lambda, Concurrent executions; it takes a day or two."
        )
    needed = RESERVED + LEFT_TO_THE_REST
    if is_wanted and plan.first and unreserved < needed:
        yield Finding(
            f"ReserveConcurrency=yes needs {needed} free places, and there are {unreserved}: leave "
            "it out, or ask for more in Service Quotas.",
            True,
        )
    if not is_wanted and not plan.first and unreserved >= needed:
        yield Finding(
            "The account has room to keep places for the outbox and the clock, which a flood of "
            "requests can't take then: --set ReserveConcurrency=yes."
        )


def _places(client: Any) -> tuple[int, int]:
    limits = client.get_account_settings()["AccountLimit"]
    return limits["ConcurrentExecutions"], limits["UnreservedConcurrentExecutions"]


def _certificate(plan: Plan) -> Iterator[Finding]:
    arn, domain = plan.settings.get("CertificateArn", ""), plan.settings.get("DomainName", "")
    if not arn or not domain:
        return
    if f":acm:{_CLOUDFRONTS_REGION}:" not in arn:
        yield Finding(f"CloudFront takes certificates of ACM in {_CLOUDFRONTS_REGION} only.", True)
        return
    acm = plan.client("acm", _CLOUDFRONTS_REGION)
    certificate = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    if certificate["Status"] != "ISSUED":
        yield Finding(
            f"The certificate is {certificate['Status']}: prove the domain by the DNS record that "
            "ACM shows, and wait until it is ISSUED.",
            True,
        )
    names = {certificate["DomainName"], *certificate.get("SubjectAlternativeNames", [])}
    if not names & {domain, f"*.{domain.partition('.')[2]}"}:
        yield Finding(f"The certificate is for {', '.join(sorted(names))}, not {domain}.", True)


def _site(plan: Plan) -> Iterator[Finding]:
    if not plan.first:
        return
    distributions = plan.client("cloudfront").list_distributions(MaxItems="1")["DistributionList"]
    if not distributions.get("Quantity"):
        yield Finding(
            "This account has no CloudFront distribution yet. AWS verifies some new accounts "
            "first: "
            'if Site fails with "must be verified", open a support case that asks for it and run '
            "this again then; it goes on from there."
        )


def _mail(plan: Plan) -> Iterator[Finding]:
    ses = plan.client("sesv2")
    if not ses.get_account().get("ProductionAccessEnabled", False):
        yield Finding(
            f"SES is in its sandbox in {plan.region}: mail reaches verified addresses only. SES "
            "console, Account dashboard, Request production access."
        )
    sender = plan.settings.get("MailFrom", _NO_SENDER)
    if sender == _NO_SENDER:
        yield Finding("Nobody is set to send mail from: --set MailFrom=support@your.domain.")
    elif not any(_is_verified(ses, name) for name in (sender, sender.partition("@")[2])):
        yield Finding(
            f"SES in {plan.region} hasn't verified {sender} or its domain, so no mail is sent: SES "
            "console, Identities, Create identity."
        )


def _is_verified(ses: Any, identity: str) -> bool:
    try:
        answer = ses.get_email_identity(EmailIdentity=identity)
    except ClientError as error:
        if error.response["Error"]["Code"] == "NotFoundException":
            return False
        raise
    return bool(answer.get("VerifiedForSendingStatus"))
