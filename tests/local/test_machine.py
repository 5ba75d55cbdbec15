"""Starting, stopping, killing and starting again: python -m infra.local as a process."""

from __future__ import annotations

import json
import os
import platform
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from infra.local.engines.engine import dynoxide_binary
from infra.local.engines.ports import free_ports
from infra.local.engines.processes import end_orphan, identify, spawn
from infra.local.problems import CannotStart
from infra.local.settings import ROOT
from infra.local.testing import LocalFoyer
from tests.local.conftest import Notes
from tests.local.serving import ask, until
from tests.local.test_poller import name_of


def run_to_its_end(**env: str) -> tuple[int, str]:
    """Start Foyer where it can't start; its exit code and what it says on standard error."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FOYER_")}
    ended = subprocess.run(
        [sys.executable, "-m", "infra.local"],
        cwd=ROOT,
        env={**kept, "FOYER_APP": "tests.local.tinyapp", "FOYER_S3_ENDPOINT": "off", **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.returncode, ended.stderr


def a_free_port() -> str:
    return str(free_ports(1)[0])


def is_one_clear_sentence(said: str) -> bool:
    return said.startswith("Foyer can't start. ") and "Traceback" not in said


def engine_of(foyer: LocalFoyer) -> int:
    """The pid of its dynoxide."""
    return int(json.loads((foyer.data / "run" / "dynamodb.json").read_text())["pid"])


def is_gone(pid: int) -> bool:
    return identify(pid) is None


def test_data_survives_a_stop_and_a_kill(tiny: tuple[LocalFoyer, Notes]) -> None:
    foyer, call_notes = tiny
    foyer.start()
    ask(foyer.port, "PUT", "/v1/facts/first")
    until(lambda: len(call_notes("event")) == 1)
    foyer.restart()
    ask(foyer.port, "PUT", "/v1/facts/second")
    foyer.kill9()
    foyer.start()
    until(lambda: {name_of(record) for record in call_notes("event")} == {"first", "second"})
    assert [name_of(record) for record in call_notes("event")].count("first") == 1


def test_sigterm_ends_everything_within_five_seconds(tiny: tuple[LocalFoyer, Notes]) -> None:
    foyer, _ = tiny
    foyer.start()
    engine = engine_of(foyer)
    with socket.create_connection(("127.0.0.1", foyer.port)):  # somebody who says nothing
        began = time.monotonic()
        assert foyer.stop() == 0
        assert time.monotonic() - began < 5
    assert is_gone(engine)
    assert f"Stopped. The data is in {foyer.data}." in foyer.logs
    assert "Traceback" not in foyer.logs


def test_sigterm_while_it_starts_ends_it_as_well(tmp_path: Path) -> None:
    foyer = LocalFoyer(demo=True, data=tmp_path / "data")
    child = foyer.begin()
    until(lambda: "Setting up the demo workspace" in foyer.logs, within=30)
    began = time.monotonic()
    child.terminate()
    assert child.wait(10) == 0
    assert time.monotonic() - began < 5
    assert "Traceback" not in foyer.logs
    foyer.stop()


def test_engines_die_with_a_machine_that_is_killed(tiny: tuple[LocalFoyer, Notes]) -> None:
    foyer, _ = tiny
    foyer.start()
    engine = engine_of(foyer)
    foyer.kill9()
    if platform.system() != "Linux":  # elsewhere the next start has to end it
        foyer.start()
    until(lambda: is_gone(engine))


def test_an_engine_that_ends_by_itself_is_started_again(tiny: tuple[LocalFoyer, Notes]) -> None:
    foyer, _ = tiny
    foyer.start()
    assert ask(foyer.port, "PUT", "/v1/facts/before").status == 200
    engine = engine_of(foyer)
    os.kill(engine, signal.SIGKILL)
    until(lambda: engine_of(foyer) != engine)
    until(lambda: ask(foyer.port, "PUT", "/v1/facts/after").status == 200)
    assert "was started again" in foyer.logs


def test_an_orphan_of_this_folder_is_ended_at_the_next_start(
    tiny: tuple[LocalFoyer, Notes], tmp_path: Path
) -> None:
    foyer, _ = tiny
    foyer.start()
    foyer.stop()
    record = foyer.data / "run" / "dynamodb.json"
    orphan = spawn(["sleep", "60"], log=tmp_path / "log", record=record)
    foyer.start()
    assert orphan.wait(10) == -signal.SIGTERM
    assert engine_of(foyer) != orphan.pid


@pytest.mark.parametrize("field", ["started", "command"])
def test_a_strangers_process_with_a_recorded_pid_is_left_alone(tmp_path: Path, field: str) -> None:
    record = tmp_path / "record.json"
    stranger = spawn(["sleep", "60"], log=tmp_path / "log", record=record)
    call_notes: dict[str, Any] = json.loads(record.read_text())
    record.write_text(json.dumps({**call_notes, field: "another"}))
    assert end_orphan(record) is False
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_a_second_run_on_the_same_folder_is_refused(tiny: tuple[LocalFoyer, Notes]) -> None:
    foyer, _ = tiny
    foyer.start()
    code, said = run_to_its_end(FOYER_DATA=str(foyer.data), PORT=a_free_port())
    assert (code, is_one_clear_sentence(said)) == (1, True)
    assert str(foyer.data) in said
    assert str(foyer.pid) in said


def test_a_port_in_use_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        code, said = run_to_its_end(PORT=port, FOYER_DATA=str(tmp_path / "data"))
    assert (code, is_one_clear_sentence(said)) == (1, True)
    assert f"Port {port} is in use" in said
    assert "PORT" in said


def test_a_folder_that_cannot_be_used_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    code, said = run_to_its_end(FOYER_DATA=str(tmp_path / "file" / "data"))
    assert (code, is_one_clear_sentence(said)) == (1, True)
    assert "FOYER_DATA" in said


@pytest.mark.parametrize("value", ["eighty", "0", "70000", "-1"])
def test_a_port_that_is_none_is_said_in_one_sentence(value: str) -> None:
    code, said = run_to_its_end(PORT=value)
    assert (code, is_one_clear_sentence(said)) == (1, True)
    assert f"PORT={value}" in said


def test_an_engine_that_cannot_be_reached_is_said_in_one_sentence(tmp_path: Path) -> None:
    endpoint = "http://127.0.0.1:9"
    code, said = run_to_its_end(
        FOYER_DYNAMODB_ENDPOINT=endpoint, FOYER_DATA=str(tmp_path), PORT=a_free_port()
    )
    assert (code, is_one_clear_sentence(said)) == (1, True)
    assert endpoint in said


def test_a_machine_without_a_binary_is_told_so_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(CannotStart, match=r"no dynoxide binary .*riscv64.*FOYER_DYNAMODB_ENDPOINT"):
        dynoxide_binary()


def test_a_given_engine_is_used_and_none_started(
    tiny: tuple[LocalFoyer, Notes], tmp_path: Path
) -> None:
    first, _ = tiny
    first.start()
    endpoint = until(lambda: dynamodb_of(first))
    notes = {"FOYER_APP": "tests.local.tinyapp", "TINYAPP_NOTES": str(tmp_path / "notes")}
    given = {**notes, "FOYER_DYNAMODB_ENDPOINT": endpoint, "FOYER_PREFIX": "guest"}
    with LocalFoyer(env=given) as guest:
        assert ask(guest.port, "PUT", "/v1/facts/x").status == 200
        assert not (guest.data / "run" / "dynamodb.json").exists()


def dynamodb_of(foyer: LocalFoyer) -> str:
    command = json.loads((foyer.data / "run" / "dynamodb.json").read_text())["command"].split()
    host, port = (command[command.index(name) + 1] for name in ("--host", "--port"))
    return f"http://{host}:{port}"
