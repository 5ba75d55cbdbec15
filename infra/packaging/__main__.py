"""`python -m infra.packaging`: build the package and say what it weighs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from infra.packaging.archive import NotCompiled
from infra.packaging.build import build
from infra.packaging.chalice_project import NotPackaged
from infra.packaging.dependencies import NotInstalled
from infra.packaging.paths import BUILD
from infra.packaging.stages import NoStage, valid_stage
from infra.packaging.template import Clash
from infra.packaging.translation import NotTranslated


def main() -> int:
    """Build; 1 with one message when something stops the build."""
    parser = argparse.ArgumentParser(prog="python -m infra.packaging", description=__doc__)
    parser.add_argument("--stage", default="prod", help="the deployment's name (default: prod)")
    parser.add_argument("--out", type=Path, default=BUILD / "package", help="where to put it")
    options = parser.parse_args()
    try:
        package = build(valid_stage(options.stage), options.out)
    except (Clash, NoStage, NotCompiled, NotInstalled, NotPackaged, NotTranslated) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{package.zip}  {package.zip.stat().st_size / 1e6:.2f} MB")
    print(package.template)
    return 0


if __name__ == "__main__":
    sys.exit(main())
