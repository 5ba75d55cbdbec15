"""Connections kept open between calls, shared by the threads of a process.

Failures are botocore's exceptions, which PynamoDB catches, and their class tells what is known:

    EndpointConnectionError, ConnectTimeoutError    the request didn't reach the service
    ConnectionClosedError, ReadTimeoutError         it may have: nobody knows what became of it
    SSLError                                        the certificate is wrong: no use trying again
"""

from __future__ import annotations

import os
import select
import ssl
from collections import deque
from collections.abc import Mapping
from socket import IPPROTO_TCP, TCP_NODELAY, create_connection, socket
from time import monotonic
from typing import NamedTuple
from urllib.parse import urlsplit

from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
    SSLError,
)

from chalicelib.platform.transport.http1 import Malformed, Response, read_response, request_bytes
from chalicelib.platform.transport.sigv4 import DEFAULT_PORTS

CONNECT_TIMEOUT = 1.0
"""Seconds for the TCP and TLS handshakes; inside a region they take a few milliseconds."""
READ_TIMEOUT = 5.0
"""Seconds for one answer; DynamoDB's own limit for a request is 5 s of work."""
IDLE_LIMIT = 60.0
"""Seconds a connection may lie unused; the AWS SDK for Java 2 has the same `connectionMaxIdleTime`.
After a freeze between two Lambda invocations an older one is likely dead without our knowing."""
KEPT_PER_ORIGIN = 32


class Origin(NamedTuple):
    scheme: str
    host: str
    port: int


class _Idle(NamedTuple):
    sock: socket
    since: float


class Pool:
    """Sends requests over kept-alive connections. All methods may be called from any thread."""

    def __init__(
        self,
        *,
        connect_timeout: float = CONNECT_TIMEOUT,
        read_timeout: float = READ_TIMEOUT,
        idle_limit: float = IDLE_LIMIT,
    ) -> None:
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._idle_limit = idle_limit
        self._idle: dict[Origin, deque[_Idle]] = {}
        self._tls: ssl.SSLContext | None = None
        # A forked child must not speak on its parent's connections.
        os.register_at_fork(after_in_child=self._idle.clear)

    def exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, deadline: float
    ) -> Response:
        """Send one request and read its response by `deadline` (of `time.monotonic`).

        Raises:
            EndpointConnectionError, ConnectTimeoutError, ConnectionClosedError,
            ReadTimeoutError, SSLError: see this module's table.
        """
        origin, target = _split(url)
        request = request_bytes(method, target, headers, body)
        sock = self._fresh_idle(origin) or self._connect(origin, url, deadline)
        response: Response | None = None
        try:
            self._send(sock, request, url, deadline)
            response = self._receive(sock, url, deadline)
        finally:
            if response is not None and response.reusable:
                self._keep(origin, sock)
            else:
                sock.close()
        return response

    def close(self) -> None:
        """Close what lies idle."""
        for idle in self._idle.values():
            while idle:
                idle.pop().sock.close()

    def _send(self, sock: socket, request: bytes, url: str, deadline: float) -> None:
        try:
            sock.settimeout(max(0.001, min(self._read_timeout, deadline - monotonic())))
            sock.sendall(request)
        except OSError as error:
            # The service needs the whole request to act on it, and it didn't get the whole.
            raise EndpointConnectionError(endpoint_url=url, error=error) from error

    def _receive(self, sock: socket, url: str, deadline: float) -> Response:
        try:
            return read_response(sock, min(deadline, monotonic() + self._read_timeout))
        except TimeoutError as error:
            raise ReadTimeoutError(endpoint_url=url, error=error) from error
        except (OSError, Malformed) as error:
            raise ConnectionClosedError(endpoint_url=url, error=error) from error

    def _connect(self, origin: Origin, url: str, deadline: float) -> socket:
        timeout = max(0.001, min(self._connect_timeout, deadline - monotonic()))
        sock: socket | None = None
        try:
            sock = create_connection((origin.host, origin.port), timeout)
            sock.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
            if origin.scheme == "https":
                sock = self._context().wrap_socket(sock, server_hostname=origin.host)
            return sock
        except OSError as error:
            if sock is not None:
                sock.close()
            if isinstance(error, ssl.SSLCertVerificationError):
                raise SSLError(endpoint_url=url, error=error) from error
            if isinstance(error, TimeoutError):
                raise ConnectTimeoutError(endpoint_url=url, error=error) from error
            raise EndpointConnectionError(endpoint_url=url, error=error) from error

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context(cafile=os.environ.get("AWS_CA_BUNDLE") or None)
        return self._tls

    def _fresh_idle(self, origin: Origin) -> socket | None:
        """The connection used last, unless its peer has closed it or it lay too long."""
        idle = self._idle.get(origin)
        while idle:
            try:
                sock, since = idle.pop()
            except IndexError:  # another thread took it
                return None
            if monotonic() - since < self._idle_limit and not _readable(sock):
                return sock
            sock.close()
        return None

    def _keep(self, origin: Origin, sock: socket) -> None:
        idle = self._idle.setdefault(origin, deque())
        if len(idle) < KEPT_PER_ORIGIN:
            idle.append(_Idle(sock, monotonic()))
        else:
            sock.close()


def _readable(sock: socket) -> bool:
    """An idle connection has nothing to say except that it is being closed."""
    if not hasattr(select, "poll"):  # Windows
        return bool(select.select([sock], [], [], 0)[0])
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))


def _split(url: str) -> tuple[Origin, str]:
    parts = urlsplit(url)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"not an http(s) URL: {url!r}")
    port = parts.port or DEFAULT_PORTS[parts.scheme]
    query = f"?{parts.query}" if parts.query else ""
    return Origin(parts.scheme, parts.hostname, port), (parts.path or "/") + query
