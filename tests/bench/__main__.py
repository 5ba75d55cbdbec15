"""How fast and how frugal one machine is, beside the peer.

    python -m tests.bench [--json FILE]

Starts a machine of its own in a temporary folder, fills it as a busy team's would be (10,000 open
conversations, 59,000 messages) and drives it over loopback from other processes. CPU is what the
kernel counted for the application's process and for the DynamoDB engine's, per request, with all
that follows it. Linux only: it reads /proc. Whoever else uses the machine makes every figure worse:
how many cores they took is noted beside them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infra.local.settings import ACCESS_KEY, REGION, ROOT, SECRET_KEY
from infra.local.testing import LocalFoyer
from tests.bench import actions, live, report
from tests.bench.actions import People
from tests.bench.machine import Processes, cpu_seconds, others_cpu, processes_of, resident, settle

_IDLE_SECONDS = 20.0


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--json", type=Path, default=ROOT / "bench" / "one-machine.json")
    target: Path = options.parse_args().json
    with LocalFoyer(storage=True, env={"FOYER_LIMITS": "0"}) as foyer:
        processes = processes_of(foyer)
        print("Idling…", flush=True)
        idle = _idle(processes)
        print("Filling the tables…", flush=True)
        people, rows = _fill(foyer, processes)
        print(f"{rows:,} rows. Driving…", flush=True)
        began, others = time.monotonic(), others_cpu(processes)
        result: dict[str, Any] = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": {
                "cores": os.cpu_count(),
                "system": platform.platform(),
                "python": platform.python_version(),
            },
            "rows": rows,
            "actions": [asdict(each) for each in actions.measure(foyer, processes, people)],
            "seen": live.latency(foyer, people),
            "crowd": live.crowd(foyer, processes, people),
            "idle": idle,
            "peer": {
                "name": report.PEER,
                "actions_at_8_clients": report.PEER_ACTIONS,
                "seen_mean_ms": report.PEER_SEEN_MS,
                "idle_mb": report.PEER_IDLE_MB,
            },
        }
        busy = (others_cpu(processes) - others) / (time.monotonic() - began)
        result["machine"]["cores_used_by_others"] = round(busy, 2)
    print(report.to_table(result))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(result, indent=1) + "\n")
    print(f"Saved {target.relative_to(ROOT) if target.is_relative_to(ROOT) else target}")


def _idle(processes: Processes) -> dict[str, Any]:
    """Memory and CPU of a machine that nobody uses."""
    settle(processes)
    before = sum(map(cpu_seconds, processes.all))
    time.sleep(_IDLE_SECONDS)
    spent = sum(map(cpu_seconds, processes.all)) - before
    parts = {"application": resident(processes.application)} | {
        name: resident(pid) for name, pid in processes.engines.items()
    }
    return {
        "memory_mb": round(sum(parts.values())),
        "parts": ", ".join(f"{name} {size:.0f}" for name, size in parts.items()),
        "cpu_percent": round(100 * spent / _IDLE_SECONDS, 2),
    }


def _fill(foyer: LocalFoyer, processes: Processes) -> tuple[People, int]:
    owner = live.ask(
        foyer,
        "POST",
        "/v1/auth/signup",
        body={
            "email": "olga@bench.example",
            "password": "correct horse 7",
            "name": "Olga",
            "workspace_name": "Bench",
        },
    )
    filler = subprocess.run(
        [
            *(sys.executable, "-m", "tests.bench.data"),
            *(owner["workspace"]["id"], owner["user"]["id"]),
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "FOYER_DYNAMODB_ENDPOINT": _endpoint(processes),
            "FOYER_ROOT_KEY_FILE": str(foyer.data / "keys" / "root"),
        },
        stdout=subprocess.PIPE,
        check=True,
        timeout=300,
    )
    told = json.loads(filler.stdout)
    talking = [(token, conversation) for token, conversation in told["talking"]]
    return People(owner["access_token"], talking, told["fresh"]), told["rows"]


def _endpoint(processes: Processes) -> str:
    """Where the engine listens, as its command line says."""
    command = Path(f"/proc/{processes.engines['dynamodb']}/cmdline").read_bytes().split(b"\0")
    host, port = (command[command.index(name) + 1].decode() for name in (b"--host", b"--port"))
    return f"http://{host}:{port}"


if __name__ == "__main__":
    main()
