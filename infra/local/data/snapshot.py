"""What a backup holds, read while everything runs, in the order that keeps it consistent.

Each part may be newer than the one before it, never older than what refers to it:

    the stream's place     first: what follows it is delivered again, and nothing is skipped
    the database           one read transaction of SQLite's, so one moment of it
    the files' index       before the files, so each name in it has its bytes
    the volumes            their index before their data, as after a crash, which they are made for
    keys, mail, the rest   last: a newer ring of keys still has the older ones
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from infra.local.problems import CannotStart

# A Python that was built without SQLite runs Foyer, but can't read its database.
sqlite3 = import_module("sqlite3") if find_spec("_sqlite3") else None

PARTS = ("run", "dynamodb", "storage", "keys", "mail", "log")
DATABASE = "dynamodb/foyer.db"
_NOTES = ("run/stream.json", "run/demo.json", "run/storage-ports.json")
_INDEX = "filerldb2"
_LATER = (".dat",)
_TRIES = 20


class NotReadable(Exception):
    """The folder can't be read as a whole; the message says why."""


def snapshot(data: Path, into: Path) -> list[str]:
    """Copy a data folder's contents into an empty folder; the files' names, sorted.

    Raises:
        NotReadable: There is no database, or the file storage was never at rest.
    """
    if not (data / DATABASE).exists():
        raise NotReadable(f"{data} has no database: Foyer never ran there.")
    _copy(data, into, "run/stream.json")
    _copy_database(data / DATABASE, into / DATABASE)
    _copy_storage(data / "storage", into / "storage")
    for name in (*_NOTES[1:], "log/given-up-events.jsonl"):
        _copy(data, into, name)
    for part in ("keys", "mail"):
        for path in sorted((data / part).glob("*")):
            if path.is_file() and not path.name.startswith("."):
                _copy(data, into, f"{part}/{path.name}")
    return sorted(str(path.relative_to(into)) for path in _files(into))


def check_database(path: Path) -> None:
    """See that a database is whole.

    Raises:
        NotReadable: It isn't.
    """
    engine = _sqlite()
    try:
        with closing(engine.connect(f"{path.as_uri()}?mode=ro", uri=True)) as opened:
            verdict = opened.execute("PRAGMA integrity_check").fetchone()[0]
    except engine.Error as problem:
        verdict = str(problem)
    if verdict != "ok":
        raise NotReadable(f"the database in it is damaged: {verdict}")


def _copy_database(source: Path, target: Path) -> None:
    """By SQLite's own online backup, in one step: writers go on, and what they do after it began
    isn't in it."""
    engine = _sqlite()
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        closing(engine.connect(f"{source.as_uri()}?mode=ro", uri=True, timeout=10)) as live,
        closing(engine.connect(target)) as copy,
    ):
        live.backup(copy)
        # One file, readable without a log beside it; the engine turns its log on again.
        copy.execute("PRAGMA journal_mode = DELETE")


def _copy_storage(source: Path, target: Path) -> None:
    """Again from the start if something was rewritten, not merely added to, meanwhile."""
    for _ in range(_TRIES):
        shutil.rmtree(target, ignore_errors=True)
        try:
            before = _rewritten(source)
            for path in sorted(_files(source), key=lambda path: _rank(source, path)):
                _copy(source, target, str(path.relative_to(source)))
            if _rewritten(source) == before:
                return
        except FileNotFoundError:
            continue
    raise NotReadable("the file storage is being tidied up: try again in a minute.")


def _rewritten(storage: Path) -> list[tuple[str, int, int]]:
    """What changes when files are replaced, but not when they are only added to."""
    facts = []
    for path in _files(storage):
        name = str(path.relative_to(storage))
        status = path.stat()
        added_to = name.endswith((".log", ".dat", ".idx", "/log"))
        facts.append((name, status.st_ino, 0 if added_to else status.st_size))
    return sorted(facts)


def _rank(storage: Path, path: Path) -> tuple[int, str]:
    name = str(path.relative_to(storage))
    if name.startswith(_INDEX):
        return 0, name
    return (2 if name.endswith(_LATER) else 1), name


def _copy(source: Path, target: Path, name: str) -> None:
    if (source / name).is_file():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target / name)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _sqlite() -> Any:
    if sqlite3 is None:
        raise CannotStart("This Python was built without SQLite: use another by PYTHON=.")
    return sqlite3
