"""Figures for alarms and the dashboard, by CloudWatch's embedded metric format: a line of the log,
and no call. Powertools makes the line.

All are of a deployment, never of a workspace or a route: each dimension is a metric to pay for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

import msgspec
from aws_lambda_powertools.metrics import EphemeralMetrics

from chalicelib.platform.config import config
from chalicelib.platform.observability import logs

NAMESPACE = "Foyer"
DIMENSION = "Stage"
_COUNT, _MILLISECONDS = "Count", "Milliseconds"
_MOST = 99
"""Values of a line: at the hundredth Powertools writes what it has by itself, and then refuses to
make a line of nothing."""


class Metric(Enum):
    """What is counted, with its unit. infra/alarms.yaml and infra/dashboard.yaml show them."""

    REACTIONS_FAILED = ("ReactionsFailed", _COUNT)
    """Reactions to events that raised, first tries and later ones."""
    REACTIONS_PARKED = ("ReactionsParked", _COUNT)
    """Of these, those that were put aside to be tried again."""
    REACTIONS_GIVEN_UP = ("ReactionsGivenUp", _COUNT)
    """Those that failed for a day."""
    PARKED_TOO_LONG = ("ParkedTooLong", _COUNT)
    """How many wait for over an hour: each minute, also none."""
    GIVEN_UP = ("GivenUp", _COUNT)
    """How many are given up and not redriven: each minute, also none."""
    LANE_FAILED = ("LaneFailed", _COUNT)
    """Tries of messages in queues that have failed for minutes."""
    DUE_FAILED = ("DueFailed", _COUNT)
    """What was due and failed: each minute, also none."""
    WAKE_LATENESS = ("WakeLateness", _MILLISECONDS)
    """How much later than its time the last thing due was done, in a minute with any."""
    EVENT_LAG = ("EventLag", _MILLISECONDS)
    """From each event to the end of its reactions."""
    POSTS_SENT = ("PostsSent", _COUNT)
    """Frames that reached a socket."""
    POSTS_GONE = ("PostsGone", _COUNT)
    """Frames whose socket had gone."""
    POSTS_REFUSED = ("PostsRefused", _COUNT)
    """Frames that were refused again and again, or for which there was no time left."""
    RETRIES = ("Retries", _COUNT)
    """Requests to DynamoDB that were sent again: throttled, lost or in conflict."""
    CONFLICTS = ("Conflicts", _COUNT)
    """Commits that began anew because somebody else was quicker."""
    LOCK_OUTS = ("LockOuts", _COUNT)
    """Tries to log in that were refused unseen, after too many wrong ones."""

    @property
    def label(self) -> str:
        """Its name in CloudWatch."""
        return self.value[0]

    @property
    def unit(self) -> str:
        return self.value[1]


def write(figures: Iterable[tuple[Metric, float]]) -> None:
    """Write figures of this moment: counts summed up, times each on its own."""
    if not logs.settings.as_json:
        return
    sums: dict[Metric, float] = {}
    values: list[tuple[Metric, float]] = []
    for metric, value in figures:
        if metric.unit == _COUNT:
            sums[metric] = sums.get(metric, 0) + value
        else:
            values.append((metric, value))
    values += sums.items()
    for start in range(0, len(values), _MOST):
        logs.write_metrics(_line(values[start : start + _MOST]))


def _line(figures: Sequence[tuple[Metric, float]]) -> str:
    line = EphemeralMetrics(namespace=NAMESPACE)
    line.add_dimension(DIMENSION, config().prefix)
    for metric, value in figures:
        line.add_metric(metric.label, metric.unit, value)
    return msgspec.json.encode(line.serialize_metric_set()).decode()
