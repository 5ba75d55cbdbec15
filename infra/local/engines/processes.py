"""Children that never outlive us, and telling our own orphans from a stranger's process.

A pid alone proves nothing: it is reused. A process is ours when its pid, its start time and its
command line are all those that we wrote down when we started it.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_ON_LINUX = platform.system() == "Linux"
_KILL_AFTER = 3.0
_POLL = 0.02


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells one process from every other: `started` is the kernel's own stamp."""

    pid: int
    started: str
    command: str


def identify(pid: int) -> Identity | None:
    """The identity of a live process; None when there is none with this pid."""
    if _ON_LINUX:
        return _identify_by_proc(pid)
    return _identify_by_ps(pid)


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    record: Path,
    env: Mapping[str, str] | None = None,
    piped: bool = False,
) -> subprocess.Popen[bytes]:
    """Start a child whose output goes to `log`, noting its identity in `record`.

    With `piped` its standard input and output are ours to speak through.

    The child has its own process group, so that Ctrl-C reaches only us and we stop it in order.
    On Linux the kernel kills it when we die; elsewhere the next start ends it (`end_orphan`).
    Call it from a thread that lives as long as the process: the kernel watches that thread.
    """
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE if piped else subprocess.DEVNULL,
            stdout=subprocess.PIPE if piped else output,
            stderr=output,
            env=env,
            start_new_session=True,
            preexec_fn=die_with_parent(),
        )
    if (identity := identify(child.pid)) is not None:
        record.write_text(json.dumps(asdict(identity)))
    return child


def stop(child: subprocess.Popen[bytes], record: Path, *, patience: float = _KILL_AFTER) -> None:
    """Ask the child to end, insist after `patience` seconds, and forget it."""
    child.terminate()
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    record.unlink(missing_ok=True)


def end_orphan(record: Path, *, patience: float = _KILL_AFTER) -> bool:
    """End the process that `record` names, if it still runs; True when there was one."""
    try:
        recorded = Identity(**json.loads(record.read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return False
    is_running = identify(recorded.pid) == recorded
    if is_running:
        _end(recorded, patience)
    record.unlink(missing_ok=True)
    return is_running


def _end(identity: Identity, patience: float) -> None:
    os.kill(identity.pid, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while identify(identity.pid) == identity:
        if time.monotonic() > deadline:
            with suppress(ProcessLookupError):
                os.kill(identity.pid, signal.SIGKILL)
        time.sleep(_POLL)


def _identify_by_proc(pid: int) -> Identity | None:
    try:
        # The name in parentheses may hold anything, so count the fields after it: state is the
        # first, start time (clock ticks since boot) the twentieth. proc_pid_stat(5).
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return None
    if fields[0] == "Z":
        return None
    return Identity(pid, fields[19], command.replace(b"\0", b" ").decode(errors="replace").strip())


def _identify_by_ps(pid: int) -> Identity | None:
    def column(name: str) -> str:
        answer = subprocess.run(
            ["/bin/ps", "-ww", "-o", f"{name}=", "-p", str(pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        return answer.stdout.strip()

    started = column("lstart")
    return Identity(pid, started, column("args")) if started else None


def die_with_parent() -> Callable[[], None] | None:
    """What a child runs before it begins, so that the kernel ends it with us (Linux only)."""
    if not _ON_LINUX:
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def ask_kernel() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we could ask
            os.kill(os.getpid(), signal.SIGKILL)

    return ask_kernel
