"""What can be seen of the running application: one line of log for each piece of work, and figures.

A door (`edge`) opens a piece of `Work`; whatever runs in it may `count` a `Metric`. Nothing that
people wrote or are called by goes into a line (docs/operations.md).
"""

from chalicelib.platform.observability.metrics import Metric
from chalicelib.platform.observability.work import (
    Work,
    by,
    count,
    current,
    listen,
    name,
    refuse,
    share,
)  # fmt: skip

__all__ = ["Metric", "Work", "by", "count", "current", "listen", "name", "refuse", "share"]
