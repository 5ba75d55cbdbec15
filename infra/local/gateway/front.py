"""The machine's one public door: which part of it answers which path."""

from __future__ import annotations

from infra.local.gateway.answers import refusal
from infra.local.gateway.asgi import App, Receive, Scope, Send, refuse, send_answer
from infra.local.pages.static import Folder

SOCKET_PATH = "/v1/socket"
HEALTH_PATH = "/v1/health"


class Front:
    """Routes to the API, the socket, the widget or the dashboard.

    Until `ready` is set the health check says 503; everything else answers as soon as it can.
    """

    def __init__(self, *, api: App, socket: App, dashboard: Folder, widget: Folder) -> None:
        self.ready = False
        self._api = api
        self._socket = socket
        self._dashboard = dashboard
        self._widget = widget

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if scope["type"] == "websocket":
            await self._open_socket(scope, receive, send)
        elif path.startswith("/v1/"):
            if not self.ready and path == HEALTH_PATH:
                await send_answer(send, refusal(503, "Foyer is starting"))
            else:
                await self._api(scope, receive, send)
        elif path.startswith("/widget/"):
            await self._widget(scope, receive, send, path.removeprefix("/widget/"))
        elif path.startswith("/_local/"):  # a door of its own has them: `mailbox`
            await send_answer(send, refusal(404, "Not found"))
        else:
            await self._dashboard(scope, receive, send, path.lstrip("/"))

    async def _open_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == SOCKET_PATH:
            await self._socket(scope, receive, send)
            return
        await refuse(scope, receive, send, refusal(404, "Not found"))
