"""The bucket with zips and templates: what stages run, and what they ran before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.packaging.build import digest

# A roll-back of CloudFormation fetches the former zip again; who rolls back by hand builds it anew.
_LIFE = timedelta(days=90)


class NotOurs(Exception):
    """A bucket of this name exists and belongs to somebody else: nothing was uploaded."""


@dataclass(frozen=True, slots=True)
class Artefacts:
    """One stage's part of the bucket, for a client of S3.

    Every request names the account that must own the bucket: its name can be guessed, so somebody
    else could have made one to be given our code.
    """

    s3: Any
    bucket: str
    account: str
    region: str
    stage: str

    def ensure(self) -> None:
        """Make the private bucket, which all stages of the account and region share.

        Raises:
            NotOurs: It is somebody else's.
        """
        owner = {"Bucket": self.bucket, "ExpectedBucketOwner": self.account}
        try:
            self.s3.head_bucket(**owner)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in {"403", "AccessDenied"}:
                raise NotOurs(
                    f"The bucket {self.bucket} is another account's, or these credentials may not "
                    "use it. Nothing was uploaded."
                ) from error
            if code not in {"404", "NoSuchBucket"}:
                raise
            # us-east-1 is where buckets are when nothing is said, and it can't be said.
            where = {"CreateBucketConfiguration": {"LocationConstraint": self.region}}
            self.s3.create_bucket(
                Bucket=self.bucket, **({} if self.region == "us-east-1" else where)
            )
        self.s3.put_public_access_block(
            **owner,
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": True,
                "BlockPublicPolicy": True,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": True,
            },
        )

    def upload(self, path: Path) -> str:
        """Under a name made of the contents: what a stack runs is never overwritten. The key."""
        return self._put(path.read_bytes(), path.suffix)

    def address(self, key: str) -> str:
        """The address by which CloudFormation reads a template."""
        return f"{self.s3.meta.endpoint_url}/{self.bucket}/{key}"

    def store_template(self, text: str) -> str:
        """Upload a template that is needed once; its address."""
        return self.address(self._put(text.encode(), ".json"))

    def forget(self, in_use: set[str]) -> int:
        """Delete what is older than 90 days, but for the keys `in_use`; how many went.

        Not a rule of the bucket's: that goes by age alone, and a stage that wasn't deployed for
        long would lose the zip that it runs, without which no update of it can be rolled back.
        """
        old = [key for key in self._older(datetime.now(UTC) - _LIFE) if key not in in_use]
        for key in old:
            self.s3.delete_object(Bucket=self.bucket, Key=key, ExpectedBucketOwner=self.account)
        return len(old)

    def _put(self, body: bytes, suffix: str) -> str:
        key = f"{self.stage}/{digest(body)}{suffix}"
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body, ExpectedBucketOwner=self.account)
        return key

    def _older(self, oldest: datetime) -> Iterator[str]:
        pages = self.s3.get_paginator("list_objects_v2")
        for page in pages.paginate(
            Bucket=self.bucket, Prefix=f"{self.stage}/", ExpectedBucketOwner=self.account
        ):
            for entry in page.get("Contents", []):
                if entry["LastModified"] < oldest:
                    yield entry["Key"]
