"""The ordinary AWS SDK, for what is rare: S3, SES, SSM, Lambda, and keys outside the environment.
And mail by SMTP, which is rare as well.

The one place with imports inside functions: boto3 and a client of it cost a cold start about
100 ms, and most starts never need them.
"""

from __future__ import annotations

import os
from functools import lru_cache
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from botocore.credentials import Credentials, ReadOnlyCredentials

# botocore waits 60 s by default, longer than API Gateway waits for us (29 s).
CONNECT_TIMEOUT = 2.0
READ_TIMEOUT = 10.0
TOTAL_ATTEMPTS = 2

ENDPOINT_VARIABLES = {
    "dynamodb": "FOYER_DYNAMODB_ENDPOINT",
    "dynamodbstreams": "FOYER_DYNAMODB_ENDPOINT",
    "s3": "FOYER_S3_ENDPOINT",
}

_lock = Lock()
_clients: dict[tuple[object, ...], Any] = {}


def region() -> str:
    """The AWS region: Lambda always sets AWS_REGION; one machine does with any."""
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"


def client(name: str, *, endpoint_url: str | None = None, **config: Any) -> Any:
    """The boto3 client of a service, made on first use and kept; safe to share among threads.

    `config` is passed to botocore's `Config` over our defaults: 2 s to connect, 10 s to answer,
    2 attempts. FOYER_S3_ENDPOINT and FOYER_DYNAMODB_ENDPOINT redirect their services unless
    `endpoint_url` is given.
    """
    endpoint = endpoint_url or os.environ.get(ENDPOINT_VARIABLES.get(name, "")) or None
    key = (name, endpoint, region(), repr(sorted(config.items())))
    if key not in _clients:
        # Making a client from boto3's default session is not thread-safe.
        with _lock:
            if key not in _clients:
                _clients[key] = _new_client(name, endpoint, config)
    return _clients[key]


def resolved_credentials() -> ReadOnlyCredentials | None:
    """Keys from botocore's chain (profile, container, instance), refreshed when near their end."""
    with _lock:
        credentials = _found_credentials()
    return credentials.get_frozen_credentials() if credentials else None


def smtp() -> ModuleType:
    """`chalicelib.platform.smtp`, loaded on first use."""
    from chalicelib.platform import smtp as loaded

    return loaded


@lru_cache(maxsize=1)
def _found_credentials() -> Credentials | None:
    from botocore.session import get_session

    return get_session().get_credentials()


def _new_client(name: str, endpoint: str | None, config: dict[str, Any]) -> Any:
    import boto3
    from botocore.config import Config

    settings = {**_defaults(name, endpoint), **config}
    return cast(Any, boto3).client(
        name, region_name=region(), endpoint_url=endpoint, config=Config(**settings)
    )


def _defaults(name: str, endpoint: str | None) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "connect_timeout": CONNECT_TIMEOUT,
        "read_timeout": READ_TIMEOUT,
        "retries": {"mode": "standard", "total_max_attempts": TOTAL_ATTEMPTS},
    }
    if name == "s3":
        # Presigned POST policies need s3v4; a local S3 has no DNS name per bucket.
        settings["signature_version"] = "s3v4"
        settings["s3"] = {"addressing_style": "path" if endpoint else "virtual"}
    return settings
