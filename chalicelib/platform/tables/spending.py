"""What is spent by those who spend much, summed up over all processes.

| question                                   | asked of | key                                    |
|--------------------------------------------|----------|----------------------------------------|
| how much was spent of a purse in a window  | spending | id = hash of purse, owner and window   |

Only who spends a good part of a purse in one process ever has a row (`edge.budgets`).
"""

from __future__ import annotations

import hashlib
import logging

from pynamodb.exceptions import UpdateError

from chalicelib.platform import transport
from chalicelib.platform.config import table_name
from chalicelib.platform.observability.failures import describe
from chalicelib.platform.tables.rows import Model, NumberAttribute, UnicodeAttribute

transport.install()
log = logging.getLogger("foyer.budgets")


class Spent(Model):
    class Meta:
        table_name = table_name("spending")

    id = UnicodeAttribute(hash_key=True)
    units = NumberAttribute()
    expires_at = NumberAttribute()


def add(purse: str, owner: str, window: int, units: int, expires_at: int) -> int:
    """Add to what `owner` spent in a window; what all processes together have. One write unit.

    0 when the table can't be reached: who asks mustn't suffer from it, and each process still has
    its own count.
    """
    digest = hashlib.sha256("\x00".join((purse, owner, str(window))).encode()).hexdigest()
    row = Spent(id=digest)
    try:
        row.update(actions=[Spent.units.add(units), Spent.expires_at.set(expires_at)])
    except UpdateError as error:
        log.warning("what was spent of %s could not be told: %s", purse, describe(error))
        return 0
    return int(row.units)
