"""Who may import whom: the contracts of pyproject.toml, what they can't say, and that they bite."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")
PUBLIC = {"service", "schemas", "events"}
SHARED = {"edge", "kit", "platform"}

# Contract, a file (made if need be), what is added to it, and what the linter says of it.
BROKEN = (
    ("Floors", "kit/text.py", "chalicelib.platform.config"),
    ("Floors", "contacts/store.py", "chalicelib.auth.events"),
    ("Inside a module without parts", "widget/schemas.py", "chalicelib.widget.service"),
    ("Inside visitors", "visitors/store.py", "chalicelib.visitors.service"),
    ("Inside realtime", "realtime/store.py", "chalicelib.realtime.tickets"),
    ("Inside auth", "auth/domain.py", "chalicelib.auth.store"),
    ("Inside contacts", "contacts/events.py", "chalicelib.contacts.domain"),
    ("Inside the platform", "platform/observability/metrics.py", "chalicelib.platform.mail"),
    (
        "Inside observability",
        "platform/observability/formatters.py",
        "chalicelib.platform.observability.logs",
    ),
    ("One place sets logs and metrics", "edge/http.py", "aws_lambda_powertools"),
    ("Inside conversations", "conversations/serializers.py", "chalicelib.conversations.lists"),
    (
        "Only wiring connects routes, actions, reactions and jobs",
        "widget/service.py",
        "chalicelib.contacts.reactions",
    ),
    ("Rules and facts are pure", "conversations/domain.py", "boto3"),
    ("Only stores and the platform know DynamoDB and the SDK", "edge/consume.py", "boto3"),
    ("Only the edge knows Chalice", "auth/service.py", "chalice"),
    (
        "The application doesn't know how it is run or packaged",
        "edge/meta.py",
        "infra.packaging.paths",
    ),
)
ODD = (
    "surprise/__init__.py",
    "platform/odd.py",
    "platform/observability/odd.py",
    "visitors/helpers.py",
    "auth/utils.py",
    "contacts/more.py",
    "conversations/extra.py",
)


def test_everybody_stays_on_their_floor() -> None:
    linted = lint(ROOT)
    assert linted.returncode == 0, linted.stdout


def test_every_contract_is_broken_by_what_it_forbids(tmp_path: Path) -> None:
    copy = copy_of_application(tmp_path)
    for _, path, imported in BROKEN:
        with (copy / path).open("a") as file:
            file.write(f"import {imported}\n")
    told = lint(tmp_path).stdout
    for contract, path, imported in BROKEN:
        importer = "chalicelib." + path.removesuffix(".py").replace("/", ".")
        assert f"{contract} BROKEN" in told
        assert re.search(rf"{importer} ->\s+{imported}\s+\(l", told), (contract, told)
    assert "KEPT" not in told


def test_a_file_that_nobody_placed_breaks_its_contract(tmp_path: Path) -> None:
    copy = copy_of_application(tmp_path)
    for path in ODD:
        (copy / path).parent.mkdir(exist_ok=True)
        (copy / path).write_text("")
    told = lint(tmp_path).stdout
    assert told.count(" BROKEN") == len(ODD)
    for path in ODD:
        assert path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2] in told


def copy_of_application(folder: Path) -> Path:
    """The application's packages, to be spoilt."""
    for name in ("chalicelib", "infra"):
        left_out = shutil.ignore_patterns("__pycache__", "shop", "site")
        shutil.copytree(ROOT / name, folder / name, ignore=left_out)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder / "chalicelib"


def test_a_module_is_asked_only_through_what_it_shows() -> None:
    graph = grimp.build_graph("chalicelib", cache_dir=None)
    inner = [
        (importer, imported)
        for importer in sorted(graph.modules)
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if (module := module_of(imported)) not in {module_of(importer), *SHARED}
        and module_of(importer) not in {"wiring", "lanes"}
        and imported.rpartition(".")[2] not in PUBLIC | {module}
    ]
    assert inner == []


def module_of(name: str) -> str:
    """`contacts` for `chalicelib.contacts.store`."""
    return name.split(".")[1] if "." in name else ""


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Lint the imports of the packages in a folder."""
    return subprocess.run(
        [LINTER, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
