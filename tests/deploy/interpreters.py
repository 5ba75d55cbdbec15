"""Interpreters apart from ours: an empty one, as clean as Lambda's, and ministack's own."""

from __future__ import annotations

import compileall
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from infra.packaging.paths import BUILD, PYTHON, ROOT

MINISTACK_LOCK = ROOT / "requirements-ministack.txt"
_MINISTACK = ROOT / ".venv-ministack"


def clean_python() -> Path:
    """A Python with nothing installed, so that what the zip lacks is missed."""
    return _made_once(BUILD / f"clean-python-{PYTHON}", [])


def ministack_python() -> Path:
    """The Python of ministack's virtualenv (its botocore pin conflicts with ours)."""
    digest = hashlib.sha256(MINISTACK_LOCK.read_bytes()).hexdigest()
    stamp = _MINISTACK / "locked-by"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != digest:
        shutil.rmtree(_MINISTACK, ignore_errors=True)
        _made_once(_MINISTACK, ["--require-hashes", "--requirement", str(MINISTACK_LOCK)])
        stamp.write_text(digest, encoding="utf-8")
    return _python(_MINISTACK)


def _made_once(folder: Path, wanted: list[str]) -> Path:
    """Another worker may be at it too: each makes its own, the first to finish wins."""
    if not folder.is_dir():
        fresh = folder.with_name(f"{folder.name}.{os.getpid()}")
        fresh.parent.mkdir(parents=True, exist_ok=True)
        _run(sys.executable, "-m", "venv", "--without-pip", str(fresh))
        if wanted:
            _run(sys.executable, "-m", "pip", "--python", str(_python(fresh)), "install", *wanted)
        try:
            fresh.rename(folder)
        except OSError:
            shutil.rmtree(fresh)
    return _python(folder)


def _run(*command: str) -> None:
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\n{run.stderr}")


def _python(folder: Path) -> Path:
    return folder / "bin" / "python"


def runtime_client() -> Path:
    """A folder with AWS's Lambda runtime client and nothing else, compiled as in Lambda."""
    folder = BUILD / f"runtime-client-{PYTHON}"
    if not folder.is_dir():
        fresh = folder.with_name(f"{folder.name}.{os.getpid()}")
        _copy_runtime_client(Path(sysconfig.get_path("platlib")), fresh)
        compileall.compile_dir(fresh, quiet=1)
        try:
            fresh.rename(folder)
        except OSError:
            shutil.rmtree(fresh)
    return folder


def _copy_runtime_client(installed: Path, target: Path) -> None:
    target.mkdir(parents=True)
    for name in ("awslambdaric", "simplejson"):
        shutil.copytree(installed / name, target / name)
    for pattern in ("runtime_client*.so", "snapshot_restore_py.py"):
        for path in installed.glob(pattern):
            shutil.copy(path, target)
