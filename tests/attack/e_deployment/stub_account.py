"""An account that answers as a test says: real clients, whose questions go no further."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import boto3

# (service, operation) → what is answered; a text is the code of a refusal.
Answers = dict[tuple[str, str], Any]

READY: Answers = {
    ("lambda", "GetAccountSettings"): {
        "AccountLimit": {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 1000}
    },
    ("api-gateway", "GetAccount"): {"cloudwatchRoleArn": "arn:aws:iam::123456789012:role/logs"},
    ("cloudfront", "ListDistributions"): {"DistributionList": {"Quantity": 1}},
    ("sesv2", "GetAccount"): {"ProductionAccessEnabled": True},
    ("sesv2", "GetEmailIdentity"): {"VerifiedForSendingStatus": True},
    ("acm", "DescribeCertificate"): {
        "Certificate": {"Status": "ISSUED", "DomainName": "support.example.com"}
    },
    ("sts", "GetCallerIdentity"): {"Account": "123456789012"},
    ("cloudformation", "DescribeStacks"): "ValidationError: Stack does not exist",
}


@dataclass
class Session:
    """As much of a boto3 session as looking ahead asks for."""

    answers: Answers
    region_name: str = "eu-central-1"
    asked: list[tuple[str, str, str]] = field(default_factory=list)  # region, service, operation

    def __post_init__(self) -> None:
        self._real: Any = boto3.Session(
            aws_access_key_id="AKIAEXAMPLE",
            aws_secret_access_key="secret",
            region_name=self.region_name,
        )

    def client(self, service: str, **where: str) -> Any:
        """A client whose requests are answered here."""
        client = self._real.client(service, **where)
        client.meta.events.register("before-call", self._answer)
        return client

    def get_credentials(self) -> Any:
        """Some."""
        return self._real.get_credentials()

    def get_partition_for_region(self, region: str) -> str:
        """As boto3 knows it."""
        return str(self._real.get_partition_for_region(region))

    def get_available_regions(self, service: str) -> list[str]:
        """As boto3 knows them."""
        return list(self._real.get_available_regions(service))

    def _answer(self, model: Any, request_signer: Any, **_: Any) -> tuple[Any, dict[str, Any]]:
        service = model.service_model.service_id.hyphenize()
        self.asked.append((request_signer.region_name, service, model.name))
        answer = self.answers[(service, model.name)]
        if isinstance(answer, str):
            code, _sep, message = answer.partition(": ")
            error = {"Code": code, "Message": message}
            return SimpleNamespace(status_code=400), {"Error": error, "ResponseMetadata": {}}
        return SimpleNamespace(status_code=200), answer
