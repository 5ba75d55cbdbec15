"""What the API tells of itself: health, and its own description."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib.edge import openapi
from chalicelib.edge.frames import Action, Push
from chalicelib.edge.http import Api
from chalicelib.edge.wire import Output
from chalicelib.kit.actors import Context, Nobody
from chalicelib.kit.problems import Unavailable
from chalicelib.platform import health
from chalicelib.platform.config import config

ABOUT = "Customer support in your own AWS account or on one machine: see docs/."


class HealthOut(Output):
    """`status` is `ok` when requests are answered."""

    status: str
    version: str


def api_about(
    apis: Iterable[Api],
    actions: Iterable[Action],
    pushes: Sequence[Push],
    ids: Mapping[str, Sequence[str]],
) -> Api:
    """The routes that describe `apis` with their frames and ids, and themselves."""
    api = Api("meta")

    @api.get("/v1/health", by=(Nobody,), answers=HealthOut)
    def get_health(ctx: Context[Nobody]) -> HealthOut:
        """Tell that the API answers and can read its tables, and its version; 503 if it can't."""
        del ctx
        if not health.tables_answer():
            raise Unavailable("The tables can't be read at this moment")
        return HealthOut(status="ok", version=config().version)

    @functools.cache
    def document() -> dict[str, Any]:
        return openapi.document(
            (*apis, api), actions, pushes, ids, version=config().version, about=ABOUT
        )

    @api.get("/v1/openapi.json", by=(Nobody,), answers=dict[str, Any])
    def get_openapi(ctx: Context[Nobody]) -> dict[str, Any]:
        """Get this document."""
        del ctx
        return document()

    return api
