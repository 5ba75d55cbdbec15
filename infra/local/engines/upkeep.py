"""What dynoxide leaves to do on its SQLite file: index its streams, and put an end to them.

Version 1.2.1 reads every record that a stream has ever had, both to number the next one and to find
those after a place, and removes none: each thousand messages made every later one 0.5 ms dearer.
With an index over the expression that it asks for, both are one step, however long the stream is.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import closing
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

# A Python that was built without SQLite works too, only slower with the years.
sqlite3 = import_module("sqlite3") if find_spec("_sqlite3") else None

log = logging.getLogger("foyer.local")

_PATIENCE = 10.0
_NUMBER = "CAST(sequence_number AS INTEGER)"  # SQLite compares it with the query letter by letter
_INDEXES = (
    f"CREATE INDEX IF NOT EXISTS foyer_next_record ON _stream_records (table_name, {_NUMBER})",
    "CREATE INDEX IF NOT EXISTS foyer_records_after "
    f"ON _stream_records (table_name, shard_id, {_NUMBER})",
)
# The newest one that is done stays: the engine counts on from the highest number it finds.
_TRIM = f"DELETE FROM _stream_records WHERE shard_id = ? AND {_NUMBER} < ?"  # noqa: S608


def keep_up(database: Path, done: Mapping[str, str]) -> int:
    """Index the engine's streams and remove the records that were consumed.

    Call it while nobody else writes: the engine would have to wait. `done` is the last sequence
    number taken, by shard. Returns how many records went; an engine that keeps its streams
    otherwise is left alone.
    """
    if sqlite3 is None:
        return 0
    try:
        with closing(sqlite3.connect(database, timeout=_PATIENCE)) as engine, engine:
            for index in _INDEXES:
                engine.execute(index)
            places = [(shard, int(number)) for shard, number in done.items()]
            return sum(int(engine.execute(_TRIM, place).rowcount) for place in places)
    except sqlite3.Error as problem:
        log.warning("the engine's streams can't be indexed, so they slow it down: %s", problem)
        return 0


def vacuum(database: Path) -> None:
    """Write the engine's file anew, so that what was removed can't be read from its free pages."""
    if sqlite3 is None:
        return
    try:
        with closing(sqlite3.connect(database, timeout=_PATIENCE, isolation_level=None)) as engine:
            engine.execute("VACUUM")
            engine.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as problem:
        log.warning("what was removed may still be in %s: %s", database, problem)
