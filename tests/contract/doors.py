"""The application behind a WSGI door, for tools that test a contract by asking."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from itertools import count
from typing import Any

from tests.support.api import Answer, send

_numbers = count(1)


def wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """One request; a path that no route has is API Gateway's to refuse, with 403."""
    answer = _answer(environ)
    reason = HTTPStatus(answer.status).phrase
    start_response(f"{answer.status} {reason}", list(answer.headers.items()))
    return [answer.body.encode()]


def _answer(environ: dict[str, Any]) -> Answer:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length) if length else None
    try:
        return send(environ["REQUEST_METHOD"], _url(environ), body, _headers(environ))
    except LookupError:
        return Answer(403, {"content-type": "application/json"}, '{"message":"Forbidden"}')


def _url(environ: dict[str, Any]) -> str:
    """As it was sent: percent-encoded, which `PATH_INFO` isn't any more."""
    path = str(environ["REQUEST_URI"]).partition("?")[0]
    return f"{path}?{environ['QUERY_STRING']}"


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    headers = {
        name[5:].replace("_", "-").title(): str(value)
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    if environ.get("CONTENT_TYPE"):
        headers["Content-Type"] = environ["CONTENT_TYPE"]
    # Wrong passwords are counted by source: these must keep nobody else from signing in.
    return {**headers, "X-Test-Ip": f"2001:db8:a5c:{next(_numbers):x}::1"}
