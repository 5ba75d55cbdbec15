"""The zip: same sources, same bytes. Sorted names, one timestamp, fixed permissions."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

# The earliest instant that a zip can hold.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644
_NATIVE = 0o100755

# Where Lambda unpacks the code: tracebacks name real places.
_TASK_ROOT = "/var/task"


class NotCompiled(Exception):
    """A module that goes into the zip is not valid Python."""


def add_bytecode(folder: Path) -> None:
    """Put a `.pyc` beside every module of `folder`, trusted without a look at its source.

    Lambda's disk is read-only, so without them every cold start compiles everything again.
    Unchecked hashes: no file times (they would differ from zip to zip) and no source hashing.
    An interpreter of its own with a fixed hash seed: what is in memory and the order of sets
    would else find their way into the bytes.

    Raises:
        NotCompiled: A module has a syntax error.
    """
    command = [
        *(sys.executable, "-m", "compileall", "-q", "-j", "1"),
        *("-s", str(folder), "-p", _TASK_ROOT, "--invalidation-mode", "unchecked-hash"),
        str(folder),
    ]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if run.returncode != 0:
        raise NotCompiled(run.stdout.strip() or run.stderr.strip())


def write_zip(folder: Path, target: Path) -> None:
    """Zip `folder`'s contents into `target`, byte for byte the same for the same contents."""
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(filter(Path.is_file, folder.rglob("*"))):
            archive.writestr(_entry(path.relative_to(folder)), path.read_bytes())
    fresh.replace(target)


def _entry(path: Path) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path.as_posix(), _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # Unix, so that the permissions below count
    entry.external_attr = (_NATIVE if path.suffix == ".so" else _READABLE) << 16
    return entry
