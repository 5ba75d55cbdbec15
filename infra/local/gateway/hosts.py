"""Which names a door answers to: a page that makes its own name point here gets nothing.

A browser sends the name that it was told to ask, so a name of somebody else's that resolves to this
machine (DNS rebinding, a proxy that passes everything on) is found out before anything is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from infra.local.gateway.answers import Answer, refusal
from infra.local.gateway.asgi import App, Receive, Scope, Send, header, refuse
from infra.local.pages.static import text_answer

MISDIRECTED = 421
# Whatever the port: these can't be made to point elsewhere, and a tunnel ends on another one.
_OURS = frozenset({"127.0.0.1", "localhost", "[::1]"})
_ACCOUNTS = "/v1/auth/"
_DEFAULT_PORTS = {"http": "80", "https": "443"}


class HostCheck:
    """An application behind an allow-list of `Host` headers; others get 421, handshakes too.

    This machine's own names are always on it, on any port; `names` are more, each as a browser
    writes it: with a port unless it is the scheme's own.
    """

    def __init__(self, app: App, names: Iterable[str] = ()) -> None:
        self._app = app
        self._names = frozenset(name.lower().encode() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._is_known([value for name, value in scope["headers"] if name == b"host"]):
            await self._app(scope, receive, send)
        else:
            await refuse(scope, receive, send, _misdirected_answer())

    def _is_known(self, hosts: list[bytes]) -> bool:
        if len(hosts) != 1:
            return False
        host = hosts[0].lower()
        return host in self._names or is_this_machine(host)


class SameOriginSignIn:
    """An API on whose accounts no page of another site may act, though its answers are for all.

    The demo's password is known to everybody, and so is that nobody may have signed up yet: on this
    machine alone, strangers come no nearer than the pages that its browser shows. `names` are
    hosts whose pages may, besides this machine's own.
    """

    def __init__(self, app: App, names: Iterable[str] = ()) -> None:
        self._app = app
        self._names = frozenset(name.lower().encode() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = header(scope, b"origin")
        if origin is not None and scope["path"].startswith(_ACCOUNTS) and not self._is_ours(origin):
            await refuse(scope, receive, send, refusal(403, "Not from another site's page"))
        else:
            await self._app(scope, receive, send)

    def _is_ours(self, origin: bytes) -> bool:
        host = origin.lower().partition(b"://")[2]
        return host in self._names or is_this_machine(host)


def is_this_machine(host: bytes) -> bool:
    """Whether a `Host` header names this machine's own address, on any port."""
    text = host.decode("latin-1").lower()
    name, _, port = text.rpartition(":")
    if text.endswith("]") or not name:
        name, port = text, "80"
    return name in _OURS and port.isascii() and port.isdigit()


def names_of(url: str) -> list[str]:
    """How browsers may name the host of an origin."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else str(parts.hostname)
    usual = _DEFAULT_PORTS[parts.scheme]
    port = str(parts.port or usual)
    return [host, f"{host}:{port}"] if port == usual else [f"{host}:{port}"]


def _misdirected_answer() -> Answer:
    return text_answer(
        MISDIRECTED,
        "This is Foyer, but not under the name that was asked for. If the name is yours, set "
        "FOYER_PUBLIC_URL (or FOYER_HOSTS) to it.\n",
    )
