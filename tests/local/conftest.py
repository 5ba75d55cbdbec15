from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.application import Application, load_application
from infra.local.testing import LocalFoyer
from tests.local.serving import Serving

Notes = Callable[[str], list[Any]]


@pytest.fixture(scope="session")
def application() -> Application:
    return load_application("tests.local.tinyapp")


@pytest.fixture
def call_notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Notes:
    """What the small application was called with in this process, by kind."""
    path = tmp_path / "notes.jsonl"
    monkeypatch.setenv("TINYAPP_NOTES", str(path))
    return reader(path)


@pytest.fixture
def serving(
    application: Application, call_notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Serving]:
    """The small application behind the gateway, with AWS's limits."""
    with Serving(application) as served:
        monkeypatch.setenv("FOYER_SOCKET_ENDPOINT", served.management_url)
        yield served


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[tuple[LocalFoyer, Notes]]:
    """The small application on a machine of its own, not started yet, and what it notes."""
    notes = tmp_path / "machine.jsonl"
    env = {"FOYER_APP": "tests.local.tinyapp", "TINYAPP_NOTES": str(notes)}
    foyer = LocalFoyer(env=env, data=tmp_path / "data")
    yield foyer, reader(notes)
    foyer.stop()


def reader(path: Path) -> Notes:
    """Reads notes of one kind from a file that may not be there yet."""

    def read(kind: str) -> list[Any]:
        lines = path.read_text().splitlines(keepends=True) if path.exists() else []
        notes = [json.loads(line) for line in lines if line.endswith("\n")]
        return [note["event"] for note in notes if note["kind"] == kind]

    return read
