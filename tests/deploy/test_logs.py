"""What the packaged functions write under AWS's own runtime client."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.cold_start import events
from tests.deploy.runtime_api import running
from tests.deploy.zip_cloud import environment
from tests.support.parked_rows import empty_shelves
from tests.support.sockets import Management

_DOORS = {
    "app.app": "http",
    "app.connect": "socket",
    "app.message": "socket",
    "chalicelib.closing.handle": "socket",
    "app.consume_outbox": "events",
    "app.every_minute": "clock",
}

# The clock always; `message` posts its answer to a socket that isn't there.
TELLING = ("app.message", "app.every_minute")


@pytest.fixture
def settings(management: Management, tmp_path: Path) -> Mapping[str, str]:
    empty_shelves()
    engine = os.environ["FOYER_DYNAMODB_ENDPOINT"]
    ours = environment(engine, management.endpoint, tmp_path)
    return {**ours, "AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "INFO"}


@pytest.mark.parametrize("handler", _DOORS)
def test_each_function_writes_one_line_of_json_for_each_event(
    task: Path, settings: Mapping[str, str], tmp_path: Path, handler: str
) -> None:
    log = tmp_path / "function.log"
    with running(handler, task, settings, log) as function:
        for _ in range(2):
            function.invoke(events()[handler])
    lines: list[dict[str, Any]] = [json.loads(line) for line in log.read_text().splitlines()]
    work = [line for line in lines if "door" in line]
    assert [line["door"] for line in work] == [_DOORS[handler]] * 2
    assert [line.get("cold_start", False) for line in work] == [True, False]
    assert [line for line in lines if "logger" in line and line["level"] != "INFO"] == []
    metrics = [line for line in lines if "_aws" in line]
    assert bool(metrics) is (handler in TELLING)
    assert len(lines) == len(work) + len(metrics), "nothing is said twice, or by anybody else"
