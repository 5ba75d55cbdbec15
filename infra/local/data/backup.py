"""Backups of one machine's data, made while it runs, and put back whole or not at all.

python -m infra.local.data.backup create [FILE]
python -m infra.local.data.backup restore FILE [--replace]
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import itertools
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from chalicelib.platform.config import config
from infra.local.data.archive import NotABackup, pack, unpack
from infra.local.data.snapshot import DATABASE, NotReadable, check_database, snapshot
from infra.local.problems import CannotStart
from infra.local.settings import read_settings

_WORKSPACE = "backup-"
_AT_FDCWD = -100  # linux/fcntl.h
_RENAME_EXCHANGE = 2  # linux/fs.h


class Refused(Exception):
    """It isn't done; the message says why and how to go on."""


def main(arguments: list[str] | None = None) -> int:
    """Do it; 1 with one sentence when it can't be done."""
    parser = argparse.ArgumentParser(prog="python -m infra.local.data.backup", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(dest="what", required=True)
    create = commands.add_parser("create")
    create.add_argument("file", nargs="?", type=Path)
    back = commands.add_parser("restore")
    back.add_argument("file", type=Path)
    back.add_argument("--replace", action="store_true", help="move what is there aside")
    options = parser.parse_args(arguments)
    os.umask(0o077)
    try:
        data = read_settings(os.environ).data.resolve()
        if options.what == "create":
            print(f"The backup of {data} is {make_backup(data, options.file)}.")
        else:
            print(restore(data, options.file, replace=options.replace))
    except (CannotStart, NotABackup, NotReadable, Refused, OSError) as problem:
        print(f"That can't be done: {problem}", file=sys.stderr)
        return 1
    return 0


def make_backup(data: Path, target: Path | None) -> Path:
    """Write a backup of a data folder, in use or not; where it is. It appears whole.

    Raises:
        NotReadable, OSError: Nothing is left of it then.
    """
    now = datetime.now(UTC)
    target = (target or Path(f"foyer-{now:%Y-%m-%d-%H%M%S}.tar.gz")).absolute()
    if target.exists():
        raise Refused(f"{target} is there already: name another file.")
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with unfinished.open("xb") as file, _rights_of_owner(data), _workspace(data) as folder:
            names = snapshot(data, folder)
            pack(folder, names, file, about={"at": now.isoformat(), "of": config().version})
            file.flush()
            os.fsync(file.fileno())
        os.link(unfinished, target)  # unlike a rename, never over another file
    finally:
        unfinished.unlink(missing_ok=True)
    return target


def restore(data: Path, archive: Path, *, replace: bool) -> str:
    """Put a backup in the place of a data folder that nobody uses; what became of it, for people.

    It is written and checked beside the folder and takes its place in one step, so whatever ends
    this half-way leaves what was there.

    Raises:
        Refused: The folder is in use, or has something in it and `replace` is False.
        NotABackup, NotReadable, OSError: The backup is no good; nothing has changed.
    """
    with _folder_lock(data), archive.open("rb") as file:
        occupied = data.exists() and any(data.iterdir())
        if occupied and not replace:
            raise Refused(
                f"{data} has data in it. REPLACE=1 moves it aside, or name another folder by "
                "FOYER_DATA."
            )
        data.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{data.name}.restoring-", dir=data.parent))
        try:
            about = unpack(file, fresh)
            check_database(fresh / DATABASE)
            _give_to_owner_of(data if data.exists() else data.parent, fresh)
            _sync(fresh)
            aside = _free_beside(data) if occupied else None
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        _put_in_place(fresh, data, aside)
    _sync_folder(data.parent)
    sentence = f"{data} is as it was at {about['at']}."
    return f"{sentence} What was there before is in {aside}." if aside else sentence


def _put_in_place(fresh: Path, data: Path, aside: Path | None) -> None:
    """Nothing is removed from here on, whatever happens: `fresh` may be the former folder soon.

    `aside` is an empty folder for what is there, None where there is nothing.
    """
    if aside is None:
        if data.exists():
            data.rmdir()
        fresh.rename(data)
        return
    fresh.rename(aside)
    if not _exchange(aside, data):
        aside.rename(fresh)
        data.rename(aside)
        fresh.rename(data)


def _free_beside(data: Path) -> Path:
    """A new empty folder, named for the moment, that nobody else takes."""
    name = f"{data.name}.before-{datetime.now(UTC):%Y-%m-%d-%H%M%S}"
    for number in itertools.count(1):
        folder = data.with_name(name if number == 1 else f"{name}-{number}")
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            return folder
    raise AssertionError("numbers don't end")


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system can't (not on Linux)."""
    try:
        change = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:
        return False
    done = change(_AT_FDCWD, bytes(one), _AT_FDCWD, bytes(other), _RENAME_EXCHANGE)
    return bool(done == 0)


def _sync(folder: Path) -> None:
    """See to it that folders are on disk before anything relies on them; their files are."""
    for each in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        _sync_folder(each)


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _folder_lock(data: Path) -> Iterator[None]:
    """Hold the folder's own lock meanwhile, so that nobody starts on it."""
    lock = data / "run" / "lock"
    if not lock.exists():
        yield
        return
    with lock.open("r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused(f"Foyer runs on {data}: stop it first.") from None
        yield


@contextmanager
def _rights_of_owner(data: Path) -> Iterator[None]:
    """Act as the data's owner: SQLite may make files beside the database, and root's own would keep
    the owner out."""
    if not data.exists():
        raise NotReadable(f"there is no folder {data}.")
    owner = data.stat()
    if os.geteuid() != 0 or owner.st_uid == 0:
        yield
        return
    os.setegid(owner.st_gid)
    os.seteuid(owner.st_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


@contextmanager
def _workspace(data: Path) -> Iterator[Path]:
    """An empty folder that goes afterwards, and what a killed backup left goes first."""
    run = data / "run"
    run.mkdir(exist_ok=True)
    with (run / "backup.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused("another backup is being made.") from None
        for remnant in run.glob(f"{_WORKSPACE}*"):
            shutil.rmtree(remnant, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=_WORKSPACE, dir=run) as folder:
            yield Path(folder)


def _give_to_owner_of(place: Path, folder: Path) -> None:
    if os.geteuid() == 0:
        owner = place.stat()
        for each in (folder, *folder.rglob("*")):
            os.chown(each, owner.st_uid, owner.st_gid)


if __name__ == "__main__":
    sys.exit(main())
