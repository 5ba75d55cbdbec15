"""What processes cost, read from /proc (Linux): CPU seconds and resident memory."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

from infra.local.testing import LocalFoyer

_TICK = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


@dataclass(frozen=True)
class Processes:
    """The application's process and those of its engines, by name → pid."""

    application: int
    engines: dict[str, int]

    @property
    def all(self) -> tuple[int, ...]:
        return (self.application, *self.engines.values())


def processes_of(foyer: LocalFoyer) -> Processes:
    """The processes of a machine that runs."""
    notes = {
        path.stem: json.loads(path.read_text()) for path in (foyer.data / "run").glob("*.json")
    }
    engines = {name: note["pid"] for name, note in notes.items() if "pid" in note}
    return Processes(foyer.pid, engines)


@dataclass(frozen=True)
class Cpu:
    """CPU seconds so far, user and system: of the application and of the DynamoDB engine."""

    application: float
    engine: float

    def since(self, earlier: Cpu) -> Cpu:
        return Cpu(self.application - earlier.application, self.engine - earlier.engine)


def cpu(processes: Processes) -> Cpu:
    """What has been spent until now."""
    return Cpu(cpu_seconds(processes.application), cpu_seconds(processes.engines["dynamodb"]))


def cpu_seconds(pid: int) -> float:
    """CPU seconds of one process, user and system, to 1/100 s."""
    fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def others_cpu(processes: Processes) -> float:
    """CPU seconds that everybody but us and the machine under test has spent on this computer."""
    fields = (_PROC / "stat").read_text().split("\n", 1)[0].split()[1:]
    user, nice, system, _idle, _waiting, irq, softirq = (int(each) for each in fields[:7])
    used = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    ours = sum(each.ru_utime + each.ru_stime for each in used)
    ours += sum(map(cpu_seconds, processes.all))
    return (user + nice + system + irq + softirq) / _TICK - ours


def resident(pid: int) -> float:
    """Resident memory in MB (10^6 bytes)."""
    for line in (_PROC / str(pid) / "status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def settle(processes: Processes, *, within: float = 30.0) -> Cpu:
    """Wait until what was begun is done (events delivered); the CPU spent by then."""
    deadline = time.monotonic() + within
    before = cpu(processes)
    while time.monotonic() < deadline:
        time.sleep(0.5)
        now = cpu(processes)
        if sum(vars(now.since(before)).values()) <= 0.03:
            return now
        before = now
    return before
