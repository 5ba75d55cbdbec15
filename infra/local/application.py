"""The application's functions, called as Lambda would call them."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from infra.local.context import invocation
from infra.local.gateway.routes import Routes

log = logging.getLogger("foyer.local")

Function = Callable[[Mapping[str, Any], Any], Any]
_API_SECONDS = 29.0
_BACKGROUND_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Cors:
    """How a resource answers a preflight: what `chalice package` puts into its mock integration."""

    headers: dict[str, str]


@dataclass(frozen=True)
class Application:
    """Every entry point of app.py and of chalicelib/queues.py, and what the REST routes are.

    `lanes` are those whose queues `handle_queue` takes from.
    `cors` has the resources that answer OPTIONS; `binary_types` are the media types that travel
    as base64.
    """

    rest: Function
    connect: Function
    message: Function
    disconnect: Function
    consume_outbox: Function
    every_minute: Function
    handle_queue: Function
    lanes: tuple[str, ...]
    routes: Routes
    methods: Mapping[str, frozenset[str]]
    cors: Mapping[str, Cors]
    binary_types: frozenset[str]

    def is_binary(self, media_types: str) -> bool:
        """Whether the first media type of a Content-Type or Accept header is a binary one."""
        first = media_types.partition(",")[0].partition(";")[0].strip().lower()
        return first in self.binary_types or "*/*" in self.binary_types


def load_application(module: str = "app") -> Application:
    """Import the application; its environment has to be set before (`tell_application`)."""
    loaded = importlib.import_module(module)
    queues = importlib.import_module("chalicelib.queues")
    chalice = loaded.app
    return Application(
        rest=_bind_context("api", chalice, _API_SECONDS),
        connect=_bind_context("connect", loaded.connect, _API_SECONDS),
        message=_bind_context("message", loaded.message, _API_SECONDS),
        disconnect=_bind_context("disconnect", loaded.disconnect, _API_SECONDS),
        consume_outbox=_bind_context("consume_outbox", loaded.consume_outbox, _BACKGROUND_SECONDS),
        every_minute=_bind_context("every_minute", loaded.every_minute, _BACKGROUND_SECONDS),
        handle_queue=_bind_context("queues", queues.handle, _BACKGROUND_SECONDS),
        lanes=tuple(queues.LANES),
        routes=Routes(chalice.routes),
        methods={path: frozenset(methods) for path, methods in chalice.routes.items()},
        cors={path: cors for path, methods in chalice.routes.items() if (cors := _cors(methods))},
        binary_types=frozenset(chalice.api.binary_types),
    )


def _bind_context(name: str, function: Callable[[Any, Any], Any], seconds: float) -> Function:
    """The function with Lambda's context for an argument."""

    def invoke(event: Mapping[str, Any], request_id: Any) -> Any:
        return function(event, invocation(name, str(request_id), seconds))

    return invoke


def _cors(methods: Mapping[str, Any]) -> Cors | None:
    allowing = [name for name, route in methods.items() if route.cors is not None]
    if not allowing:
        return None
    headers = methods[allowing[0]].cors.get_access_control_headers()
    return Cors({"Access-Control-Allow-Methods": ",".join([*allowing, "OPTIONS"]), **headers})
