"""Where packaging reads from and writes to."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INFRA = ROOT / "infra"
BUILD = ROOT / "build"
REQUIREMENTS = ROOT / "requirements.txt"
CHALICE_FOLDER = ROOT / ".chalice"
GRANTS = INFRA / "policies" / "grants.yaml"

# Chalice names the Lambda runtime after the interpreter that packages; wheels and byte code
# must be of that version too.
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


@dataclass(frozen=True, slots=True)
class Package:
    """What one packaging run leaves behind."""

    folder: Path

    @property
    def zip(self) -> Path:
        """The code of every function."""
        return self.folder / "deployment.zip"

    @property
    def sam(self) -> Path:
        """The template before translation, as Chalice and our resources make it."""
        return self.folder / "sam.json"

    @property
    def template(self) -> Path:
        """The CloudFormation template that gets deployed."""
        return self.folder / "template.json"
