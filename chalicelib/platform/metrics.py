"""Figures for alarms, by CloudWatch's embedded metric format: a line of the log, and no call.

The format: "Specification: Embedded metric format" in the CloudWatch user guide.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping

import msgspec

from chalicelib.platform.config import config

NAMESPACE = "Foyer"
DIMENSION = "Stage"


def tell(figures: Mapping[str, int]) -> None:
    """Print figures of this moment under the deployment's prefix, where CloudWatch reads them."""
    if "AWS_LAMBDA_FUNCTION_NAME" not in os.environ:
        return
    about = {
        "Namespace": NAMESPACE,
        "Dimensions": [[DIMENSION]],
        "Metrics": [{"Name": name, "Unit": "Count"} for name in figures],
    }
    line = {
        "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [about]},
        DIMENSION: config().prefix,
        **figures,
    }
    sys.stdout.write(msgspec.json.encode(line).decode() + "\n")
