"""What every source file keeps to."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 300
GENERATED = {"protocol/src/api.ts"}
WHOLE_TABLES = ("tests/", "infra/local/clock.py", "infra/packaging/first_owner.py")
"""Who may read a whole table: tests, the one machine's stand-in for DynamoDB's own TTL, and what is
done once when a former version goes."""

# What a rule forbids, and the code of ruff that finds it.
LINTED = {
    "PLC0415": "def f():\n    import json\n    return json\n",
    "DTZ005": "from datetime import datetime\nnow = datetime.now()\n",
    "DTZ001": "from datetime import datetime\nthen = datetime(2026, 1, 1)\n",
}


def sources(*endings: str) -> list[str]:
    """Files that are in the repository, by their paths from the root."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=30
    ).stdout.splitlines()
    return sorted(
        {name for name in listed if name.endswith(endings) and (ROOT / name).is_file()} - GENERATED
    )


def settings() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


@cache
def trees() -> tuple[tuple[str, ast.Module], ...]:
    return tuple((name, ast.parse((ROOT / name).read_text())) for name in sources(".py"))


def test_no_file_is_longer_than_can_be_read_at_once() -> None:
    lengths = {
        name: len((ROOT / name).read_text().splitlines())
        for name in sources(".py", ".ts", ".tsx", ".css")
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


@pytest.mark.parametrize("code", LINTED)
def test_ruff_finds_imports_in_functions_and_naive_datetimes(tmp_path: Path, code: str) -> None:
    file = tmp_path / "example.py"
    file.write_text(LINTED[code])
    found = subprocess.run(
        ["ruff", "check", "--no-cache", "--config", ROOT / "pyproject.toml", file],
        capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    assert code in found.stdout


def test_only_the_sdk_imports_inside_functions() -> None:
    exempt = settings()["tool"]["ruff"]["lint"]["per-file-ignores"]
    assert [name for name, codes in exempt.items() if "PLC0415" in codes] == [
        "chalicelib/platform/sdk.py"
    ]
    inner = {
        name
        for name, tree in trees()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert inner == {"chalicelib/platform/sdk.py"}


def test_no_rule_is_switched_off_for_a_whole_file() -> None:
    off = [
        name
        for name in sources(".py")
        for line in (ROOT / name).read_text().splitlines()
        if line.startswith(("# ruff: noqa", "# mypy: ignore", "# type: ignore"))
    ]
    assert off == []


def test_nobody_reads_a_whole_table() -> None:
    scans = [
        f"{name}:{node.lineno}"
        for name, tree in trees()
        if not name.startswith(WHOLE_TABLES)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr == "scan")
        or (isinstance(node, ast.Constant) and node.value == "Scan" and "observe" not in name)
    ]
    assert scans == []


def test_only_the_edge_catches_everything() -> None:
    caught = {
        name
        for name, tree in trees()
        if name.startswith(("app.py", "chalicelib/"))
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception"))
    }
    assert caught <= {
        "chalicelib/edge/clock.py",
        "chalicelib/edge/consume.py",
        "chalicelib/edge/frames.py",
        "chalicelib/edge/http.py",
        "chalicelib/edge/lanes.py",
        "chalicelib/platform/tables/done.py",  # whatever a deed failed of, it wasn't done
        "chalicelib/conversations/jobs.py",  # one that fails must keep none of the others asleep
    }
