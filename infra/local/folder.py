"""The data folder: everything that survives a restart, used by one run at a time."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import Any

from infra.local.problems import CannotStart


class DataFolder:
    """A data folder held by this run.

    The lock is the kernel's (flock), so that it goes with the process, `kill -9` included.

    Raises:
        CannotStart: The folder can't be made or written, or another run holds it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            for name in ("dynamodb", "storage", "mail", "run", "log"):
                (path / name).mkdir(parents=True, exist_ok=True)
            self._lock = os.open(path / "run" / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as problem:
            raise CannotStart(
                f"The data folder {path} can't be used ({problem.strerror}): give Foyer the right "
                "to write there, or name another folder by FOYER_DATA."
            ) from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.pread(self._lock, 32, 0).decode(errors="replace").strip() or "unknown"
            os.close(self._lock)
            raise CannotStart(
                f"Foyer already runs on the data folder {path} (process {holder}): stop that one, "
                "or name another folder by FOYER_DATA."
            ) from None
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, str(os.getpid()).encode(), 0)

    def record(self, name: str) -> Path:
        """Where the identity of the engine `name` is written down."""
        return self.path / "run" / f"{name}.json"

    def log(self, name: str) -> Path:
        return self.path / "log" / f"{name}.log"

    @property
    def database(self) -> Path:
        """The DynamoDB engine's file."""
        return self.path / "dynamodb" / "foyer.db"

    @property
    def stream(self) -> Path:
        """How far the outbox's stream has been consumed."""
        return self.path / "run" / "stream.json"

    def release(self) -> None:
        os.close(self._lock)


def write_whole(path: Path, value: Any) -> None:
    """Replace a JSON file so that a reader, or a crash, sees the old or the new, never half."""
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(value))
    beside.replace(path)


def read_whole(path: Path) -> Any:
    """The JSON value in a file; None when there is no file or no sense in it."""
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return None
