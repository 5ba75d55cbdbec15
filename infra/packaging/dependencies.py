"""The wheels that run in Lambda: exactly those of requirements.txt, checked by hash.

Chalice's own installer is not used. It downloads without hashes whatever has no wheel for the
packaging machine, and silently leaves a dependency out if it finds none. Here pip is told the
target platform, so that a laptop of another system packages the same bytes, and a missing wheel
stops the build.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from infra.packaging.paths import BUILD, PYTHON, REQUIREMENTS

MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}

# Lambda's base systems: Amazon Linux 2 up to Python 3.11, Amazon Linux 2023 after.
# docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
_GLIBC_MINOR = {"3.11": 26}
_GLIBC_MINOR_SINCE_3_12 = 34
_OLDEST_GLIBC_MINOR = 17


class NotInstalled(Exception):
    """pip could not install the runtime's wheels; the message is pip's own."""


def dependencies_folder(architecture: str) -> Path:
    """A folder with the runtime's dependencies for `architecture`, installed once per lock file.

    Raises:
        NotInstalled: A wheel is missing, or its hash is wrong.
    """
    folder = BUILD / "wheels" / _digest(architecture)
    if not folder.is_dir():
        fresh = folder.with_name(f"{folder.name}.{os.getpid()}")
        _install(architecture, fresh)
        _put_in_place(fresh, folder)
    return folder


def _put_in_place(fresh: Path, folder: Path) -> None:
    """Rename, unless another process was quicker: a half-filled folder is never seen."""
    try:
        fresh.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(fresh)


def _digest(architecture: str) -> str:
    sha = hashlib.sha256(REQUIREMENTS.read_bytes())
    sha.update(f"{PYTHON} {architecture}".encode())
    return sha.hexdigest()[:16]


def _install(architecture: str, target: Path) -> None:
    command = [
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("--requirement", str(REQUIREMENTS), "--require-hashes", "--no-deps"),
        *("--target", str(target), "--no-compile", "--only-binary=:all:"),
        *("--implementation", "cp", "--python-version", PYTHON),
        *_abis(),
        *_platforms(architecture),
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        shutil.rmtree(target, ignore_errors=True)
        raise NotInstalled(run.stderr.strip())


def _abis() -> list[str]:
    names = (f"cp{PYTHON.replace('.', '')}", "abi3", "none")
    return [word for name in names for word in ("--abi", name)]


def _platforms(architecture: str) -> list[str]:
    """Every manylinux tag that the runtime's glibc can load (pip takes each tag literally)."""
    newest = _GLIBC_MINOR.get(PYTHON, _GLIBC_MINOR_SINCE_3_12)
    machine = MACHINES[architecture]
    minors = range(newest, _OLDEST_GLIBC_MINOR - 1, -1)
    tags = [*(f"manylinux_2_{minor}_{machine}" for minor in minors), f"manylinux2014_{machine}"]
    return [word for tag in tags for word in ("--platform", tag)]
