"""Who really asks, where a proxy stands in front: only proxies that were named are believed.

A client can write any `X-Forwarded-For` it likes; what a named proxy adds stands at its right end.
So the list is read from the right, and the first address that isn't a proxy's is the client's.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from ipaddress import ip_address

from infra.local.gateway.asgi import App, Receive, Scope, Send, header
from infra.local.gateway.hosts import is_this_machine
from infra.local.settings import Network

log = logging.getLogger("foyer.local")

NOBODY_KNOWN = "0.0.0.0"  # noqa: S104 - no address to listen on, but of a client that nobody named
_SECURE = {b"https", b"wss"}


class TrustedProxies:
    """An application whose callers come through proxies of these networks.

    Puts the client's address and scheme into the scope, and leaves of `X-Forwarded-For` what came
    before the client. What comes through a proxy is never taken for this machine itself, which has
    no limits: where no client is named, all requests count as of one unknown address.
    """

    def __init__(self, app: App, trusted: Sequence[Network]) -> None:
        self._app = app
        self._trusted = tuple(trusted)
        self._has_warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        peer = scope["client"][0] if scope.get("client") else ""
        if self._is_proxy(peer):
            self._believe(scope)
        await self._app(scope, receive, send)

    def _believe(self, scope: Scope) -> None:
        forwarded = [
            part.strip()
            for name, value in scope["headers"]
            if name == b"x-forwarded-for"
            for part in value.decode("latin-1").split(",")
        ]
        if not forwarded and not self._has_warned and not is_this_machine(_host(scope)):
            self._has_warned = True
            log.warning(
                "the proxy sends no X-Forwarded-For: all who come through it share one address"
            )
        client, before = self._client(forwarded)
        scope["client"] = (client, 0)
        proto = next((v for n, v in scope["headers"] if n == b"x-forwarded-proto"), b"http")
        secure = proto.split(b",")[-1].strip().lower() in _SECURE
        scope["scheme"] = {("http", True): "https", ("ws", True): "wss"}.get(
            (scope["scheme"], secure), scope["scheme"]
        )
        headers = [(n, v) for n, v in scope["headers"] if n != b"x-forwarded-for"]
        if before:
            headers.append((b"x-forwarded-for", ", ".join(before).encode("latin-1")))
        scope["headers"] = headers

    def _client(self, forwarded: list[str]) -> tuple[str, list[str]]:
        """The client's address and what stands before it; the first of all if all are proxies."""
        for place in range(len(forwarded) - 1, -1, -1):
            address = _address(forwarded[place])
            if address is None:
                break
            if place == 0 or not self._is_proxy(address):
                near = ip_address(address).is_loopback  # one more hop that names nobody
                return (NOBODY_KNOWN, []) if near else (address, forwarded[:place])
        return NOBODY_KNOWN, []

    def _is_proxy(self, text: str) -> bool:
        address = _address(text)
        return address is not None and any(ip_address(address) in each for each in self._trusted)


def _host(scope: Scope) -> bytes:
    return header(scope, b"host") or b""


def _address(text: str) -> str | None:
    """An IP address as proxies write it: `1.2.3.4`, `1.2.3.4:5`, `::1`, `[::1]`, `[::1]:5`."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)
