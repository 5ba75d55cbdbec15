"""docs/costs.md's table of actions, written from what is measured.

FOYER_WRITE_COSTS=1 python -m pytest tests/budgets      # after a change that is meant
"""

from __future__ import annotations

from dataclasses import dataclass

from infra.local.settings import ROOT
from tests.budgets.actions import REST, SOCKET, Action
from tests.budgets.meter import Meter

DOCUMENT = ROOT / "docs" / "costs.md"
BEGIN = "<!-- measured: tests/budgets -->"
END = "<!-- end of what is measured -->"
HEAD = (
    "| action | door | round trips | read units | write units | DynamoDB, $/M | all, $/M |\n"
    "|--------|------|------------:|-----------:|------------:|--------------:|---------:|"
)

# US dollars, us-east-1, on demand; docs/costs.md says where they are from.
WRITE_UNIT = 0.625 / 1e6
READ_UNIT = 0.125 / 1e6
DOORS = {REST: 3.5 / 1e6, SOCKET: 1.0 / 1e6}
INVOCATION = 0.2 / 1e6
GB_SECOND = 0.0000166667
MEMORY_GB = 1.0
SECONDS_PER_TRIP = 0.005
"""Of a call inside a region: DynamoDB's own promise is single-digit milliseconds."""
SECONDS_OF_OURS = 0.003
"""Of CPU on Lambda, rounded up."""


@dataclass(frozen=True)
class Price:
    """Dollars for one action."""

    dynamodb: float
    total: float


def price(one: Action, meter: Meter) -> Price:
    """DynamoDB's part, and with API Gateway and Lambda."""
    dynamodb = meter.read_units * READ_UNIT + meter.write_units * WRITE_UNIT
    seconds = SECONDS_OF_OURS + meter.round_trips * SECONDS_PER_TRIP
    around = DOORS.get(one.door, 0.0) + INVOCATION + seconds * MEMORY_GB * GB_SECOND
    return Price(dynamodb, dynamodb + around)


def row(one: Action, meter: Meter) -> str:
    """The action's line of the table."""
    paid = price(one, meter)
    return (
        f"| {one.name} | {one.door} | {meter.round_trips} | {meter.read_units:g} | "
        f"{meter.write_units:g} | {1e6 * paid.dynamodb:.2f} | {1e6 * paid.total:.2f} |"
    )


def documented_costs() -> dict[str, str]:
    """The table's lines as they stand in the document, by action."""
    table = DOCUMENT.read_text().partition(BEGIN)[2].partition(END)[0]
    lines = [line for line in table.strip().splitlines()[2:] if line.startswith("|")]
    return {line.split("|")[1].strip(): line for line in lines}


def write(lines: list[str]) -> None:
    """Put these lines into the document."""
    before, _, rest = DOCUMENT.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    table = "\n".join([HEAD, *lines])
    DOCUMENT.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}")
