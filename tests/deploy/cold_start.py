"""How long a function takes from nothing to its first answer, beside one that does nothing."""

from __future__ import annotations

import compileall
import json
from collections.abc import Mapping
from pathlib import Path

from infra.packaging.paths import ROOT
from tests.deploy.runtime_api import cold_start

RESULTS = ROOT / "bench" / "cold-start.json"
BARE = "bare.handler"
_BEST_OF = 10


def measured(
    events: Mapping[str, object], code: Path, environment: Mapping[str, str]
) -> dict[str, float]:
    """Seconds from process start to first answer, best of 10, by handler; `bare.handler` too.

    The handlers take turns, so that a busy moment of the machine hits all alike.
    """
    (code / "bare.py").write_text("def handler(event, context): return {}\n", encoding="utf-8")
    compileall.compile_file(code / "bare.py", quiet=1)
    rounds = [
        {
            handler: cold_start(handler, code, environment, event)
            for handler, event in {BARE: {}, **events}.items()
        }
        for _ in range(_BEST_OF)
    ]
    return {handler: min(one[handler] for one in rounds) for handler in rounds[0]}


def save(seconds: Mapping[str, float], zip_bytes: int) -> None:
    """Write the figures to bench/cold-start.json: milliseconds, and times the bare handler."""
    bare = seconds[BARE]
    figures = {
        handler: {"ms": round(took * 1000, 1), "times_bare": round(took / bare, 2)}
        for handler, took in seconds.items()
    }
    RESULTS.parent.mkdir(exist_ok=True)
    report = {"best_of": _BEST_OF, "zip_bytes": zip_bytes, "cold_start": figures}
    RESULTS.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
