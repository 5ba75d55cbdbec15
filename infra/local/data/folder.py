"""The data folder: everything that survives a restart, used by one run at a time."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra.local.problems import CannotStart

_PARTS = ("dynamodb", "storage", "mail", "run", "log", "keys")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_SECRET_LENGTH = 43


class DataFolder:
    """A data folder held by this run, for its owner's eyes only.

    The lock is the kernel's (flock), so that it goes with the process, `kill -9` included.
    `keys/` has the secrets; what an earlier version left readable for others is closed here.

    Raises:
        CannotStart: The folder can't be made or written, or another run holds it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            for name in _PARTS:
                (path / name).mkdir(parents=True, exist_ok=True)
            for name in _PARTS:
                close_to_others(path / name)
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

    @property
    def local_pages(self) -> Path:
        """Where this machine's own pages are, for programs of the same user."""
        return self.path / "run" / "local-pages.json"

    def secret(self, name: str) -> str:
        """A random secret of this folder, made on first use: 256 bits that fit into a path."""
        path = self.path / "keys" / name
        value = read_whole(path)
        if not isinstance(value, str) or len(value) < _SECRET_LENGTH:
            value = secrets.token_urlsafe(32)
            write_whole(path, value)
        return value

    def close(self) -> None:
        os.close(self._lock)


def close_to_others(path: Path) -> None:
    """Take every right of group and others from a folder and all in it; links are not followed.

    Raises:
        OSError: Something in it is another user's.
    """
    for each in (path, *_inside(path)):
        mode = each.lstat().st_mode
        if not stat.S_ISLNK(mode) and mode & _OTHERS:
            each.chmod(stat.S_IMODE(mode) & ~_OTHERS)


def _inside(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            yield Path(parent) / name


def write_whole(path: Path, value: Any) -> None:
    """Replace a JSON file so that a reader, or a crash, sees the old or the new, never half."""
    beside = path.with_suffix(".new")
    beside.touch(mode=0o600)
    beside.write_text(json.dumps(value))
    beside.replace(path)


def read_whole(path: Path) -> Any:
    """The JSON value in a file; None when there is no file or no sense in it."""
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return None
