"""The application with one more kind of thing to do at a time, which notes when it was done."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from app import app, connect, consume_outbox, disconnect, every_minute, message
from chalicelib import wiring
from chalicelib.kit import instants
from chalicelib.platform.tables.due import Call

__all__ = ["app", "connect", "consume_outbox", "disconnect", "every_minute", "message"]

FOLLOW_UP = "bench.follow_up"
NOTES = "FOYER_BENCH_NOTES"


def follow_up(call: Call, now: datetime) -> None:
    """A line: when it was to be done, and when it was."""
    del now
    with Path(os.environ[NOTES]).open("a") as notes:
        notes.write(f"{instants.to_text(call.at)} {instants.to_text(instants.now())}\n")


_due: Any = wiring.DUE
_due[FOLLOW_UP] = follow_up
