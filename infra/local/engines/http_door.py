"""DynamoDB's HTTP for an engine without a port, before `piped_client`: with a secret in its path.

It refuses browsers, which name their origin, and whoever doesn't know the secret of this run.
"""

from __future__ import annotations

import hmac
import json
import secrets
import subprocess
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from infra.local.data.folder import DataFolder
from infra.local.engines.piped_client import Failed, PipedClient
from infra.local.engines.processes import spawn, stop
from infra.local.gateway.limits import MB
from infra.local.problems import CannotStart
from infra.local.settings import HOST

_LARGEST = 17 * MB  # DynamoDB's own limit is 16 MB
_IDLE = 65.0
_CONTENT = "application/x-amz-json-1.0"


class EngineDoor:
    """Serves one client's operations at `endpoint` until it is closed."""

    def __init__(self, client: PipedClient) -> None:
        secret = f"/{secrets.token_urlsafe(32)}"
        handler = type("Handler", (_Handler,), {"client": client, "secret": secret})
        self._server = _Server((HOST, 0), handler)
        self.endpoint = f"http://{HOST}:{self._server.server_port}{secret}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class PipedEngine:
    """dynoxide without a port, and the door to it: as `engines.Engine`."""

    def __init__(self, name: str, folder: DataFolder, command: list[str]) -> None:
        self.name = name
        self._command = command
        self._log, self._record = folder.log(name), folder.record(name)
        try:
            self._client = PipedClient(self._spawn)
        except Failed as failure:
            raise CannotStart(f"The {name} engine doesn't answer: see {self._log}.") from failure
        self._door = EngineDoor(self._client)
        self.endpoint = self._door.endpoint

    def wait(self) -> None:
        """It has answered already."""

    def revive(self) -> bool:
        """Start it again if it has ended by itself; True when it had."""
        if self._client.child.poll() is None:
            return False
        self._client.begin_again()
        return True

    def stop(self) -> None:
        self._door.close()
        stop(self._client.child, self._record)

    def _spawn(self) -> subprocess.Popen[bytes]:
        return spawn(self._command, log=self._log, record=self._record, piped=True)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256


class _Handler(BaseHTTPRequestHandler):
    client: PipedClient
    secret: str
    protocol_version = "HTTP/1.1"
    timeout = _IDLE
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_POST(self) -> None:
        size = self.headers.get("Content-Length", "")
        if not size.isdigit() or int(size) > _LARGEST:
            self.close_connection = True
            self._answer(413, {"message": "too large, or of no length"})
            return
        body = self.rfile.read(int(size))
        if not self._is_ours():
            self.close_connection = True
            self._answer(403, {"message": "Forbidden"})
            return
        operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        try:
            self._answer(200, self.client.call(operation, json.loads(body)))
        except Failed as failure:
            status = 500 if failure.kind == "InternalServerError" else 400
            self._answer(status, failure.body)
        except ValueError:
            self._answer(400, Failed("SerializationException", "no JSON").body)

    def _is_ours(self) -> bool:
        is_ours = hmac.compare_digest(self.path.rstrip("/").encode(), self.secret.encode())
        return is_ours and "Origin" not in self.headers

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response_only(status)
        self.send_header("Content-Type", _CONTENT)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    log_message: Callable[..., None] = lambda *_: None
