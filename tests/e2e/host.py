"""Somebody else's site: pages of another origin, under the policy that docs/widget.md asks for."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Kiln &amp; Ash</title>{head}</head>
<body><main><h1>Handmade stoneware</h1><p>Bowls, plates and cups.</p>
<button id="help">Talk to us</button>{body}</main></body>
</html>
"""


class HostSite:
    """Serves pages put into `pages` (path → HTML), each with the strict policy."""

    def __init__(self, foyer_url: str) -> None:
        self._foyer = foyer_url
        socket = "ws://" + urlsplit(foyer_url).netloc
        self.policy = (
            f"default-src 'none'; script-src {foyer_url} 'nonce-t'; "
            f"connect-src {foyer_url} {socket}; frame-src {foyer_url}; "
            "base-uri 'none'; form-action 'none'"
        )
        self.headers: dict[str, str] = {}
        self.pages: dict[str, str] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                html = site.pages.get(urlsplit(self.path).path)
                body = (html or "nothing here").encode()
                self.send_response(200 if html else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Security-Policy", site.policy)
                for name, value in site.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing: pytest shows what matters."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """The site's origin."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def with_widget(
        self, key: str, *, path: str = "/", attributes: str = "", script: str = "", head: str = ""
    ) -> str:
        """Put up a page with the script tag; answers its address.

        `attributes` go into the tag; `script` runs before it, with the policy's nonce.
        """
        inline = f'<script nonce="t">{script}</script>' if script else ""
        tag = (
            f'<script async src="{self._foyer}/widget/loader.js" data-key="{key}" '
            f"{attributes}></script>"
        )
        self.pages[path] = _PAGE.format(head=head, body=inline + tag)
        return self.url + path

    def without_key(self, script: str, *, path: str = "/") -> str:
        """Put up a page whose own `script` boots through the queue; answers its address."""
        queue = (
            "window.Foyer=window.Foyer||function(){(Foyer.q=Foyer.q||[]).push(arguments)};" + script
        )
        tag = f'<script async src="{self._foyer}/widget/loader.js"></script>'
        self.pages[path] = _PAGE.format(head="", body=f'<script nonce="t">{queue}</script>{tag}')
        return self.url + path

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
