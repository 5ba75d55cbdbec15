"""Sending to open sockets, through API Gateway's management API (or its local twin)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from botocore.exceptions import ClientError

from chalicelib.platform import sdk, transport
from chalicelib.platform.config import config

log = logging.getLogger("foyer.sockets")

_AT_ONCE = 16
_GONE = 410


def post(connection_id: str, frame: bytes) -> bool:
    """Send one frame (at most 128 kB). False when the connection is gone for good."""
    url = transport.connection_url(config().socket_endpoint, connection_id)
    status = transport.post_signed(url, frame)
    if status >= 300 and status != _GONE:
        log.error("a frame was refused with %d", status)
    return status != _GONE


def post_all(connection_ids: Iterable[str], frame: bytes) -> tuple[str, ...]:
    """Send one frame to many, in parallel but bounded. Returns the connections that are gone."""
    ids = tuple(connection_ids)
    if len(ids) <= 1:
        sent = [post(one, frame) for one in ids]
    else:
        sent = list(_pool().map(lambda one: post(one, frame), ids))
    return tuple(one for one, alive in zip(ids, sent, strict=True) if not alive)


def close(connection_id: str) -> None:
    """End a connection; nothing happens if it is gone already."""
    management = sdk.client("apigatewaymanagementapi", endpoint_url=config().socket_endpoint)
    try:
        management.delete_connection(ConnectionId=connection_id)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != _GONE:
            raise


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="sockets")
