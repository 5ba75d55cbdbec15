"""The systemd unit: what it starts is there, and it lets the service do no more than it must."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from pathlib import Path

from infra.local.settings import ROOT

UNIT = ROOT / "infra" / "local" / "foyer.service"


def settings() -> dict[str, list[str]]:
    lines = [line for line in UNIT.read_text().splitlines() if "=" in line and line[0] != "#"]
    told: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition("=")
        told.setdefault(name, []).append(value)
    return told


def test_what_it_starts_and_points_to_is_there() -> None:
    told = settings()
    (command,) = told["ExecStart"]
    assert command.split()[1:] == ["-m", "infra.local"]
    assert importlib.util.find_spec(f"{command.split()[2]}.__main__") is not None
    page = told["Documentation"][0].removeprefix("file:/opt/foyer/")
    assert "foyer.service" in (ROOT / page).read_text()


def test_it_has_a_user_of_its_own_with_no_rights_over_the_system() -> None:
    told = settings()
    yes = {name for name, values in told.items() if values == ["yes"]}
    assert yes >= {"DynamicUser", "NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome"}
    assert told["ProtectSystem"] == ["strict"]
    assert told["CapabilityBoundingSet"] == [""]
    assert (told["UMask"], told["StateDirectoryMode"]) == (["0077"], ["0700"])
    assert "FOYER_DATA=/var/lib/foyer" in told["Environment"][0]


def test_systemd_understands_it(tmp_path: Path) -> None:
    """Where systemd's tool is: elsewhere the lines above have to do."""
    tool = shutil.which("systemd-analyze")
    if tool is None:
        return
    here = UNIT.read_text().replace("/opt/foyer/.venv/bin/python", "/bin/true")
    unit = tmp_path / "foyer.service"
    unit.write_text(here)
    checked = subprocess.run(
        [tool, "verify", unit], capture_output=True, text=True, check=False, timeout=30
    )
    assert (checked.returncode, checked.stderr) == (0, "")
