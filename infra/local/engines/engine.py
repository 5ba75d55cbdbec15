"""The engines that keep the data: dynoxide for DynamoDB, SeaweedFS for S3.

Both are children of this process, listen on loopback addresses only, keep their data in the data
folder and may be killed at any moment without losing what they acknowledged.
"""

from __future__ import annotations

import http.client
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from secrets import token_urlsafe

from infra.local.data.folder import DataFolder, read_whole, write_whole
from infra.local.engines.http_door import PipedEngine
from infra.local.engines.ports import are_free, free_ports, hidden_place
from infra.local.engines.processes import end_orphan, spawn, stop
from infra.local.problems import CannotStart
from infra.local.settings import ACCESS_KEY, HOST, ROOT

_READY_WITHIN = 30.0
_FREE_WITHIN = 1.0
_STORAGE_SERVICES = ("master", "volume", "filer", "s3")
_STORAGE_PORTS = tuple(
    f"{service}{kind}" for service in _STORAGE_SERVICES for kind in ("", ".grpc")
)
_SYSTEMS = {"linux": "linux", "darwin": "darwin", "win32": "win32"}
_MACHINES = {"x86_64": "x64", "amd64": "x64", "arm64": "arm64", "aarch64": "arm64"}


class Engine:
    """One engine: a child process and the endpoint that it answers on.

    `patience` is how many seconds it gets to end by itself, `litter` what it leaves behind.
    """

    def __init__(
        self,
        name: str,
        folder: DataFolder,
        place: tuple[str, int],
        command: list[str],
        env: dict[str, str] | None = None,
        patience: float = 3.0,
        litter: Sequence[Path] = (),
    ) -> None:
        self.name = name
        self.endpoint = "http://{}:{}".format(*place)
        self._place = place
        self._command = command
        self._env = env
        self._patience = patience
        self._litter = litter
        self._log = folder.log(name)
        self._record = folder.record(name)
        self._child = self._spawn()

    def wait(self, *, within: float = _READY_WITHIN) -> None:
        """Return when the engine answers HTTP.

        Raises:
            CannotStart: It ended, or `within` seconds went by.
        """
        deadline = time.monotonic() + within
        while not (answers(self._place) and self._child.poll() is None):
            if self._child.poll() is not None or time.monotonic() > deadline:
                raise CannotStart(f"The {self.name} engine doesn't answer: see {self._log}.")
            time.sleep(0.005)

    def revive(self) -> bool:
        """Start the engine again on its port if it has ended by itself; True when it had."""
        if self._child.poll() is None:
            return False
        self._child = self._spawn()
        return True

    def stop(self) -> None:
        stop(self._child, self._record, patience=self._patience)
        for left in self._litter:
            left.unlink(missing_ok=True)

    def _spawn(self) -> subprocess.Popen[bytes]:
        return spawn(self._command, log=self._log, record=self._record, env=self._env)


def start_dynamodb(folder: DataFolder, *, piped: bool = False) -> Engine | PipedEngine:
    """dynoxide on a file of the data folder, where no page finds it: it has no login.

    Where the system has no place to hide it, or with `piped`, it gets no port at all.

    Raises:
        CannotStart: No binary for this machine.
    """
    end_orphan(folder.record("dynamodb"))
    binary = dynoxide_binary()
    place = None if piped else hidden_place()
    if place is None:
        command = [str(binary), "mcp", "--db-path", str(folder.database)]
        return PipedEngine("dynamodb", folder, command)
    return Engine("dynamodb", folder, place, dynoxide_command(binary, place, folder.database))


def start_storage(folder: DataFolder, secret_key: str, origin: str) -> Engine:
    """SeaweedFS with its S3 door, its volumes and file index in the data folder.

    S3 asks for a signature by `secret_key` and lets pages of `origin` alone read its answers; its
    other doors want tokens signed with keys of this run, or are shut (docs/decisions/0009).
    It keeps its ports from run to run where it can, for its own notes name them.

    Raises:
        CannotStart: Its binary is absent.
    """
    end_orphan(folder.record("storage"))
    binary = Path(sys.executable).with_name("weed")
    if not binary.exists():
        raise CannotStart(
            f"SeaweedFS's binary is missing ({binary}): run `make` again to install it, or set "
            "FOYER_S3_ENDPOINT to another S3 (`off` for none)."
        )
    ports = _storage_ports(folder)
    command = _storage_command(binary, folder.path / "storage", ports, origin)
    env = {**os.environ, **_storage_keys(secret_key, origin)}
    # Its shutdown waits a quarter of a minute for nobody; what it acknowledged is written.
    return Engine("storage", folder, (HOST, ports["s3"]), command, env, 1.0, _storage_litter(ports))


def dynoxide_binary() -> Path:
    """Where npm put the binary for this machine.

    Raises:
        CannotStart: There is none for it.
    """
    machine = _MACHINES.get(platform.machine().lower(), platform.machine())
    name = f"{_SYSTEMS.get(sys.platform, sys.platform)}-{machine}"
    suffix = ".exe" if sys.platform == "win32" else ""
    binary = ROOT / "node_modules" / "@dynoxide" / name / f"dynoxide{suffix}"
    if not binary.exists():
        raise CannotStart(
            f"There is no dynoxide binary for this machine ({name}): run `make` again, or set "
            "FOYER_DYNAMODB_ENDPOINT to a DynamoDB that runs elsewhere."
        )
    return binary


def dynoxide_place() -> tuple[str, int]:
    """Where an engine of tests is to listen."""
    return hidden_place() or (HOST, free_ports(1)[0])


def dynoxide_command(binary: Path, place: tuple[str, int], database: Path | None) -> list[str]:
    """How dynoxide is started; without a database file it forgets everything at its end."""
    host, port = place
    command = [str(binary), "serve", "--host", host, "--port", str(port)]
    return command if database is None else [*command, "--db-path", str(database)]


def _storage_ports(folder: DataFolder) -> dict[str, int]:
    path = folder.path / "run" / "storage-ports.json"
    ports = read_whole(path)
    if isinstance(ports, dict) and set(ports) == set(_STORAGE_PORTS):
        # A killed run's threads may hold them a moment longer than its process is to be seen.
        deadline = time.monotonic() + _FREE_WITHIN
        while time.monotonic() < deadline:
            if are_free(list(ports.values())):
                return {str(name): int(port) for name, port in ports.items()}
            time.sleep(0.02)
    fresh = dict(zip(_STORAGE_PORTS, free_ports(len(_STORAGE_PORTS)), strict=True))
    write_whole(path, fresh)
    return fresh


def _storage_keys(secret_key: str, origin: str) -> dict[str, str]:
    """What SeaweedFS takes from its environment, where no other user can read it."""
    tokens = ("JWT_SIGNING", "JWT_SIGNING_READ", "JWT_FILER_SIGNING", "JWT_FILER_SIGNING_READ")
    return {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": secret_key,
        **{f"WEED_{name}_KEY": token_urlsafe(32) for name in tokens},
        "WEED_ACCESS_UI": "false",
        "WEED_FILER_EXPOSE_DIRECTORY_METADATA_ENABLED": "false",
        "WEED_CORS_ALLOWED_ORIGINS_VALUES": origin,
    }


def _storage_command(binary: Path, data: Path, ports: dict[str, int], origin: str) -> list[str]:
    def flag(name: str) -> str:
        service, _, kind = name.partition(".")
        return f"-{service}.port{'.' + kind if kind else ''}={ports[name]}"

    return [
        *(str(binary), "-logtostderr=true", "server"),
        *(f"-dir={data}", f"-ip={HOST}", f"-ip.bind={HOST}", "-filer", "-s3", "-s3.iam=false"),
        *(flag(name) for name in _STORAGE_PORTS),
        # The master deletes a whole bucket for a GET, and the filer takes files from anybody: what
        # S3 needs of them it asks by gRPC, so their HTTP is shut.
        *("-disableHttp", "-filer.disableHttp", "-filer.exposeDirectoryData=false"),
        *(f"-s3.allowedOrigins={origin}", f"-filer.allowedOrigins={origin}"),
        # Doors that nobody here uses; telemetry would call home.
        *("-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false"),
        # Small volumes, and as many as there is room for, rather than 30 GB at once.
        *("-master.volumeSizeLimitMB=256", "-volume.max=0", "-volume.minFreeSpace=1"),
        # There is one master: it needn't wait ten seconds for others to vote.
        *("-master.electionTimeout=1s", "-volume.preStopSeconds=0"),
    ]


def _storage_litter(ports: dict[str, int]) -> list[Path]:
    """The unix sockets that SeaweedFS makes in /tmp, whatever TMPDIR says."""
    names = [f"{service}-grpc-{ports[f'{service}.grpc']}" for service in _STORAGE_SERVICES]
    names += [f"{service}-{ports[service]}" for service in ("filer", "s3")]
    return [Path(f"/tmp/seaweedfs-{name}.sock") for name in names]  # noqa: S108


def answers(place: tuple[str, int]) -> bool:
    """Whether something at this address and port speaks HTTP."""
    connection = http.client.HTTPConnection(*place, timeout=2)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
