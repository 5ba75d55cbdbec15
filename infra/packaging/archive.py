"""The zip: same sources, same bytes. Sorted names, one timestamp, fixed permissions."""

from __future__ import annotations

import compileall
import os
import py_compile
import zipfile
from pathlib import Path

from infra.packaging.paths import PYTHON

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

    Raises:
        NotCompiled: A module has a syntax error.
    """
    done = compileall.compile_dir(
        folder,
        quiet=1,
        workers=1,
        stripdir=str(folder),
        prependdir=_TASK_ROOT,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    if not done:
        raise NotCompiled(f"{folder} has a module that Python {PYTHON} cannot compile")


def write_zip(folder: Path, target: Path) -> None:
    """Zip `folder`'s contents into `target`, byte for byte the same for the same contents."""
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(found for found in folder.rglob("*") if found.is_file()):
            archive.writestr(_entry(path.relative_to(folder)), path.read_bytes())
    fresh.replace(target)


def _entry(path: Path) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path.as_posix(), _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # Unix, so that the permissions below count
    entry.external_attr = (_NATIVE if path.suffix == ".so" else _READABLE) << 16
    return entry
