"""A backup's file: a tar with a list of what is in it, and how it is read by who trusts nobody."""

from __future__ import annotations

import json
import os
import tarfile
import zlib
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Any

from infra.local.data.snapshot import PARTS

FORMAT = 1
_LIST = "backup.json"
_LIST_LIMIT = 64 * 1024 * 1024
_CHUNK = 1024 * 1024
_DAMAGED = (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, RecursionError)


class NotABackup(Exception):
    """The file isn't a whole backup; the message says what is wrong."""


def pack(folder: Path, names: list[str], into: IO[bytes], *, about: dict[str, Any]) -> None:
    """Write a folder's files as gzip'ed tar; the list with their hashes comes last."""
    listed = {}
    with tarfile.open(fileobj=into, mode="w:gz", compresslevel=6) as tar:
        for name in names:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = (folder / name).stat().st_size, 0o600
            with (folder / name).open("rb") as file:
                tar.addfile(entry, file)
            listed[name] = {"size": entry.size, "sha256": _hash(folder / name)}
        content = json.dumps({"format": FORMAT, **about, "files": listed}).encode()
        entry = tarfile.TarInfo(_LIST)
        entry.size, entry.mode = len(content), 0o600
        tar.addfile(entry, BytesIO(content))


def unpack(archive: IO[bytes], into: Path) -> dict[str, Any]:
    """Write a backup's files into an empty folder; what it says about itself.

    Only plain files under names of a data folder's parts are taken, whatever the archive holds.

    Raises:
        NotABackup: Something else, cut off, changed, or of a later version.
    """
    files: dict[str, dict[str, Any]] = {}
    about: Any = None
    try:
        with tarfile.open(fileobj=archive, mode="r:gz") as tar:
            for entry in tar:
                file = tar.extractfile(entry) if entry.isreg() else None
                if file is None or about is not None:
                    raise NotABackup(f"{entry.name!r} doesn't belong into a backup.")
                if entry.name == _LIST and entry.size <= _LIST_LIMIT:
                    about = json.loads(file.read())
                else:
                    files[entry.name] = _extract(file, into / _inside(entry.name))
    except _DAMAGED as problem:
        raise NotABackup(f"it is damaged, or no backup at all: {problem}") from problem
    if not isinstance(about, dict) or not {"at", "files"} <= about.keys():
        raise NotABackup("its end is missing.")
    if about.get("format") != FORMAT:
        raise NotABackup("it is of another version of Foyer.")
    if about["files"] != files:
        raise NotABackup("its files are not those that were put into it.")
    return about


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    ours = len(path.parts) > 1 and path.parts[0] in PARTS and str(path) == name
    if not ours or ".." in path.parts or "\0" in name or "\\" in name:
        raise NotABackup(f"{name!r} doesn't belong into a data folder.")
    return path


def _extract(file: IO[bytes], target: Path) -> dict[str, Any]:
    """Write a new file; its size and hash. Whatever is there already is somebody's mischief."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = sha256(), 0
    opened = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as output:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            output.write(chunk)
        output.flush()
        os.fsync(output.fileno())
    return {"size": size, "sha256": digest.hexdigest()}


def _hash(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
