"""What is served as files: the dashboard, the widget and the demo site, each with its headers.

The headers are the deployment's too (infra/site.yaml), so that what works here works there.
"""

from __future__ import annotations

from infra.local.answers import Answer
from infra.local.settings import ROOT
from infra.local.static import Folder, text_answer

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
_DASHBOARD_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data: blob: {storage}; connect-src 'self' ws: wss: {storage}; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_FRAME_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data: blob: https: {storage}; connect-src 'self' ws: wss: {storage}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors *"
)
_SHORT = "public, max-age=300"


def dashboard(storage: str | None) -> Folder:
    """The operators' application; every path that is no file is one of its pages."""
    return Folder(
        ROOT / "dashboard" / "dist",
        headers={
            **_ALWAYS,
            "Content-Security-Policy": _policy(_DASHBOARD_POLICY, storage),
            "Cross-Origin-Opener-Policy": "same-origin",
            "X-Frame-Options": "DENY",
        },
        cache="no-cache",
        fallback="index.html",
        missing=_not_built("dashboard"),
    )


def widget(storage: str | None) -> Folder:
    """The loader and the chat, for pages of any origin."""
    return Folder(
        ROOT / "widget" / "dist",
        headers={
            **_ALWAYS,
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
        cache=_SHORT,
        missing=_not_built("widget"),
        page_headers={
            "frame.html": {"Content-Security-Policy": _policy(_FRAME_POLICY, storage)},
        },
    )


def _policy(text: str, storage: str | None) -> str:
    return text.format(storage=storage or "").replace(" ;", ";")


def _not_built(name: str) -> Answer:
    page = (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Not built yet</title>"
        f"<h1>The {name} has not been built yet</h1>"
        "<p>Stop Foyer, run <code>make build</code> (or just <code>make run</code>, which builds "
        "what is missing) and load this page again.</p>"
    )
    return text_answer(503, page, "text/html; charset=utf-8")
