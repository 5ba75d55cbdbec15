"""The HTTP door: requests as API Gateway hands them to Lambda, answers as it reads them."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import count
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from app import app
from chalicelib.wiring import ROUTES
from infra.local.events import rest_event
from infra.local.gateway.routes import Match, Routes
from tests.support.grants import within_grants

_numbers = count(1)
_ASCII = "".join(map(chr, range(128)))
"""What a browser leaves as it is in an address; it encodes the rest."""


@dataclass(frozen=True)
class Answer:
    """Status, headers and body; `json` is the parsed body (None for 204)."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None

    @property
    def code(self) -> str | None:
        """The problem's code, None when there is no problem."""
        return self.json.get("code") if self.status >= 400 else None

    def ok(self) -> Any:
        """The body of an answer that must be a success."""
        assert self.status < 300, (self.status, self.body)
        return self.json


@dataclass
class Client:
    """Somebody who asks, with or without a token."""

    token: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, None, headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.request("POST", path, body, headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.request("PATCH", path, body, headers)

    def delete(self, path: str, **headers: str) -> Answer:
        return self.request("DELETE", path, None, headers)

    def request(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
        """`body` is sent as JSON; bytes and text are sent as they are."""
        sent = body if isinstance(body, str | bytes | None) else json.dumps(body)
        return send(method, path, sent, {**self.all_headers, **headers})

    @property
    def all_headers(self) -> dict[str, str]:
        """What goes with every request."""
        credential = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return {"Content-Type": "application/json", **credential, **self.headers}


def send(method: str, url: str, body: str | bytes | None, headers: dict[str, str]) -> Answer:
    """One request through the application's own entry point."""
    with within_grants("api_handler"):
        answer = app(request_event(method, url, body, headers), None)
    flat = {name.lower(): str(value) for name, value in answer.get("headers", {}).items()}
    return Answer(answer["statusCode"], flat, answer["body"])


def request_event(
    method: str, url: str, body: str | bytes | None, headers: Mapping[str, str]
) -> dict[str, Any]:
    """A request as a machine's gateway hands it to the application."""
    parts = urlsplit(url)
    raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body or b""
    return rest_event(
        method=method,
        path=parts.path,
        match=_match(parts.path),
        query=quote(parts.query, safe=_ASCII, errors="surrogatepass").encode(),
        headers=_raw(headers),
        body=raw,
        binary=False,
        source_ip=headers.get("X-Test-Ip") or _source(),
        port=443,
    )


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Headers as they come over the wire."""
    raw = [(b"host", b"foyer.test")]
    for name, value in headers.items():
        raw.append((name.lower().encode(), value.encode("utf-8", "surrogatepass")))
    return raw


def _source() -> str:
    """An address for each test: wrong passwords are counted by it, and keep no other test out.

    Who asks outside a test (a benchmark does) comes from anywhere.
    """
    test = os.environ.get("PYTEST_CURRENT_TEST", f"{next(_numbers)} ").rpartition(" ")[0]
    digest = hashlib.sha256(test.encode()).hexdigest()
    return f"2001:db8:{digest[:4]}:{digest[4:8]}::7"


def path_of(template: str, **values: str) -> str:
    """A route's path with its parameters filled in."""
    return re.sub(r"\{(\w+)\}", lambda match: quote(values[match[1]], safe=""), template)


@cache
def _routes() -> Routes:
    return Routes(route.path for api in ROUTES for route in api.routes)


@lru_cache(maxsize=256)
def _match(path: str) -> Match:
    """The route and its parameters; the same again costs nothing, as at API Gateway."""
    found = _routes().match(path)
    if found is None:
        raise LookupError(f"no route {unquote(path)}")
    return found
