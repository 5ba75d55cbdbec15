"""Sending to open sockets, through API Gateway's management API (or its local twin)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from functools import lru_cache

from botocore.exceptions import ClientError

from chalicelib.platform import sdk, transport
from chalicelib.platform.config import config

log = logging.getLogger("foyer.sockets")

_AT_ONCE = 16
_GONE = 410


class Posted(Enum):
    """What became of a frame: a refused one (429, 413, 5xx) was tried again in vain."""

    SENT = "sent"
    GONE = "gone"
    REFUSED = "refused"


def post(connection_id: str, frame: bytes) -> Posted:
    """Send one frame (at most 128 kB) to a connection."""
    url = transport.connection_url(config().socket_endpoint, connection_id)
    status = transport.post_signed(url, frame)
    if status == _GONE:
        return Posted.GONE
    if status >= 300:
        log.error("a frame was refused with %d", status)
        return Posted.REFUSED
    return Posted.SENT


def post_all(connection_ids: Iterable[str], frame: bytes) -> dict[str, Posted]:
    """Send one frame to many, in parallel but bounded; what became of it, by connection."""
    ids = tuple(connection_ids)
    if len(ids) <= 1:
        return {one: post(one, frame) for one in ids}
    return dict(zip(ids, _pool().map(lambda one: post(one, frame), ids), strict=True))


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
