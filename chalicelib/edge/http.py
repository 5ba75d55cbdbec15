"""Typed routes on Chalice blueprints.

    api = Api("conversations")

    @api.post(
        "/v1/conversations/{id}/close",
        by=(Operator,),
        needs=Grant.CONVERSATIONS_MANAGE,
        answers=ConversationOut,
    )
    def close(ctx: Context[Operator], id: str) -> ConversationOut:
        '''Close a conversation.'''
        return service.close(ctx, id)

A route declares who may call it (`by`) and which grant they need for it (`needs`), what it takes
(`body`, `query`), what it answers, and what it costs of its caller's budget (`cost`,
docs/limits.md). There is no default for `by`, nor for `needs` where a member changes something.

Around each view, here and nowhere else: credential → actor, bytes → checked values, problems →
problem+json. The same declarations make the OpenAPI document (`edge.openapi`) and the identity
matrix of the tests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import FunctionType
from typing import Any, Literal

from chalice.app import Blueprint, Request, Response

from chalicelib.edge import (
    answers,
    budgets,
    callers,
    idempotency,
    identities,
    requests,
    responses,
    wire,
)
from chalicelib.kit import instants
from chalicelib.kit.actors import Actor, ApiKey, Context, Nobody, Operator
from chalicelib.kit.grants import Grant
from chalicelib.kit.problems import (
    Forbidden,
    Problem,
    Unauthenticated,
    Unavailable,
)
from chalicelib.platform import observability

View = Callable[..., Any]

# Units of its caller's budget that a route costs where it doesn't say (`edge.purses`).
_READ, _WRITE = 1, 2
# An answer that is kept for a repeated `Idempotency-Key`, besides.
_KEY = 2


@dataclass(frozen=True, slots=True)
class Route:
    """One route as declared.

    `needs` is the grant that members and API keys must have; None for what every member may, what
    concerns nobody but the caller, and what is looked at where it is done.

    `answers` is None for 204, or a function where modules above add to the shape;
    `secret`: it answers with credentials;
    `keeps`: what a visitor sends stays for good; `loose`: a credential that isn't good (any more)
    is none, and no body is an empty one.
    """

    method: str
    path: str
    by: tuple[type[Actor], ...]
    needs: Grant | None
    body: type | None
    query: type | None
    answers: Any
    status: int
    view: View
    tag: str
    cost: int
    secret: bool = False
    keeps: bool = False
    loose: bool = False

    @property
    def shape(self) -> Any:
        """What it answers, once all modules have registered what they add."""
        return self.answers() if isinstance(self.answers, FunctionType) else self.answers

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
        needs: Grant | Literal["undeclared"] | None = "undeclared",
        body: type | None = None,
        query: type | None = None,
        answers: Any = None,
        cost: int | None = None,
        secret: bool = False,
        keeps: bool = False,
        loose: bool = False,
    ) -> Callable[[View], View]:
        changes = method != "GET" and not {Operator, ApiKey}.isdisjoint(by)
        if needs == "undeclared" and changes:
            raise TypeError(f"{method} {path}: say what it `needs`, None for nothing")
        needed = None if needs == "undeclared" else needs

        def declare(view: View) -> View:
            route = Route(
                method, path, by, needed, body, query, answers,
                status if answers is not None else 204, view, self.tag,
                (_READ if method == "GET" else _WRITE) if cost is None else cost, secret, keeps,
                loose,
            )  # fmt: skip
            self.routes.append(route)
            self.blueprint.route(path, methods=[method], cors=requests.CORS)(_entry(route))
            return view

        return declare


def _entry(route: Route) -> View:
    def entry(**path: str) -> Response:
        request = requests.current()
        request_id = requests.request_id(request)
        try:
            callers.admit(request)
            now = instants.now()
            actor = _actor(route, request, now)
            observability.by(actor)
            standing = _pay(route, request, actor)
            _admit(route, actor)
            if route.method == "GET":
                return _add_rate_limits(
                    _answer(route, request, request_id, path, actor, now), standing
                )
            answer = idempotency.once(
                request.headers.get("idempotency-key"),
                actor,
                f"{route.method} {request.to_original_event()['path']}",
                requests.body(request),
                now,
                lambda: _answer_or_refusal(route, request, request_id, path, actor, now),
                secret=route.secret,
            )
            return _add_rate_limits(answer, standing)
        except Problem as problem:
            return _refusal(problem, request_id)
        except Exception as error:
            what = f"{route.method} {route.path}"
            return responses.problem(answers.failure(error, what, request_id))

    entry.__name__ = route.view.__name__
    return entry


def _answer_or_refusal(
    route: Route,
    request: Request,
    request_id: str,
    path: dict[str, str],
    actor: Actor,
    now: datetime,
) -> Response:
    """A refusal is an answer too, what a repeated request gets; but not that it can't be now."""
    try:
        return _answer(route, request, request_id, path, actor, now)
    except Unavailable:
        raise
    except Problem as problem:
        return _refusal(problem, request_id)


def _refusal(problem: Problem, request_id: str) -> Response:
    return responses.problem(answers.problem(problem, request_id), _extra_headers(problem))


def _answer(
    route: Route,
    request: Request,
    request_id: str,
    path: dict[str, str],
    actor: Actor,
    now: datetime,
) -> Response:
    arguments: dict[str, Any] = {
        name: requests.path_value(name, value) for name, value in path.items()
    }
    if route.query is not None:
        arguments["query"] = wire.convert(requests.query_values(request), route.query)
    if route.body is not None:
        nothing = b"{}" if route.loose else b""
        arguments["body"] = wire.decode(requests.body(request) or nothing, route.body)
    context = Context(
        actor, now, request_id, requests.if_match(request), callers.client_of(request)
    )
    answer = route.view(context, **arguments)
    if route.answers is None:
        return Response("", {}, 204)
    return Response(
        wire.encode(answer).decode(), {"Content-Type": "application/json"}, route.status
    )


def _actor(route: Route, request: Request, now: datetime) -> Actor:
    """Public routes don't look at credentials: an old token must not keep anybody from login."""
    if route.by == (Nobody,):
        return Nobody()
    try:
        return identities.identify(request.headers.get("authorization"), now)
    except Unauthenticated:
        if route.loose:
            return Nobody()
        _pay(route, request, Nobody())
        raise


def _pay(route: Route, request: Request, actor: Actor) -> budgets.Standing | None:
    """What comes costs also when it will be refused. Raises TooMany."""
    body = request.to_original_event().get("body") or ""
    extra = _KEY if "idempotency-key" in request.headers else 0
    cost = route.cost + len(body) // 1024 + extra
    return budgets.pay_request(actor, callers.client_of(request).ip, cost, stores=route.keeps)


def _add_rate_limits(answer: Response, standing: budgets.Standing | None) -> Response:
    """The answer with how the caller's budget stands (draft-ietf-httpapi-ratelimit-headers)."""
    if standing is not None:
        size, window = standing.policy
        name = standing.purse.name
        answer.headers["RateLimit"] = f'"{name}";r={standing.remaining};t={standing.seconds}'
        answer.headers["RateLimit-Policy"] = f'"{name}";q={size};w={window}'
    return answer


def _admit(route: Route, actor: Actor) -> None:
    if isinstance(actor, route.by):
        grants = actor.grants if isinstance(actor, Operator | ApiKey) else frozenset(Grant)
        if route.needs is not None and route.needs not in grants:
            raise Forbidden(f"This needs the grant {route.needs}: {route.needs.sentence}")
        return
    if isinstance(actor, Nobody):
        raise Unauthenticated()
    raise Forbidden("This credential is for something else")


def _extra_headers(problem: Problem) -> dict[str, str]:
    if isinstance(problem, Unauthenticated):
        return {"WWW-Authenticate": "Bearer"}
    return {}
