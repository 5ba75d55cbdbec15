"""The engine's streams stay quick, however many records they ever had."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from infra.local.engines.engine import dynoxide_binary
from infra.local.engines.upkeep import keep_up
from infra.local.testing import LocalFoyer
from tests.local.conftest import Notes
from tests.local.serving import ask, until
from tests.local.test_poller import name_of

NEXT_NUMBER = (
    "SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 "
    "FROM _stream_records WHERE table_name = ?1"
)
RECORDS_AFTER = """FROM _stream_records
             WHERE table_name = ?1 AND shard_id = ?2 AND CAST(sequence_number AS INTEGER) > ?3
             ORDER BY CAST(sequence_number AS INTEGER) ASC
             LIMIT ?4"""


def query_file(foyer: LocalFoyer, statement: str, *values: Any) -> list[Any]:
    """Ask the engine's file itself; the machine must be stopped."""
    with closing(sqlite3.connect(foyer.data / "dynamodb" / "foyer.db")) as engine:
        return engine.execute(statement, values).fetchall()


def delivered_ids(call_notes: Notes) -> list[str]:
    return [name_of(record) for record in call_notes("event")]


def test_what_the_engine_asks_of_a_stream_is_answered_by_an_index(
    tiny: tuple[LocalFoyer, Notes],
) -> None:
    foyer, _ = tiny
    foyer.start()
    foyer.stop()
    binary = dynoxide_binary().read_bytes()
    assert NEXT_NUMBER.encode() in binary, "another version asks otherwise: is it still slow?"
    assert RECORDS_AFTER.encode() in binary, "another version asks otherwise: is it still slow?"
    plans = [
        query_file(foyer, f"EXPLAIN QUERY PLAN {NEXT_NUMBER}", "outbox"),
        query_file(
            foyer, f"EXPLAIN QUERY PLAN SELECT event_name {RECORDS_AFTER}", "outbox", "shard", 1, 10
        ),
    ]
    assert [[step for *_, step in plan] for plan in plans] == [
        ["SEARCH _stream_records USING INDEX foyer_next_record (table_name=?)"],
        [
            "SEARCH _stream_records USING INDEX foyer_records_after "
            "(table_name=? AND shard_id=? AND <expr>>?)"
        ],
    ]


def test_a_start_removes_what_was_consumed_and_numbers_go_on(
    tiny: tuple[LocalFoyer, Notes],
) -> None:
    foyer, call_notes = tiny
    written = []
    for life in range(3):
        foyer.start()
        for number in range(10):
            written.append(f"{life}-{number}")
            assert ask(foyer.port, "PUT", f"/v1/facts/{written[-1]}").status == 200
        until(lambda: len(delivered_ids(call_notes)) >= len(written))
        foyer.stop()
    assert delivered_ids(call_notes) == written, "each once, in order"
    left = query_file(foyer, "SELECT sequence_number FROM _stream_records ORDER BY id")
    assert [int(number) for (number,) in left] == list(range(20, 31)), "the last life's, and one"


def test_an_engine_that_keeps_its_streams_otherwise_is_left_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    database = tmp_path / "another.db"
    with closing(sqlite3.connect(database)) as engine, engine:
        engine.execute("CREATE TABLE things (id TEXT)")
    assert keep_up(database, {"shard": "7"}) == 0
    assert "can't be indexed" in caplog.text
    with closing(sqlite3.connect(database)) as engine:
        assert engine.execute("SELECT name FROM sqlite_master").fetchall() == [("things",)]
