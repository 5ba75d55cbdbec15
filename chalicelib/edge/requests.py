"""The request in hand: the application that gets it, and what it brings, checked.

What can't be read raises a Problem; `edge.http` answers it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from chalice.app import Chalice, CORSConfig, Request, Response

from chalicelib.edge import answers, budgets, callers, responses
from chalicelib.kit.actors import Nobody
from chalicelib.kit.problems import Malformed, TooLarge, TooMany, invalid
from chalicelib.platform.observability import Work

BODY_LIMIT = 256 * 1024
_REFUSED = 1
"""Units of the budget of where a request comes from that no route takes."""

# Credentials travel in headers, never in cookies, so any origin may ask: a dashboard hosted
# elsewhere, and the widget on its host's page.
CORS = CORSConfig(
    allow_origin="*",
    allow_headers=["Idempotency-Key", "If-Match"],
    expose_headers=["Idempotency-Replayed", "RateLimit", "RateLimit-Policy", "Retry-After"],
    max_age=86_400,
)


class FoyerApp(Chalice):
    """Chalice, made to serve several requests at once and to refuse in one form.

    Chalice keeps the current request on the app, which is right for Lambda's one request at a
    time; on one machine requests run in threads, so views get it from the handler's own thread.
    """

    def __init__(self, app_name: str) -> None:
        super().__init__(app_name=app_name, configure_logs=False)
        self.register_middleware(_remember_request, "http")

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """The HTTP door."""
        request_context = event.get("requestContext") or {}
        route = f"{event.get('httpMethod')} {event.get('resource')}"
        with Work("http", route, str(request_context.get("requestId", ""))) as work:
            answer = super().__call__(event, context)
            work.line.status = answer["statusCode"]
            return answer


_current = threading.local()


def _remember_request(request: Request, get_response: Callable[[Request], Response]) -> Response:
    _current.request = request
    response = get_response(request)
    if isinstance(response.body, dict) and "Code" in response.body:
        return _refuse(request, response)
    return response


def _refuse(request: Request, response: Response) -> Response:
    """What Chalice refuses before any view saw it; who asks pays for that as well."""
    headers = {name: str(value) for name, value in response.headers.items()}
    headers |= CORS.get_access_control_headers()
    try:
        budgets.pay_request(Nobody(), callers.client_of(request).ip, _REFUSED, stores=False)
    except TooMany as problem:
        headers.pop("Allow", None)
        return responses.problem(answers.problem(problem, request_id(request)), headers)
    body = answers.gateway_refusal(response.status_code, request_id(request))
    return responses.problem(body, headers)


def current() -> Request:
    """The request that this thread answers."""
    request: Request = _current.request
    return request


def path_value(name: str, value: str) -> str:
    """API Gateway hands path parameters over as they were sent: percent-encoded."""
    plain = unquote(value, errors="replace")
    if len(plain) > 200 or not plain.isprintable():
        raise invalid(name, "is not an id")
    return plain


def query_values(request: Request) -> dict[str, str]:
    if request.query_params is None:
        return {}
    for name in request.query_params:
        if len(request.query_params.getlist(name)) > 1:
            raise invalid(name, "is given more than once")
    return dict(request.query_params)


def body(request: Request) -> bytes:
    try:
        raw = request.raw_body
        body = raw if isinstance(raw, bytes) else raw.encode()
    except ValueError as error:
        raise Malformed("The body is not UTF-8") from error
    if len(body) > BODY_LIMIT:
        raise TooLarge(f"A body may have at most {BODY_LIMIT:,} bytes")
    return body


def if_match(request: Request) -> int | None:
    value = request.headers.get("if-match")
    if value is None:
        return None
    plain = value.strip().removeprefix("W/").strip('"')
    if not (plain.isascii() and plain.isdigit() and len(plain) < 16):
        raise invalid("If-Match", 'is not a version such as "3"')
    return int(plain)


def request_id(request: Request) -> str:
    return str(request.context.get("requestId", ""))
