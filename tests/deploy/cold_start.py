"""How long a function takes from nothing to its first answer, beside one that does nothing.

python -m tests.deploy.cold_start    measures the checkout, writes bench/cold-start.json
"""

from __future__ import annotations

import compileall
import json
import os
import tempfile
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from chalicelib.platform import transport
from infra.local.events import (
    connect_event,
    disconnect_event,
    message_event,
    new_connection,
    queue_event,
    rest_event,
    schedule_event,
)
from infra.local.gateway.routes import Match
from infra.local.testing import Engine
from infra.packaging.build import build
from infra.packaging.paths import ROOT
from infra.packaging.tables import ensure_tables
from tests.deploy.runtime_api import ColdStart, cold_start
from tests.deploy.zip_cloud import environment
from tests.support.sockets import Management

RESULTS = ROOT / "bench" / "cold-start.json"
BARE = "bare.handler"
_BEST_OF = 10
_UNKNOWN_EVENT = '{"workspace_id": "ws_1", "event_id": "evt_1", "reaction": "nobody"}'


def events() -> dict[str, object]:
    """One event for each handler that has it ask the database, where it ever does."""
    connection = new_connection("203.0.113.7", "test", "socket.test")
    unknown = "A" * 43
    return {
        "app.app": rest_event(
            method="GET",
            path=f"/v1/invitations/{unknown}",
            match=Match("/v1/invitations/{token}", {"token": unknown}),
            query=b"",
            headers=[(b"Host", b"site.test")],
            body=b"",
            binary=False,
            source_ip="203.0.113.7",
            port=443,
        ),
        "app.connect": connect_event(connection, [], b"ticket=unknown", 443),
        "app.message": message_event(connection, json.dumps({"action": "ping"})),
        "chalicelib.closing.handle": disconnect_event(connection, 1000, ""),
        "app.consume_outbox": {"Records": []},
        "chalicelib.queues.handle": queue_event("mail", "1", _UNKNOWN_EVENT, 1, group="ws_1"),
        "app.every_minute": schedule_event(datetime.now(UTC)),
    }


def measure(
    code: Path, settings: Mapping[str, str], *, rounds: int = _BEST_OF
) -> dict[str, ColdStart]:
    """The best cold start of `rounds`, by handler and bare; clock and CPU each at their best.

    The handlers take turns, so that a busy moment of the machine hits all alike.
    """
    (code / "bare.py").write_text("def handler(event, context): return {}\n", encoding="utf-8")
    compileall.compile_file(code / "bare.py", quiet=1)
    asked = {BARE: {}, **events()}
    turns = [
        {handler: cold_start(handler, code, settings, event) for handler, event in asked.items()}
        for _ in range(rounds)
    ]
    return {
        handler: ColdStart(
            min(turn[handler].clock for turn in turns), min(turn[handler].cpu for turn in turns)
        )
        for handler in asked
    }


def report(seconds: Mapping[str, ColdStart], zip_bytes: int) -> dict[str, object]:
    """The figures: milliseconds by the clock and of CPU, and how many times the bare handler's."""
    bare = seconds[BARE]
    return {
        "best_of": _BEST_OF,
        "zip_bytes": zip_bytes,
        "cold_start": {
            handler: {
                "ms": round(took.clock * 1000, 1),
                "times_bare": round(took.clock / bare.clock, 2),
                "cpu_ms": round(took.cpu * 1000, 1),
                "cpu_times_bare": round(took.cpu / bare.cpu, 2),
            }
            for handler, took in seconds.items()
        },
    }


def main() -> None:
    """Package the checkout, measure it, keep and show the figures."""
    with tempfile.TemporaryDirectory(prefix="foyer-cold-") as folder, Engine() as engine:
        sockets = Management()
        settings = environment(engine.endpoint, sockets.endpoint, Path(folder))
        os.environ.update(settings)
        ensure_tables(transport, "foyer")
        package = build("prod", Path(folder) / "package")
        code = Path(folder) / "task"
        with zipfile.ZipFile(package.zip) as archive:
            archive.extractall(code)
        figures = report(measure(code, settings), package.zip.stat().st_size)
        sockets.close()
    shown = json.dumps(figures, indent=2)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(shown + "\n", encoding="utf-8")
    print(shown)


if __name__ == "__main__":
    main()
