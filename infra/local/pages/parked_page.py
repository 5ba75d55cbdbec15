"""What failed on this machine, with a button that tries it again.

`GET …/_local/parked` for people, `…/parked.json` for programs, `POST …/parked/redrive` with
`reaction=` (empty: all) to try again at once.
"""

from __future__ import annotations

import asyncio
import html
import json
from dataclasses import asdict
from urllib.parse import parse_qs

from infra import parked
from infra.local.application import Function
from infra.local.clock import Clock
from infra.local.gateway.answers import Answer
from infra.local.gateway.asgi import Receive, Scope, header, read_body
from infra.local.pages.static import text_answer
from infra.local.settings import ROOT
from infra.local.stream.given_up import GivenUpEvents
from infra.parked import Group

_TEMPLATE = ROOT / "infra" / "local" / "pages" / "templates" / "parked.html"
_HEADERS = [
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; "
        b"frame-ancestors 'none'",
    ),
    # Not `no-referrer`: the button's POST would then come from `Origin: null`.
    (b"referrer-policy", b"same-origin"),
]
_LONGEST_FORM = 10_000


class ParkedPage:
    """Of one machine: its table of parked reactions, and its file of given-up events."""

    def __init__(self, events: GivenUpEvents, consume: Function, clock: Clock) -> None:
        self._events = events
        self._consume = consume
        self._clock = clock

    async def answer(self, scope: Scope, receive: Receive, path: str) -> Answer | None:
        """The answer to one of this page's paths; None when it is none of them."""
        method = scope["method"]
        if path == "parked/redrive":
            return (
                await self._redrive_answer(scope, receive)
                if method == "POST"
                else _wrong_method("POST")
            )
        if path not in ("parked", "parked.json"):
            return None
        if method not in ("GET", "HEAD"):
            return _wrong_method("GET")
        groups = await asyncio.to_thread(parked.groups)
        events = len(self._events.records())
        if path == "parked.json":
            content = {"data": [asdict(group) for group in groups], "events": events}
            return text_answer(200, json.dumps(content), "application/json")
        answer = text_answer(200, _page(groups, events), "text/html; charset=utf-8")
        return Answer(answer.status, [*answer.headers, *_HEADERS], answer.body)

    async def _redrive_answer(self, scope: Scope, receive: Receive) -> Answer:
        # The address holds the token already; another page's form is refused all the same.
        origin = header(scope, b"origin")
        if origin is not None and origin != b"http://" + (header(scope, b"host") or b""):
            return text_answer(403, "This button is pressed on its own page only.\n")
        form = parse_qs((await read_body(scope, receive, _LONGEST_FORM) or b"").decode("latin-1"))
        reaction = form.get("reaction", [""])[0]
        waiting = form.get("waiting", [""])[0] == "1"
        outcome = await asyncio.to_thread(self._redrive, reaction, waiting)
        if origin is None:
            return text_answer(200, json.dumps(outcome), "application/json")
        return Answer(303, [(b"location", b"../parked"), (b"content-length", b"0")], b"")

    def _redrive(self, reaction: str, waiting: bool) -> dict[str, int]:
        events = 0 if reaction else self._events.redeliver(self._consume)
        reactions = parked.redrive(reaction, waiting=waiting)
        self._clock.fire()
        return {"events": events, "reactions": reactions}


def _page(groups: list[Group], events: int) -> str:
    rows = "".join(_row(group) for group in groups)
    note = f"<p>{events} events were taken by no run of the consumer.</p>" if events else ""
    everything = _button("", "Try everything again") if groups or events else ""
    empty = "" if groups or events else "<p class=empty>No reaction has failed.</p>"
    return _TEMPLATE.read_text().replace("<!--content-->", empty + note + everything + _table(rows))


def _table(rows: str) -> str:
    if not rows:
        return ""
    names = ("", "Reaction", "How many", "Since", "Last error", "")
    heads = "".join(f"<th scope=col>{name}</th>" for name in names)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _row(group: Group) -> str:
    state = "given up" if group.shelf == "given_up" else "waits"
    cells = (state, group.reaction, group.number, group.since[:16].replace("T", " "), group.error)
    columns = "".join(f"<td>{html.escape(str(cell))}</td>" for cell in cells)
    return f"<tr>{columns}<td>{_button(group.reaction, 'Try again')}</td></tr>"


def _button(reaction: str, label: str) -> str:
    name = html.escape(reaction, quote=True)
    return (
        "<form method=post action=parked/redrive><input type=hidden name=waiting value=1>"
        f'<input type=hidden name=reaction value="{name}"><button>{label}</button></form>'
    )


def _wrong_method(method: str) -> Answer:
    return text_answer(405, f"Only {method} is answered here.\n")
