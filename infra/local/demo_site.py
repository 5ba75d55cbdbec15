"""The demo site: a fictitious shop of another origin, with the widget on every page.

Its content security policy is as strict as a careful owner's would be and allows Foyer no more
than docs/widget.md asks for, so whatever works here works on their page.
"""

from __future__ import annotations

import hmac
import html
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from infra.local.answers import Answer
from infra.local.asgi import Receive, Scope, Send, send_answer
from infra.local.folder import read_whole
from infra.local.settings import ROOT, Settings
from infra.local.static import Folder, text_answer

_SITE = ROOT / "infra" / "local" / "demo"
CUSTOMER = {
    "external_id": "customer-1042",
    "email": "mara.lindqvist@example.com",
    "name": "Mara Lindqvist",
}
"""Who is signed in to the shop on pages asked for with `?as=mara`."""


def demo_facts(data: Path) -> Path:
    """Where the seed notes the demo workspace's widget key and identity secret."""
    return data / "run" / "demo.json"


class DemoSite:
    """Serves the shop's pages, with the snippet of the demo workspace in them."""

    def __init__(self, settings: Settings) -> None:
        self._origin = settings.url
        self._socket = f"ws://{settings.url.removeprefix('http://')}"
        self._facts = demo_facts(settings.data)
        self._files = Folder(_SITE, headers=self._headers(), cache="no-cache")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].strip("/") or "index"
        page = _SITE / f"{path}.html"
        if page.parent == _SITE and page.is_file():
            method = scope["method"]
            await send_answer(send, self._page(page, scope), with_body=method != "HEAD")
        else:
            await self._files(scope, receive, send, path)

    def _page(self, page: Path, scope: Scope) -> Answer:
        known = parse_qs(scope["query_string"].decode("latin-1")).get("as") == ["mara"]
        facts = read_whole(self._facts) or {}
        text = (_SITE / "frame.html").read_text()
        text = text.replace("<!--page-->", page.read_text())
        text = text.replace("<!--widget-->", _snippet(self._origin, facts, known))
        text = text.replace("<!--customer-->", _greeting(known))
        text = text.replace("{query}", "?as=mara" if known else "")
        text = text.replace(f'data-here="{page.stem}"', 'aria-current="page"')
        answer = text_answer(200, text, "text/html; charset=utf-8")
        headers = [
            (name.lower().encode(), value.encode()) for name, value in self._headers().items()
        ]
        return Answer(200, [*answer.headers, *headers], answer.body)

    def _headers(self) -> dict[str, str]:
        return {
            "Content-Security-Policy": (
                f"default-src 'none'; script-src {self._origin}; frame-src {self._origin}; "
                f"connect-src {self._origin} {self._socket}; style-src 'self'; img-src 'self'; "
                "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            ),
            "Referrer-Policy": "strict-origin-when-cross-origin",
        }


def _snippet(origin: str, facts: dict[str, Any], known: bool) -> str:
    if "widget_key" not in facts:
        return "<!-- No demo workspace: Foyer was started with FOYER_DEMO=0. -->"
    attributes = {"src": f"{origin}/widget/loader.js", "data-key": facts["widget_key"]}
    if known:
        secret = str(facts.get("identity_secret", "")).encode()
        attributes |= {
            "data-external-id": CUSTOMER["external_id"],
            "data-email": CUSTOMER["email"],
            "data-name": CUSTOMER["name"],
            "data-user-hash": hmac.digest(secret, CUSTOMER["external_id"].encode(), "sha256").hex(),
        }
    shown = " ".join(f'{name}="{html.escape(value)}"' for name, value in attributes.items())
    return f"<script async {shown}></script>"


def _greeting(known: bool) -> str:
    if known:
        return f'Signed in as <b>{CUSTOMER["name"]}</b> · <a href="?">Sign out</a>'
    return '<a href="?as=mara">Sign in as Mara</a>'
