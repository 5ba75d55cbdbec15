"""What is served as files: the dashboard, the widget and the demo site, each with its headers.

The headers are the deployment's too (infra/site.yaml), so that what works here works there.
"""

from __future__ import annotations

from infra.local.gateway.answers import Answer
from infra.local.pages.static import Folder, text_answer
from infra.local.settings import ROOT, Settings

_ALWAYS = {"X-Content-Type-Options": "nosniff"}
_DASHBOARD_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data: blob: {storage}; connect-src 'self' {socket} {storage}; "
    "manifest-src 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'; require-trusted-types-for 'script'; trusted-types foyer foyer-preview"
)
_WIDGET_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data: blob: {storage}; connect-src 'self' {socket} {storage}; "
    "frame-ancestors *; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_SECURE_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
_SHORT = "public, max-age=300"


def dashboard(settings: Settings, storage: str | None) -> Folder:
    """The operators' application; every path that is no file is one of its pages."""
    return Folder(
        ROOT / "dashboard" / "dist",
        headers={
            **_ALWAYS,
            "Referrer-Policy": "same-origin",
            "X-Frame-Options": "DENY",
            "Content-Security-Policy": _policy(_DASHBOARD_POLICY, settings, storage),
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
            **(_SECURE_ONLY if settings.is_public else {}),
        },
        cache="no-cache",
        fallback="index.html",
        missing=_build_hint("dashboard"),
    )


def widget(settings: Settings, storage: str | None) -> Folder:
    """The loader and the chat, for pages of any origin."""
    return Folder(
        ROOT / "widget" / "dist",
        headers={
            **_ALWAYS,
            "Access-Control-Allow-Origin": "*",
            "Content-Security-Policy": _policy(_WIDGET_POLICY, settings, storage),
            "Cross-Origin-Resource-Policy": "cross-origin",
            # Pages that isolate themselves (COEP) show only frames that do so, too.
            "Cross-Origin-Embedder-Policy": "require-corp",
            "Referrer-Policy": "strict-origin-when-cross-origin",
        },
        cache=_SHORT,
        missing=_build_hint("widget"),
    )


def _policy(text: str, settings: Settings, storage: str | None) -> str:
    # Where others come from, the storage's address is none: it is this machine's own.
    storage_url = "" if settings.is_public else storage or ""
    policy = text.format(socket=settings.socket_origin, storage=storage_url)
    return policy.replace(" ;", ";")


def _build_hint(name: str) -> Answer:
    page = (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Not built yet</title>"
        f"<h1>The {name} has not been built yet</h1>"
        "<p>Stop Foyer, run <code>make build</code> (or just <code>make run</code>, which builds "
        "what is missing) and load this page again.</p>"
    )
    return text_answer(503, page, "text/html; charset=utf-8")
