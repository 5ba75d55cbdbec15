"""A session of boto3 that notes what is asked of AWS."""

from __future__ import annotations

from typing import Any

import boto3

from tests.deploy.ministack import Ministack


class Noting:
    """A session that passes everything on, and keeps each operation as IAM calls its action."""

    def __init__(self, cloud: Ministack) -> None:
        self._cloud = cloud
        self.region_name = cloud.region_name
        self.endpoint = cloud.endpoint
        self.actions: set[str] = set()

    def get_partition_for_region(self, region: str) -> str:
        """As boto3 knows it."""
        return str(boto3.Session().get_partition_for_region(region))

    def get_available_regions(self, service: str) -> list[str]:
        """As boto3 knows them."""
        return list(boto3.Session().get_available_regions(service))

    def get_credentials(self) -> Any:
        """The account's."""
        return self._cloud.get_credentials()

    def client(self, service: str) -> Any:
        """A client that notes."""
        client = self._cloud.client(service)
        client.meta.events.register("before-call", self._note)
        return client

    def _note(self, model: Any, **_: Any) -> None:
        action = f"{model.service_model.signing_name}:{model.name}"
        self.actions.add(_OTHERWISE.get(action, action))


# Where IAM's name isn't the operation's.
_OTHERWISE = {
    "apigateway:GetAccount": "apigateway:GET",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:ListMultipartUploads": "s3:ListBucketMultipartUploads",
    "s3:DeleteObjects": "s3:DeleteObjectVersion",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
}
