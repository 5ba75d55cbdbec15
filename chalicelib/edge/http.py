"""Typed routes on Chalice blueprints.

    api = Api("conversations")

    @api.post("/v1/conversations/{id}/close", by=(Operator,), answers=ConversationOut)
    def close(ctx: Context[Operator], id: str) -> ConversationOut:
        '''Close a conversation.'''
        return service.close(ctx, id)

A route declares who may call it (`by`, and `role` for operators), what it takes (`body`, `query`)
and what it answers; there is no default for `by`. Around each view, here and nowhere else:
credential → actor, bytes → checked values, problems → problem+json. The same declarations make
the OpenAPI document (`edge.openapi`) and the identity matrix of the tests.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from chalice.app import Blueprint, Chalice, CORSConfig, Request, Response

from chalicelib.edge import answers, callers, idempotency, identities, wire
from chalicelib.kit import instants
from chalicelib.kit.actors import Actor, Context, Nobody, Operator, Role
from chalicelib.kit.problems import (
    Forbidden,
    Malformed,
    Problem,
    TooLarge,
    Unauthenticated,
    Unavailable,
    invalid,
)

BODY_LIMIT = 256 * 1024

# Credentials travel in headers, never in cookies, so any origin may ask: a dashboard hosted
# elsewhere, and the widget on its host's page.
CORS = CORSConfig(
    allow_origin="*",
    allow_headers=["Idempotency-Key", "If-Match"],
    expose_headers=["Idempotency-Replayed", "Retry-After"],
    max_age=86_400,
)

View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Route:
    """One route as declared. `answers` is None for 204; `secret`: it answers with credentials."""

    method: str
    path: str
    by: tuple[type[Actor], ...]
    role: Role
    body: type | None
    query: type | None
    answers: Any
    status: int
    view: View
    tag: str
    secret: bool = False

    @property
    def summary(self) -> str:
        """The first line of the view's docstring."""
        return (self.view.__doc__ or "").strip().split("\n")[0]


class Api:
    """The routes of one module, on one blueprint."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.routes: list[Route] = []
        self.blueprint = Blueprint(f"chalicelib.{tag}.routes")

    def get(self, path: str, **declared: Any) -> Callable[[View], View]:
        """Declare a route that reads. See `Route` for the keywords."""
        return self._route("GET", path, 200, **declared)

    def post(self, path: str, *, status: int = 200, **declared: Any) -> Callable[[View], View]:
        """Declare a route that makes something or does a named action."""
        return self._route("POST", path, status, **declared)

    def patch(self, path: str, **declared: Any) -> Callable[[View], View]:
        """Declare a route that changes fields (merge)."""
        return self._route("PATCH", path, 200, **declared)

    def delete(self, path: str, **declared: Any) -> Callable[[View], View]:
        """Declare a route that removes."""
        return self._route("DELETE", path, 204, **declared)

    def _route(
        self,
        method: str,
        path: str,
        status: int,
        *,
        by: tuple[type[Actor], ...],
        role: Role = Role.OPERATOR,
        body: type | None = None,
        query: type | None = None,
        answers: Any = None,
        secret: bool = False,
    ) -> Callable[[View], View]:
        def declare(view: View) -> View:
            route = Route(
                method, path, by, role, body, query, answers,
                status if answers is not None else 204, view, self.tag, secret,
            )  # fmt: skip
            self.routes.append(route)
            self.blueprint.route(path, methods=[method], cors=CORS)(_entry(route))
            return view

        return declare


class FoyerApp(Chalice):
    """Chalice, made to serve several requests at once and to refuse in one form.

    Chalice keeps the current request on the app, which is right for Lambda's one request at a
    time; on one machine requests run in threads, so views get it from the handler's own thread.
    """

    def __init__(self, app_name: str) -> None:
        super().__init__(app_name=app_name, configure_logs=False)
        self.register_middleware(_remember_request, "http")


_current = threading.local()


def _remember_request(request: Request, get_response: Callable[[Request], Response]) -> Response:
    _current.request = request
    response = get_response(request)
    if isinstance(response.body, dict) and "Code" in response.body:
        told = answers.gateway_refusal(response.status_code, _request_id(request))
        headers = {name: str(value) for name, value in response.headers.items()}
        headers |= CORS.get_access_control_headers()
        return answers.problem_response(told, headers)
    return response


def _entry(route: Route) -> View:
    def entry(**path: str) -> Response:
        request: Request = _current.request
        request_id = _request_id(request)
        try:
            now = instants.now()
            actor = _actor(route, request, now)
            _admit(route, actor)
            if route.method == "GET":
                return _answered(route, request, request_id, path, actor, now)
            return idempotency.once(
                request.headers.get("idempotency-key"),
                actor,
                f"{route.method} {request.to_original_event()['path']}",
                _body(request),
                now,
                lambda: _answered_or_refused(route, request, request_id, path, actor, now),
                secret=route.secret,
            )
        except Problem as problem:
            return _refused(problem, request_id)
        except Exception as error:
            what = f"{route.method} {route.path}"
            return answers.problem_response(answers.failure(error, what, request_id))

    entry.__name__ = route.view.__name__
    return entry


def _answered_or_refused(
    route: Route,
    request: Request,
    request_id: str,
    path: dict[str, str],
    actor: Actor,
    now: datetime,
) -> Response:
    """A refusal is an answer too, what a repeated request gets; but not that it can't be now."""
    try:
        return _answered(route, request, request_id, path, actor, now)
    except Unavailable:
        raise
    except Problem as problem:
        return _refused(problem, request_id)


def _refused(problem: Problem, request_id: str) -> Response:
    return answers.problem_response(answers.problem(problem, request_id), _extra_headers(problem))


def _answered(
    route: Route,
    request: Request,
    request_id: str,
    path: dict[str, str],
    actor: Actor,
    now: datetime,
) -> Response:
    given: dict[str, Any] = {name: _path_value(name, value) for name, value in path.items()}
    if route.query is not None:
        given["query"] = wire.converted(_query_values(request), route.query)
    if route.body is not None:
        given["body"] = wire.decoded(_body(request), route.body)
    context = Context(actor, now, request_id, _if_match(request), callers.client_of(request))
    answer = route.view(context, **given)
    if route.answers is None:
        return Response("", {}, 204)
    return Response(
        wire.encoded(answer).decode(), {"Content-Type": "application/json"}, route.status
    )


def _actor(route: Route, request: Request, now: datetime) -> Actor:
    """Public routes don't look at credentials: an old token must not keep anybody from login."""
    if route.by == (Nobody,):
        return Nobody()
    return identities.identify(request.headers.get("authorization"), now)


def _admit(route: Route, actor: Actor) -> None:
    if isinstance(actor, route.by):
        if isinstance(actor, Operator) and not actor.role.covers(route.role):
            raise Forbidden(f"This needs the role {route.role.value}")
        return
    if isinstance(actor, Nobody):
        raise Unauthenticated()
    raise Forbidden("This credential is for something else")


def _path_value(name: str, value: str) -> str:
    """API Gateway hands path parameters over as they were sent: percent-encoded."""
    plain = unquote(value, errors="replace")
    if len(plain) > 200 or not plain.isprintable():
        raise invalid(name, "is not an id")
    return plain


def _query_values(request: Request) -> dict[str, str]:
    if request.query_params is None:
        return {}
    for name in request.query_params:
        if len(request.query_params.getlist(name)) > 1:
            raise invalid(name, "is given more than once")
    return dict(request.query_params)


def _body(request: Request) -> bytes:
    try:
        raw = request.raw_body
        body = raw if isinstance(raw, bytes) else raw.encode()
    except ValueError as error:
        raise Malformed("The body is not UTF-8") from error
    if len(body) > BODY_LIMIT:
        raise TooLarge(f"A body may have at most {BODY_LIMIT:,} bytes")
    return body


def _if_match(request: Request) -> int | None:
    sent = request.headers.get("if-match")
    if sent is None:
        return None
    plain = sent.strip().removeprefix("W/").strip('"')
    if not (plain.isascii() and plain.isdigit() and len(plain) < 16):
        raise invalid("If-Match", 'is not a version such as "3"')
    return int(plain)


def _extra_headers(problem: Problem) -> dict[str, str]:
    if isinstance(problem, Unauthenticated):
        return {"WWW-Authenticate": "Bearer"}
    return {}


def _request_id(request: Request) -> str:
    return str(request.context.get("requestId", ""))
