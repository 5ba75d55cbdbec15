"""For tests: an engine in memory, and a whole machine as a process of its own.

with Engine() as engine:            # dynoxide, empty, gone at the end
    engine.endpoint

with LocalFoyer() as foyer:         # python -m infra.local on free ports, in a temporary folder
    foyer.url, foyer.demo_url
    foyer.kill9(); foyer.restart()  # the same folder, the same ports
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from infra.local.data.folder import read_whole
from infra.local.engines.engine import answers, dynoxide_binary, dynoxide_command, dynoxide_place
from infra.local.engines.ports import are_free, free_ports
from infra.local.engines.processes import die_with_parent
from infra.local.settings import HOST, ROOT, STORAGE_OFF

_ENGINE_WITHIN = 10.0
_MACHINE_WITHIN = 60.0
_STOP_WITHIN = 10.0
_POLL = 0.02


_machines: dict[str, LocalFoyer] = {}


class NotReady(Exception):
    """It didn't come up; the message has the end of its log."""


class Engine:
    """dynoxide in memory on a free port; about 30 ms to start, 5 MB."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._place = ("", 0)

    @property
    def endpoint(self) -> str:
        return "http://{}:{}".format(*self._place)

    def __enter__(self) -> Self:
        self._place = dynoxide_place()
        self._child = subprocess.Popen(
            dynoxide_command(dynoxide_binary(), self._place, None),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=die_with_parent(),
        )
        deadline = time.monotonic() + _ENGINE_WITHIN
        while not answers(self._place):
            if self._child.poll() is not None or time.monotonic() > deadline:
                raise NotReady("dynoxide doesn't answer")
            time.sleep(0.005)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()


class LocalFoyer:
    """A machine with a data folder of its own, which is removed at the end.

    `demo` seeds the demo workspace, `storage` starts the file storage (three seconds, 150 MB);
    `env` is added to the environment. `PORT` and the folder stay the same over restarts.
    """

    def __init__(
        self,
        *,
        demo: bool = False,
        storage: bool = False,
        env: Mapping[str, str] | None = None,
        data: Path | None = None,
    ) -> None:
        self._demo = demo
        self._storage = storage
        self._extra = dict(env or {})
        self._own_folder = data is None
        self.data = data or Path(tempfile.mkdtemp(prefix="foyer-"))
        self._output = self.data.with_name(self.data.name + ".log")
        self.port = _pair_of_ports()
        self._was_up = False
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def demo_url(self) -> str:
        return f"http://{HOST}:{self.port + 1}"

    @property
    def local_url(self) -> str:
        """Where its own pages are, mail and clock: `{local_url}/mail.json`."""
        return str(read_whole(self.data / "run" / "local-pages.json")["url"])

    @property
    def socket_url(self) -> str:
        return f"ws://{HOST}:{self.port}/v1/socket"

    @property
    def logs(self) -> str:
        """What it has printed so far, over all restarts."""
        return self._output.read_text(errors="replace") if self._output.exists() else ""

    @property
    def pid(self) -> int:
        """The process's id; 0 while there is none."""
        return self._child.pid if self._child is not None else 0

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self._clean()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self._clean()

    def start(self, *, within: float = _MACHINE_WITHIN) -> None:
        """Start it and return when `/v1/health` says ok.

        Raises:
            NotReady: It ended, or `within` seconds went by.
        """
        try:
            self._start(within)
        except NotReady as problem:
            # Between choosing a port and taking it, somebody else may have.
            if self._was_up or "is in use" not in str(problem):
                raise
            self.port = _pair_of_ports()
            self._start(within)
        self._was_up = True
        _machines[self.url] = self

    def _start(self, within: float) -> None:
        child = self.begin()
        deadline = time.monotonic() + within
        while not self._is_ready():
            if child.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise NotReady(self.logs[-4000:])
            time.sleep(_POLL)

    def begin(self) -> subprocess.Popen[bytes]:
        """Start it and return at once."""
        with self._output.open("ab") as output:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "infra.local"],
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=die_with_parent(),
            )
        return self._child

    def stop(self) -> int | None:
        """Ask it to end (SIGTERM) and wait; its exit code, None when it wasn't running."""
        child, self._child = self._child, None
        if child is None:
            return None
        child.send_signal(signal.SIGTERM)
        try:
            return child.wait(_STOP_WITHIN)
        except subprocess.TimeoutExpired:
            child.kill()
            return child.wait()

    def kill9(self) -> None:
        """End it as a power cut would: no clean-up of any kind."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()

    def restart(self) -> None:
        """Stop it, if it runs, and start it on the same folder and ports."""
        self.stop()
        self.start()

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/v1/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _environment(self) -> dict[str, str]:
        others = [name for name in os.environ if not name.startswith("FOYER_")]
        return {
            **{name: os.environ[name] for name in others},
            "PORT": str(self.port),
            "FOYER_DATA": str(self.data),
            "FOYER_DEMO": "1" if self._demo else "0",
            # Everybody's own workspace on one machine for all tests.
            "FOYER_SIGNUP": "open",
            **({} if self._storage else {"FOYER_S3_ENDPOINT": STORAGE_OFF}),
            "PYTHONUNBUFFERED": "1",
            **self._extra,
        }

    def _clean(self) -> None:
        if self._own_folder:
            shutil.rmtree(self.data, ignore_errors=True)
        self._output.unlink(missing_ok=True)


def machine_at(url: str) -> LocalFoyer:
    """The machine of this process that was last started at a URL."""
    return _machines[url]


def _pair_of_ports() -> int:
    """A port that is free together with the one after it."""
    while True:
        port = free_ports(1)[0]
        if port < 65535 and are_free([port, port + 1]):
            return port
