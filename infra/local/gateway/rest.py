"""API Gateway's REST side: HTTP in, proxy events to the application, HTTP out.

A plain ASGI application: a router and middleware would cost more than all of this does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from infra.local.application import Application
from infra.local.events import rest_event
from infra.local.gateway.answers import Answer, Malformed, compress, from_function, refusal
from infra.local.gateway.asgi import (
    Receive,
    Scope,
    Send,
    Unfinished,
    accepts_gzip,
    header,
    read_body,
    send_answer,
    source_ip,
)
from infra.local.gateway.limits import AWS, Limits
from infra.local.gateway.routes import Match
from infra.local.gateway.workers import Busy, Workers, lane_of

log = logging.getLogger("foyer.local")

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Gateway:
    """Answers the application's REST routes; `writers` run those that may write.

    `wrote` is called, in a worker's thread, after each invocation that may have written.
    """

    def __init__(
        self,
        application: Application,
        workers: Workers,
        writers: Workers,
        port: int,
        wrote: Callable[[], None],
        limits: Limits = AWS,
    ) -> None:
        self._application = application
        self._workers = workers
        self._writers = writers
        self._port = port
        self._wrote = wrote
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._answer(scope, receive)
        except Unfinished:  # nobody hears this any more, and nothing was begun
            answer = refusal(408, "Request Timeout")
        await send_answer(send, answer)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        method, path = scope["method"], scope["raw_path"].decode("latin-1")
        match = self._application.routes.match(path)
        if match is None:
            return refusal(404, "Not found")
        if method not in self._application.methods[match.resource]:
            return self._preflight(method, match)
        body = await read_body(scope, receive, self._limits.request_body)
        if body is None or len(body) > self._limits.invocation:
            return refusal(413, "Request Too Long")
        binary = self._application.is_binary(_text(scope, b"content-type"))
        event = rest_event(
            method=method,
            path=path,
            match=match,
            query=scope["query_string"],
            headers=scope["headers"],
            body=body,
            binary=binary,
            source_ip=source_ip(scope),
            port=self._port,
            scheme=scope["scheme"],
        )
        lane = lane_of(source_ip(scope), _text(scope, b"authorization"))
        return await self._invoke(event, scope, lane)

    async def _invoke(self, event: dict[str, Any], scope: Scope, lane: str) -> Answer:
        request_id: str = event["requestContext"]["requestId"]
        binary = self._application.is_binary(_text(scope, b"accept"))
        method = scope["method"]
        writes = method not in _READING

        def work() -> Answer:
            response = self._application.rest(event, request_id)
            if writes:
                self._wrote()
            answer = from_function(response, request_id=request_id, accept_binary=binary)
            return compress(answer) if accepts_gzip(scope) else answer

        try:
            pending = (self._writers if writes else self._workers).submit(work, lane)
            answer: Answer = await asyncio.wait_for(pending, self._limits.request_seconds)
        except Busy:
            return refusal(429, "Too many requests", request_id)
        except TimeoutError:
            return refusal(504, "Endpoint request timed out", request_id)
        except Malformed as problem:
            log.error("request %s: the answer is no proxy response: %s", request_id, problem)
            return refusal(502, "Internal server error", request_id)
        except Exception:  # the edge: whatever a function raises is API Gateway's 502
            log.exception("request %s: the function failed", request_id)
            return refusal(502, "Internal server error", request_id)
        if len(answer.body) > self._limits.invocation:
            log.error("request %s: an answer of %d bytes", request_id, len(answer.body))
            return refusal(502, "Internal server error", request_id)
        return answer

    def _preflight(self, method: str, match: Match) -> Answer:
        cors = self._application.cors.get(match.resource)
        if method != "OPTIONS" or cors is None:
            return refusal(404, "Not found")
        headers = [(name.lower().encode(), value.encode()) for name, value in cors.headers.items()]
        headers += [(b"content-type", b"application/json"), (b"content-length", b"0")]
        return Answer(200, headers, b"")


def _text(scope: Scope, name: bytes) -> str:
    return (header(scope, name) or b"").decode("latin-1")
