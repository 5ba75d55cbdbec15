"""Chalice's part: the application's own code and the template of its functions and APIs.

Chalice packages a copy that holds only the application: without requirements.txt it installs
nothing (`dependencies` does that, by hash) and leaves no cache in the checkout.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from infra.packaging.paths import CHALICE_FOLDER, ROOT

_DEFAULT_REGION = "us-east-1"
_CHALICE = "import sys; from chalice.cli import main; sys.exit(main())"


class NotPackaged(Exception):
    """Chalice refused the application; the message is Chalice's own."""


def package(stage: str, merged: dict[str, Any], out: Path) -> None:
    """Leave Chalice's `deployment.zip` and `sam.json`, joined with `merged`, in `out`.

    Raises:
        NotPackaged: app.py cannot be imported, or .chalice/config.json does not fit it.
    """
    with tempfile.TemporaryDirectory(prefix="foyer-package-") as folder:
        project = Path(folder) / "project"
        _copy_application(project)
        resources = Path(folder) / "merge.json"
        resources.write_text(json.dumps(merged), encoding="utf-8")
        _run_chalice(project, stage, resources, out)


def _copy_application(project: Path) -> None:
    project.mkdir()
    shutil.copy(ROOT / "app.py", project)
    shutil.copytree(
        ROOT / "chalicelib",
        project / "chalicelib",
        ignore=shutil.ignore_patterns("__pycache__", "*.pyc"),
    )
    (project / ".chalice").mkdir()
    for path in sorted(CHALICE_FOLDER.glob("*.json")):
        shutil.copy(path, project / ".chalice")


def _run_chalice(project: Path, stage: str, resources: Path, out: Path) -> None:
    command = [
        *(sys.executable, "-c", _CHALICE, "--project-dir", str(project), "package"),
        *("--stage", stage, "--pkg-format", "cloudformation", "--template-format", "json"),
        *("--merge-template", str(resources), str(out)),
    ]
    # Chalice asks botocore for the partition's service names, which takes a region but no
    # credentials; and it imports app.py, which must leave no byte code in the copy.
    environment = {
        "AWS_DEFAULT_REGION": _DEFAULT_REGION,
        **os.environ,
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if run.returncode != 0:
        raise NotPackaged((run.stderr or run.stdout).strip())
