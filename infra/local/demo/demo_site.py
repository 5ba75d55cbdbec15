"""The demo site: a fictitious shop of another origin, with the widget on every page.

Its content security policy is as strict as a careful owner's would be and allows Foyer no more
than the widget's documentation asks for, so whatever works here works on their pages.
"""

from __future__ import annotations

import hmac
import json
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from infra.local.data.folder import read_whole
from infra.local.gateway.answers import Answer
from infra.local.gateway.asgi import Receive, Scope, Send, send_answer
from infra.local.pages.static import Folder, text_answer
from infra.local.settings import ROOT, Settings

_SITE = ROOT / "infra" / "local" / "demo" / "shop"
_TITLES = {
    "index": "Kiln & Ash · Handmade stoneware",
    "shipping": "Shipping & returns · Kiln & Ash",
    "studio": "The studio · Kiln & Ash",
}
CUSTOMER = {
    "external_id": "customer-1042",
    "email": "mara.lindqvist@example.com",
    "name": "Mara Lindqvist",
}
"""Who is signed in to the shop on pages asked for with `?as=mara`."""


def demo_facts(data: Path) -> Path:
    """Where the seed notes the demo workspace's widget key and identity secret."""
    return data / "run" / "demo.json"


def user_hash(secret: str, external_id: str) -> str:
    """The proof that a host page's server gives of who its customer is."""
    return hmac.digest(secret.encode(), external_id.encode(), "sha256").hex()


class DemoSite:
    """Serves the shop's pages, with the snippet of the demo workspace in them."""

    def __init__(self, settings: Settings) -> None:
        self._origin = settings.public_url
        self._socket = settings.socket_origin
        self._facts = demo_facts(settings.data)
        self._files = Folder(_SITE, headers={"X-Content-Type-Options": "nosniff"}, cache="no-cache")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = scope["path"].strip("/") or "index"
        if name in _TITLES:
            answer = self._page(name, scope["query_string"].decode("latin-1"))
            await send_answer(send, answer, with_body=scope["method"] != "HEAD")
        else:
            await self._files(scope, receive, send, name)

    def _page(self, name: str, query: str) -> Answer:
        is_known = parse_qs(query).get("as") == ["mara"]
        nonce = secrets.token_urlsafe(16) if is_known else None
        text = (_SITE / "frame.html").read_text()
        parts = {
            "<!--title-->": _TITLES[name].replace("&", "&amp;"),
            "<!--page-->": (_SITE / f"{name}.html").read_text(),
            "<!--customer-->": _greeting(is_known),
            "<!--widget-->": _snippet(self._origin, read_whole(self._facts) or {}, nonce),
            "{query}": "?as=mara" if is_known else "",
            f'data-page="{name}"': 'aria-current="page"',
        }
        for mark, part in parts.items():
            text = text.replace(mark, part)
        answer = text_answer(200, text, "text/html; charset=utf-8")
        policy = _policy(self._origin, self._socket, nonce)
        headers = [*answer.headers, (b"content-security-policy", policy.encode())]
        return Answer(200, headers, answer.body)


def _policy(origin: str, socket: str, nonce: str | None) -> str:
    """What the page may load: its own style and pictures, and Foyer's three directives."""
    own_script = f" 'nonce-{nonce}'" if nonce else ""
    return (
        f"default-src 'none'; style-src 'self'; img-src 'self'; script-src {origin}{own_script}; "
        f"connect-src {origin} {socket}; frame-src {origin}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _snippet(origin: str, facts: dict[str, Any], nonce: str | None) -> str:
    """The widget's script tag; with a nonce also who the customer is, and the proof."""
    if "widget_key" not in facts:
        return "<!-- There is no demo workspace: Foyer was started with FOYER_DEMO=0. -->"
    loader = f'<script async src="{origin}/widget/loader.js" data-key="{facts["widget_key"]}">'
    loader += "</script>"
    if nonce is None:
        return loader
    proof = user_hash(str(facts.get("identity_secret", "")), CUSTOMER["external_id"])
    identity = json.dumps({"identity": {**CUSTOMER, "user_hash": proof}})
    boot = (
        "window.Foyer=window.Foyer||function(){(Foyer.q=Foyer.q||[]).push(arguments)};"
        f'Foyer("boot",{identity})'
    )
    return f'<script nonce="{nonce}">{boot}</script>\n{loader}'


def _greeting(is_known: bool) -> str:
    if is_known:
        return f'<span>{CUSTOMER["name"]}</span><a href="?">Sign out</a>'
    return '<a href="?as=mara">Sign in as Mara</a>'
