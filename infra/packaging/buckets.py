"""Buckets emptied to the last version, which a bucket that is versioned needs before it can go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

_GONE = {"404", "NoSuchBucket"}


class NotEmptied(Exception):
    """S3 kept something; the message names the first of it and says why."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a bucket, or a folder of it, holds: versions and delete markers, and their bytes."""

    things: int
    size: int


def contents_of(s3: Any, account: str, bucket: str, folder: str = "") -> Contents | None:
    """What is in a bucket of the account; None when there is no such bucket."""
    try:
        sizes = [
            thing.get("Size", 0) for page in _pages(s3, account, bucket, folder) for thing in page
        ]
    except ClientError as error:
        if error.response["Error"]["Code"] in _GONE:
            return None
        raise
    return Contents(len(sizes), sum(sizes))


def empty(s3: Any, account: str, bucket: str, folder: str = "") -> None:
    """Delete every version, every delete marker and every unfinished upload.

    Raises:
        NotEmptied: S3 refused to delete something.
    """
    for page in _pages(s3, account, bucket, folder):
        things = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in page]
        if things:
            _delete(s3, account, bucket, things)
    for upload in list(_unfinished_uploads(s3, account, bucket, folder)):
        s3.abort_multipart_upload(
            Bucket=bucket,
            Key=upload["Key"],
            UploadId=upload["UploadId"],
            ExpectedBucketOwner=account,
        )


def remove(s3: Any, account: str, bucket: str) -> None:
    """Empty a bucket and delete it; nothing if it is gone already."""
    try:
        empty(s3, account, bucket)
        s3.delete_bucket(Bucket=bucket, ExpectedBucketOwner=account)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _GONE:
            raise


def _delete(s3: Any, account: str, bucket: str, batch: list[dict[str, str]]) -> None:
    answer = s3.delete_objects(
        Bucket=bucket, Delete={"Objects": batch, "Quiet": True}, ExpectedBucketOwner=account
    )
    for error in answer.get("Errors", []):
        raise NotEmptied(f"{bucket}/{error['Key']} can't be deleted: {error['Message']}")


def _pages(s3: Any, account: str, bucket: str, folder: str) -> Iterator[list[dict[str, Any]]]:
    """Versions and delete markers, at most a thousand at a time: as many as one request deletes."""
    pages = s3.get_paginator("list_object_versions")
    for page in pages.paginate(Bucket=bucket, Prefix=folder, ExpectedBucketOwner=account):
        yield [*page.get("Versions", []), *page.get("DeleteMarkers", [])]


def _unfinished_uploads(
    s3: Any, account: str, bucket: str, folder: str
) -> Iterator[dict[str, Any]]:
    pages = s3.get_paginator("list_multipart_uploads")
    for page in pages.paginate(Bucket=bucket, Prefix=folder, ExpectedBucketOwner=account):
        yield from page.get("Uploads", [])
