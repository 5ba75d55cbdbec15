"""The bucket that files go to."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from hashlib import sha256

from botocore.exceptions import BotoCoreError

from chalicelib.platform.transport.pool import Pool
from chalicelib.platform.transport.sigv4 import Credentials, sign
from infra.local.problems import CannotStart
from infra.local.settings import ACCESS_KEY, REGION

_WITHIN = 20.0
_EVERY = 0.1
_PROBE = ".foyer-was-here"


def ensure_bucket(endpoint: str, bucket: str, secret_key: str) -> None:
    """Make the bucket unless it is there, and return when it takes files and gives them back.

    SeaweedFS answers some time before its volumes have joined. An S3 client of boto3's would cost
    this process 30 MB and a third of a second.

    Raises:
        CannotStart: It doesn't.
    """
    url = f"{endpoint.rstrip('/')}/{bucket}"
    steps = [("PUT", url, {200, 409}), ("PUT", f"{url}/{_PROBE}", {200})]
    steps.append(("GET", f"{url}/{_PROBE}", {200}))
    pool = Pool()
    deadline = time.monotonic() + _WITHIN
    for method, target, expected in steps:
        while (status := _ask(pool, method, target, secret_key, deadline)) not in expected:
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"The file storage at {endpoint} doesn't keep files in the bucket {bucket} "
                    f"({method}: {status}): check FOYER_S3_ENDPOINT and FOYER_BUCKET, or set "
                    "FOYER_S3_ENDPOINT=off to do without."
                )
            time.sleep(_EVERY)
    pool.close()


def _ask(pool: Pool, method: str, url: str, secret_key: str, deadline: float) -> int | str:
    """The status of a signed request, or why there is none."""
    headers = sign(
        method,
        url,
        {"X-Amz-Content-Sha256": sha256(b"").hexdigest()},
        b"",
        Credentials(ACCESS_KEY, secret_key),
        REGION,
        "s3",
        datetime.now(UTC),
    )
    try:
        return pool.exchange(method, url, headers, b"", deadline).status
    except BotoCoreError as problem:
        return str(problem)
