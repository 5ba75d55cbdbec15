"""The machine's own pages: the mail that would have been sent, what failed, the clock's button.

Whoever reads them can sign in as anybody, by a link for a forgotten password. So they have a door
of their own, and every path of it begins with a token that only the start's output and the data
folder tell.
"""

from __future__ import annotations

import asyncio
import hmac
import html
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from infra.local.clock import Clock
from infra.local.gateway.answers import Answer
from infra.local.gateway.asgi import Receive, Scope, Send, header, send_answer
from infra.local.pages.parked_page import ParkedPage
from infra.local.pages.recent_page import Recent
from infra.local.pages.static import text_answer
from infra.local.settings import ROOT

_PAGES = ROOT / "infra" / "local" / "pages" / "templates"
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
_LIMIT = 200
_POLICY = (
    b"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    b"frame-ancestors 'none'"
)


class LocalPages:
    """`/{token}/_local/mail`, `…/mail.json`, `POST …/clock` (run the schedules now), and what
    `ParkedPage` and `Recent` answer."""

    def __init__(
        self, mail: Path, clock: Clock, parked: ParkedPage, recent: Recent, token: str
    ) -> None:
        self._parked = parked
        self._recent = recent
        self._mail = mail
        self._clock = clock
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"]
        token, _, path = scope["path"].removeprefix("/").partition("/_local/")
        if hmac.compare_digest(token.encode(), self._token):
            answer = (
                await self._parked.answer(scope, receive, path)
                or self._recent.answer(method, path)
                or await self._answer(scope, method, path)
            )
        else:
            answer = text_answer(
                404, "There is nothing here. Foyer prints where its mail is when it starts.\n"
            )
        await send_answer(send, answer, with_body=method != "HEAD")

    async def _answer(self, scope: Scope, method: str, path: str) -> Answer:
        if path == "clock":
            return await self._fire(scope, method)
        if method not in ("GET", "HEAD"):
            return text_answer(405, "Only GET is answered here.\n")
        if path == "mail.json":
            return text_answer(200, json.dumps({"data": read_mail(self._mail)}), "application/json")
        if path == "mail":
            chosen_id = parse_qs(scope["query_string"].decode("latin-1")).get("id", [""])[0]
            page = _mail_page(read_mail(self._mail), chosen_id)
            answer = text_answer(200, page, "text/html; charset=utf-8")
            headers = [(b"content-security-policy", _POLICY), (b"referrer-policy", b"no-referrer")]
            return Answer(200, [*answer.headers, *headers], answer.body)
        return text_answer(404, "There is nothing here.\n")

    async def _fire(self, scope: Scope, method: str) -> Answer:
        # A page of another site must not be able to press this button.
        if method != "POST" or header(scope, b"origin") is not None:
            return text_answer(405, "POST here, from a program, to run the schedules now.\n")
        await asyncio.to_thread(self._clock.fire)
        return Answer(204, [], b"")


def read_mail(folder: Path) -> list[dict[str, Any]]:
    """The newest messages first. A file that is being written, or is no mail, is left out."""
    messages = []
    for path in sorted(folder.glob("*.json"), reverse=True)[:_LIMIT]:
        try:
            message = json.loads(path.read_text())
        except (OSError, ValueError):
            continue
        if isinstance(message, dict):
            messages.append(message)
    return messages


def _mail_page(messages: list[dict[str, Any]], chosen_id: str) -> str:
    message = next((each for each in messages if each.get("id") == chosen_id), None)
    message = message or (messages[0] if messages else None)
    template = (_PAGES / "mail.html").read_text()
    return (
        template.replace("<!--list-->", "".join(_row(each, each is message) for each in messages))
        .replace("<!--message-->", _message(message) if message else _nothing())
        .replace("<!--count-->", str(len(messages)))
    )


def _row(message: dict[str, Any], current: bool) -> str:
    mark = ' aria-current="true"' if current else ""
    return (
        f'<li><a href="?id={_text(message, "id")}"{mark}><b>{_text(message, "subject")}</b>'
        f"<span>{_text(message, 'to')}</span><time>{_when(message)}</time></a></li>"
    )


def _message(message: dict[str, Any]) -> str:
    body = _LINK.sub(
        lambda link: f'<a href="{link[0]}" rel="noreferrer">{link[0]}</a>', _text(message, "text")
    )
    return (
        f"<h2>{_text(message, 'subject')}</h2><dl>"
        f"<dt>To</dt><dd>{_text(message, 'to')}</dd>"
        f"<dt>From</dt><dd>{_text(message, 'from')}</dd>"
        f"<dt>Sent</dt><dd><time>{_when(message)}</time></dd></dl><pre>{body}</pre>"
    )


def _nothing() -> str:
    return "<p class=empty>No mail yet. Invitations and password resets appear here.</p>"


def _when(message: dict[str, Any]) -> str:
    """To the minute, as people read it."""
    return _text(message, "at")[:16].replace("T", " ") + " UTC"


def _text(message: dict[str, Any], name: str) -> str:
    value = message.get(name)
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
    return html.escape(text, quote=True)
