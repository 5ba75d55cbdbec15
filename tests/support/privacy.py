"""What people told a machine, to be looked for where it must not be."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

from infra.local.testing import LocalFoyer

# A token of ours or of anybody's, an address of mail.
_SECRETS = re.compile(r"eyJ[\w-]{10,}|Bearer |[\w.+-]+@[\w-]+\.\w+")
_SHORTEST = 8


def leaks(machine: LocalFoyer) -> list[str]:
    """What of its people stands in a machine's log: names, texts, mails, pages, tokens.

    Words of their own (a name of one word) can't be told from the log's, so only what has several,
    or the form of an address, is looked for.
    """
    log = machine.logs.replace(machine.url, "").replace(machine.demo_url, "")  # it says where it is
    told = {text for text in texts(machine) if _is_telling(text) and text in log}
    return sorted(told) + _SECRETS.findall(log)


def _is_telling(text: str) -> bool:
    if text.startswith(
        "http://127.0.0.1"
    ):  # a page of these tests' own, which may be the machine's
        return False
    return len(text) >= _SHORTEST and any(sign in text for sign in (" ", "@", "://"))


def texts(machine: LocalFoyer) -> Iterator[str]:
    """Every text in every row of every table."""
    (database,) = (machine.data / "dynamodb").glob("*.db")
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as engine:
        tables = engine.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for row in engine.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - its own names
                for cell in row:
                    with suppress(ValueError, TypeError, RecursionError):
                        yield from _strings(json.loads(cell))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        # Values that are kept as JSON, and what people write that only begins so.
        with suppress(ValueError, RecursionError):
            if value[:1] in "[{":
                yield from _strings(json.loads(value))
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)
