"""What this machine did lately: requests and frames, events, the clock, and how late events are.

`GET …/_local/recent` for people, `…/recent.json` for programs. It shows what the log says and no
more, so there is nothing of people in it. Kept in memory, for as long as the machine runs.
"""

from __future__ import annotations

import html
import json
from collections import Counter, deque
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

import msgspec

from chalicelib.platform.observability import Metric
from chalicelib.platform.observability.formatters import Line
from chalicelib.platform.observability.work import Figures
from infra.local.gateway.answers import Answer
from infra.local.pages.static import text_answer
from infra.local.settings import ROOT

_TEMPLATE = ROOT / "infra" / "local" / "pages" / "templates" / "recent.html"
_LIMIT = 100
_LAGS = 500
_HEADERS = [
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        b"frame-ancestors 'none'",
    ),
    (b"referrer-policy", b"no-referrer"),
]
_REQUEST_KINDS = ("http", "socket")
_STANDING = (Metric.PARKED_TOO_LONG, Metric.GIVEN_UP)
"""How many there are, not how many more."""
_NUMBERS = ("ms", "calls", "read_units", "write_units")
_HEADS = ("When (UTC)", "What", "How it ended", "ms", "Calls", "Read", "Written", "Whose", "Id")


class Recent:
    """The latest pieces of work, and what was counted since the start.

    `late` says by how many seconds events are late just now (`Poller.late`).
    """

    def __init__(self, late: Callable[[], float]) -> None:
        self._late = late
        self._requests: deque[Line] = deque(maxlen=_LIMIT)
        self._others: deque[Line] = deque(maxlen=_LIMIT)
        self._lags: deque[float] = deque(maxlen=_LAGS)
        self._counts: Counter[str] = Counter()
        self._lock = Lock()

    def note(self, line: Line, figures: Figures) -> None:
        """Keep a piece of work; called in its own thread."""
        with self._lock:
            (self._requests if line.door in _REQUEST_KINDS else self._others).append(line)
            for metric, value in figures:
                if metric is Metric.EVENT_LAG:
                    self._lags.append(value)
                elif metric in _STANDING:
                    self._counts[metric.label] = int(value)
                elif metric.unit == "Count":
                    self._counts[metric.label] += int(value)

    def answer(self, method: str, path: str) -> Answer | None:
        """The answer to one of this page's paths; None when it is none of them."""
        if path not in ("recent", "recent.json"):
            return None
        if method not in ("GET", "HEAD"):
            return text_answer(405, "Only GET is answered here.\n")
        summary = self._summary()
        if path == "recent.json":
            return text_answer(200, json.dumps(msgspec.to_builtins(summary)), "application/json")
        answer = text_answer(200, _page(summary), "text/html; charset=utf-8")
        return Answer(answer.status, [*answer.headers, *_HEADERS], answer.body)

    def _summary(self) -> dict[str, Any]:
        with self._lock:
            lags = sorted(self._lags)
            return {
                "lag": {
                    "now_ms": round(self._late() * 1000),
                    "half_ms": _share(lags, 0.5),
                    "most_ms": _share(lags, 0.95),
                    "longest_ms": _share(lags, 1),
                    "events": len(lags),
                },
                "counts": dict(sorted(self._counts.items())),
                "requests": list(self._requests)[::-1],
                "events": list(self._others)[::-1],
            }


def _share(ordered: list[float], share: float) -> int:
    """What that share of them is no longer than."""
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))]) if ordered else 0


def _page(summary: dict[str, Any]) -> str:
    lag = summary["lag"]
    facts = {
        "Late just now": f"{lag['now_ms']} ms",
        "Half within": f"{lag['half_ms']} ms",
        "19 of 20 within": f"{lag['most_ms']} ms",
        "The longest": f"{lag['longest_ms']} ms",
    }
    return (
        _TEMPLATE.read_text()
        .replace("<!--lag-->", _facts(facts))
        .replace("<!--of-->", str(lag["events"]))
        .replace("<!--counts-->", _facts(summary["counts"]) or "<p>Nothing yet.</p>")
        .replace("<!--requests-->", _table(summary["requests"]))
        .replace("<!--events-->", _table(summary["events"]))
    )


def _facts(facts: dict[str, Any]) -> str:
    each = "".join(
        f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(str(value))}</dd></div>"
        for name, value in facts.items()
    )
    return f"<dl>{each}</dl>" if each else ""


def _table(lines: Iterable[Line]) -> str:
    rows = "".join(map(_row, lines))
    if not rows:
        return "<p>Nothing yet.</p>"
    heads = "".join(f"<th scope=col>{head}</th>" for head in _HEADS)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _row(line: Line) -> str:
    happened = ", ".join(f"{number} {name}" for name, number in (line.events | line.due).items())
    what = f"{line.message}: {happened}" if happened else line.message
    ended = line.problem or (str(line.status) if line.status else "done")
    if line.lag_ms:
        ended = f"{line.lag_ms} ms late"
    whose = " of ".join(filter(None, (line.actor, line.workspace)))
    numbers = [f"{getattr(line, name):g}" for name in _NUMBERS]
    texts = (line.timestamp[11:23], what, ended, *numbers, whose, line.request_id)
    cells = "".join(
        f'<td data-head="{head}">{html.escape(cell)}</td>'
        for head, cell in zip(_HEADS, texts, strict=True)
    )
    trouble = " class=trouble" if line.status >= 500 or line.level == "WARNING" else ""
    return f"<tr{trouble}>{cells}</tr>"
