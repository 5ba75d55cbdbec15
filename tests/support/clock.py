"""The clock's door: what EventBridge hands to the schedule function."""

from __future__ import annotations

from typing import Any


def schedule_event() -> dict[str, Any]:
    """A scheduled event, as EventBridge documents it."""
    return {
        "version": "0",
        "account": "123456789012",
        "region": "us-east-1",
        "detail": {},
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "time": "2026-01-01T00:00:00Z",
        "id": "cdc73f9d-aea9-11e3-9d5a-835b769c0d9c",
        "resources": ["arn:aws:events:us-east-1:123456789012:rule/every-minute"],
    }
