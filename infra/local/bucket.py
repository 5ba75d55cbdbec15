"""The bucket that files go to."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from hashlib import sha256

from botocore.exceptions import BotoCoreError

from chalicelib.platform.pool import Pool
from chalicelib.platform.sigv4 import Credentials, sign
from infra.local.problems import CannotStart
from infra.local.settings import ACCESS_KEY, REGION, SECRET_KEY

_WITHIN = 20.0
_THERE = frozenset({200, 409})  # made, or made before


def ensure_bucket(endpoint: str, bucket: str) -> None:
    """Make the bucket unless it is there.

    An S3 client of boto3 would cost this process 30 MB and a third of a second.

    Raises:
        CannotStart: The storage doesn't take it.
    """
    url = f"{endpoint.rstrip('/')}/{bucket}"
    pool = Pool()
    deadline = time.monotonic() + _WITHIN
    refused = ""
    while time.monotonic() < deadline:
        headers = sign(
            "PUT",
            url,
            {"X-Amz-Content-Sha256": sha256(b"").hexdigest()},
            b"",
            Credentials(ACCESS_KEY, SECRET_KEY),
            REGION,
            "s3",
            datetime.now(UTC),
        )
        try:
            response = pool.exchange("PUT", url, headers, b"", deadline)
        except BotoCoreError as problem:
            refused = str(problem)
        else:
            if response.status in _THERE:
                pool.close()
                return
            refused = f"status {response.status}"
        time.sleep(0.2)
    raise CannotStart(
        f"The file storage at {endpoint} doesn't make the bucket {bucket} ({refused}): check "
        "FOYER_S3_ENDPOINT and FOYER_BUCKET, or set FOYER_S3_ENDPOINT=off to do without."
    )
