"""The entry of `$disconnect`: whoever leaves must not wait for the whole application to load.

`app.py` declares the function and calls this; the deployed one begins here
(`Handler` in infra/resources.yaml), with less than half of what `app.py` imports.
"""

from __future__ import annotations

from typing import Any

from chalicelib.edge import frames
from chalicelib.realtime import service as realtime
from chalicelib.visitors import service as visitors

ON_CLOSE = (visitors.leave,)
"""Who wants to know that a connection has ended."""


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """`$disconnect`: a socket has closed."""
    del context
    return frames.disconnect(event, realtime.close_connection, ON_CLOSE)
