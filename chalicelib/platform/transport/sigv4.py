"""AWS Signature Version 4 for one request with a body in memory.

Follows https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html.
Not for S3, whose paths are neither normalised nor encoded twice: S3 stays on boto3.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote, urlsplit

ALGORITHM = "AWS4-HMAC-SHA256"
DEFAULT_PORTS = {"http": 80, "https": 443}
# Changed by proxies on the way, so botocore leaves them out of the signature too.
UNSIGNED_HEADERS = frozenset({"expect", "transfer-encoding", "user-agent", "x-amzn-trace-id"})


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who signs. `token` belongs to temporary keys, such as those of a Lambda function's role."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str | None = field(default=None, repr=False)


def sign(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    credentials: Credentials,
    region: str,
    service: str,
    now: datetime,
) -> dict[str, str]:
    """The headers to send: those given, plus Host, X-Amz-Date and Authorization.

    `url` is absolute and percent-encoded as it goes on the wire. `headers` has each name once,
    whatever its case. `now` is timezone-aware; AWS refuses what is more than 5 minutes off.

    Raises:
        ValueError: `now` is naive.
    """
    if now.tzinfo is None:
        raise ValueError("a signature's time needs a time zone")
    timestamp = _timestamp(int(now.timestamp()))
    host, path, query = _target(url)
    signed = _add_signing_headers(headers, host, timestamp, credentials.token)
    canonical_headers, names = _canonical_headers(signed)
    payload_hash = sha256(body).hexdigest()
    request = f"{method}\n{path}\n{query}\n{canonical_headers}\n{names}\n{payload_hash}"

    date = timestamp[:8]
    scope = f"{date}/{region}/{service}/aws4_request"
    text = f"{ALGORITHM}\n{timestamp}\n{scope}\n{sha256(request.encode()).hexdigest()}"
    key = signing_key(credentials.secret_key, date, region, service)
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    signed["Authorization"] = (
        f"{ALGORITHM} Credential={credentials.access_key}/{scope}, "
        f"SignedHeaders={names}, Signature={signature}"
    )
    return signed


@lru_cache(maxsize=64)
def signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    """The key of one day (`date` as YYYYMMDD), region and service: the same for all its calls."""
    key = ("AWS4" + secret).encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


@lru_cache(maxsize=4)
def _timestamp(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y%m%dT%H%M%SZ")


def _add_signing_headers(
    headers: Mapping[str, str], host: str, timestamp: str, token: str | None
) -> dict[str, str]:
    replaced = {"host", "authorization", "x-amz-date", "x-amz-security-token"}
    signed = {name: value for name, value in headers.items() if name.lower() not in replaced}
    signed["Host"] = host
    signed["X-Amz-Date"] = timestamp
    if token:
        signed["X-Amz-Security-Token"] = token
    return signed


def _canonical_headers(headers: Mapping[str, str]) -> tuple[str, str]:
    """One line per header, sorted, inner spaces collapsed; and the names joined by semicolons."""
    order, names = _order(tuple(headers))
    text = "".join([f"{low}:{' '.join(headers[name].split())}\n" for low, name in order])
    return text, names


@lru_cache(maxsize=64)
def _order(names: tuple[str, ...]) -> tuple[list[tuple[str, str]], str]:
    """Header names as they are signed, in order, each with its own; and them joined."""
    order = sorted((name.lower(), name) for name in names)
    order = [pair for pair in order if pair[0] not in UNSIGNED_HEADERS]
    return order, ";".join([low for low, _ in order])


@lru_cache(maxsize=256)
def _target(url: str) -> tuple[str, str, str]:
    """Host header, canonical path and canonical query of a URL."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    if parts.port and parts.port != DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{parts.port}"
    # Quoting what is already percent-encoded encodes it twice, as every service but S3 expects.
    path = quote(_normalise(parts.path), safe="/")
    pairs = [pair.partition("=") for pair in parts.query.split("&") if pair]
    # Here a percent sign stays: what is encoded already is encoded once only.
    encoded = sorted((quote(name, safe="%"), quote(value, safe="%")) for name, _, value in pairs)
    return host, path, "&".join([f"{name}={value}" for name, value in encoded])


def _normalise(path: str) -> str:
    """The path without empty, `.` and `..` segments (RFC 3986 §5.2.4)."""
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            segments[-1:] = []
        elif segment and segment != ".":
            segments.append(segment)
    closing = "/" if segments and path.endswith("/") else ""
    return "/" + "/".join(segments) + closing
