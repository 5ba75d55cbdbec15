"""The entry of the functions that take from the lanes' queues, which Chalice need not know.

It imports the lanes' reactions and nothing else of the application: `app.py` would bring every
route along.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.edge import lanes
from chalicelib.lanes import LANES


def handle(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Messages of a lane's queue: let their reactions do what is slow or outside."""
    return lanes.work(event, context, LANES)
