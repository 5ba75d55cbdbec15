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
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from app import app
from chalicelib.wiring import ROUTES

_numbers = count(1)


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
        return send(method, path, sent, {**self._headers(), **headers})

    def _headers(self) -> dict[str, str]:
        credential = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return {"Content-Type": "application/json", **credential, **self.headers}


def send(method: str, url: str, body: str | bytes | None, headers: dict[str, str]) -> Answer:
    """One request through the application's own entry point."""
    parts = urlsplit(url)
    template, path = _matched(method, parts.path)
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        query.setdefault(name, []).append(value)
    text = body.decode("utf-8", "surrogateescape") if isinstance(body, bytes) else body
    event = {
        "resource": template,
        "path": parts.path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": dict(path) or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": template,
            "httpMethod": method,
            "requestId": f"req-{next(_numbers)}",
            "identity": {"sourceIp": headers.get("X-Test-Ip") or _source()},
        },
        "body": text,
        "isBase64Encoded": False,
    }
    answer = app(event, None)
    flat = {name.lower(): str(value) for name, value in answer.get("headers", {}).items()}
    return Answer(answer["statusCode"], flat, answer["body"])


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
def _patterns() -> list[tuple[str, str, re.Pattern[str]]]:
    routes = [route for api in ROUTES for route in api.routes]
    # A literal part goes before a parameter, as in API Gateway.
    return sorted(
        (
            (
                route.method,
                route.path,
                re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route.path)),
            )
            for route in routes
        ),
        key=lambda entry: entry[1].count("{"),
    )


@lru_cache(maxsize=256)
def _matched(method: str, path: str) -> tuple[str, Mapping[str, str]]:
    """The route and its parameters; the same again costs nothing, as at API Gateway."""
    found = [
        (declared, template, match.groupdict())
        for declared, template, pattern in _patterns()
        if (match := pattern.fullmatch(path))
    ]
    for declared, template, values in found:
        if declared == method:
            return template, values
    if found:
        return found[0][1], found[0][2]
    raise LookupError(f"no route {method} {unquote(path)}")
