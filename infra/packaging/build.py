"""Building the package: application, dependencies and template, from the checkout as it is."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

from infra.packaging import archive, chalice_project, dependencies, slim, template, translation
from infra.packaging.lanes import add_lanes
from infra.packaging.paths import CHALICE_FOLDER, ROOT, Package

_DIGEST_LENGTH = 12


def build(stage: str, out: Path) -> Package:
    """Package the checkout for `stage` into `out`: zip, SAM template, CloudFormation template.

    Raises:
        NotInstalled, NotPackaged, NotTranslated, NotCompiled, Clash: What stopped the build.
    """
    package = Package(out)
    out.mkdir(parents=True, exist_ok=True)
    chalice_project.package(stage, add_lanes(template.join_templates()), out)
    _rebuild_zip(package, architecture())
    sam = json.loads(package.sam.read_text(encoding="utf-8"))
    finished = template.finish(sam, version(package))
    _write(package.sam, finished)
    _write(package.template, translation.translate(finished))
    return package


def architecture() -> str:
    """The processor that the functions run on, `x86_64` or `arm64`: .chalice/config.json says."""
    config = json.loads((CHALICE_FOLDER / "config.json").read_text(encoding="utf-8"))
    return str(config["lambda_architecture"])


def version(package: Package) -> str:
    """The release and the exact code: `0.1.0+3f9c01ab22de`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return f"{project['version']}+{digest(package.zip.read_bytes())}"


def digest(contents: bytes) -> str:
    """The first 12 hexadecimal digits of the SHA-256."""
    return hashlib.sha256(contents).hexdigest()[:_DIGEST_LENGTH]


def _rebuild_zip(package: Package, machine: str) -> None:
    """Replace Chalice's zip (the application alone) by the one that runs."""
    with tempfile.TemporaryDirectory(prefix="foyer-zip-") as folder:
        contents = Path(folder) / "task"
        _copy_dependencies(dependencies.dependencies_folder(machine), contents)
        with zipfile.ZipFile(package.zip) as application:
            application.extractall(contents)
        archive.add_bytecode(contents)
        archive.write_zip(contents, package.zip)


def _copy_dependencies(source: Path, target: Path) -> None:
    for path in sorted(filter(Path.is_file, source.rglob("*"))):
        relative = path.relative_to(source)
        if slim.is_needed(relative.as_posix()):
            (target / relative).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target / relative)


def _write(path: Path, document: dict[str, Any]) -> None:
    """Without white space: CloudFormation takes a megabyte, and every route adds two thousand."""
    path.write_text(json.dumps(document, separators=(",", ":")) + "\n", encoding="utf-8")
