"""What an action asks of DynamoDB: round trips one after the other, and capacity units."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from chalicelib.platform.observability.observe import Call, observe


@dataclass
class Meter:
    """The calls of one action."""

    calls: list[Call] = field(default_factory=list)

    @property
    def round_trips(self) -> int:
        """How many calls had to wait for the one before; calls that overlap count as one."""
        count, busy_until = 0, float("-inf")
        for call in sorted(self.calls, key=lambda call: call.started):
            if call.started >= busy_until:
                count += 1
            busy_until = max(busy_until, call.started + call.duration)
        return count

    @property
    def read_units(self) -> float:
        return sum(call.read_units for call in self.calls)

    @property
    def write_units(self) -> float:
        """A write whose condition fails is paid, too: one unit for our small rows, untold here.

        https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
        """
        refused = sum(call.error == "ConditionalCheckFailedException" for call in self.calls)
        return refused + sum(call.write_units for call in self.calls)

    @property
    def operations(self) -> list[str]:
        return [call.operation for call in self.calls]

    def __str__(self) -> str:
        told = "; ".join(
            f"{call.operation} r{call.read_units:g} w{call.write_units:g} {_tables(call)}"
            for call in self.calls
        )
        return (
            f"{self.round_trips} round trips, {self.read_units:g} read units, "
            f"{self.write_units:g} write units ({told})"
        )


@contextmanager
def new_meter() -> Iterator[Meter]:
    """Count what happens inside, in whatever thread."""
    meter = Meter()
    with observe(meter.calls.append, everywhere=True):
        yield meter


def cost(action: Callable[[], Any]) -> Meter:
    """Do it, and tell what it cost."""
    with new_meter() as meter:
        action()
    return meter


def _tables(call: Call) -> str:
    return ",".join(
        f"{entry['TableName'].partition('-')[2]}:{entry['CapacityUnits']:g}"
        for entry in call.consumed
    )
