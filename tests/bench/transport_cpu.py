"""What a DynamoDB call costs in CPU, and a process in start-up, over each transport.

    python -m tests.bench.transport_cpu [--json FILE]

CPU is this process's own (user and system), the best of several rounds against a dynoxide in
memory; the engine runs in another process and doesn't count. Start-up is wall time from a new
interpreter to the first answer, the best of ten, with modules compiled beforehand, as they are
in the package for Lambda.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, perf_counter, process_time
from typing import Any
from uuid import uuid4

import urllib3
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from chalicelib.platform import sdk, transport
from chalicelib.platform.transport.pool import Pool
from tests.platform.engine import ROOT, running_engine

ROUNDS = 5
CALLS = 400
STARTS = 10
TABLE = "bench-things"

READY = {
    "an empty script": "",
    "pynamodb alone, imported": "import pynamodb.models",
    "thin, first answer": """
import pynamodb.models
from chalicelib.platform import transport
transport.install()
transport.call("GetItem", {"TableName": "bench-things", "Key": {"id": {"S": "a"}}})
""",
    "pynamodb on botocore, first answer": """
import os
from pynamodb.connection import Connection
connection = Connection(host=os.environ["FOYER_DYNAMODB_ENDPOINT"], region="us-east-1")
connection.client._make_api_call(
    "GetItem", {"TableName": "bench-things", "Key": {"id": {"S": "a"}}}
)
""",
}


class Thing(Model):
    class Meta:
        table_name = TABLE

    id = UnicodeAttribute(hash_key=True)
    text = UnicodeAttribute(null=True)
    seq = NumberAttribute(null=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", type=Path, help="where to save the figures")
    target: Path | None = arguments.parse_args().json
    with running_engine() as url:
        os.environ.update(
            FOYER_DYNAMODB_ENDPOINT=url,
            AWS_REGION="us-east-1",
            AWS_ACCESS_KEY_ID="foyer",
            AWS_SECRET_ACCESS_KEY="foyer-local-secret",
        )
        transport.install()
        Thing.create_table(billing_mode="PAY_PER_REQUEST", wait=True)
        Thing("a", text="x" * 200, seq=1).save()
        figures = {"cpu_ms": _cpu(), "one_post_cpu_ms": _posts(url), "ready_ms": _starts()}
    _show(figures)
    if target:
        target.write_text(json.dumps(figures, indent=2) + "\n")


def _cpu() -> dict[str, float]:
    """Milliseconds of CPU per call."""
    boto3 = sdk.client("dynamodb", parameter_validation=False)
    get = {"TableName": TABLE, "Key": {"id": {"S": "a"}}, "ConsistentRead": True}
    works: dict[str, Callable[[], Any]] = {
        "GetItem, thin": lambda: transport.call("GetItem", get),
        "GetItem, boto3": lambda: boto3.get_item(**get),
        "TransactWriteItems of 3, thin": lambda: transport.call("TransactWriteItems", _three()),
        "TransactWriteItems of 3, boto3": lambda: boto3.transact_write_items(**_three()),
    }
    figures = {name: _cost(work) for name, work in works.items()}
    for name, by in (("thin", "thin"), ("botocore", "boto3")):
        os.environ["FOYER_TRANSPORT"] = by
        figures[f"PynamoDB get + transaction of 3, {name}"] = _cost(_read_and_commit)
    del os.environ["FOYER_TRANSPORT"]
    return figures


def _posts(url: str) -> dict[str, float]:
    """Milliseconds of CPU for an unsigned POST and its refusal, over a kept connection."""
    host = url.removeprefix("http://")
    body = b'{"TableName":"bench-things","Key":{"id":{"S":"a"}}}'
    headers = {"Host": host, "X-Amz-Target": "DynamoDB_20120810.GetItem", "X-Amz-Date": "0" * 16}
    connection = http.client.HTTPConnection(host)
    library = urllib3.connection_from_url(url)
    pool = Pool()

    def standard() -> bytes:
        connection.request("POST", "/", body, headers)
        return connection.getresponse().read()

    figures = {
        "urllib3": _cost(lambda: library.urlopen("POST", "/", body, headers, retries=False).data),
        "http.client": _cost(standard),
        "our pool": _cost(lambda: pool.exchange("POST", url, headers, body, monotonic() + 5)),
    }
    connection.close()
    library.close()
    pool.close()
    return figures


def _three() -> dict[str, Any]:
    def put() -> dict[str, Any]:
        item = {"id": {"S": uuid4().hex}, "text": {"S": "x" * 200}, "seq": {"N": "1"}}
        return {"TableName": TABLE, "Item": item}

    return {"TransactItems": [{"Put": put()} for _ in range(3)]}


def _read_and_commit() -> None:
    Thing.get("a", consistent_read=True)
    with TransactWrite(connection=Connection()) as transaction:
        for _ in range(3):
            transaction.save(Thing(uuid4().hex, text="x" * 200, seq=1))


def _cost(work: Callable[[], Any]) -> float:
    for _ in range(CALLS // 4):
        work()
    best = float("inf")
    for _ in range(ROUNDS):
        started = process_time()
        for _ in range(CALLS):
            work()
        best = min(best, process_time() - started)
    return round(best / CALLS * 1000, 3)


def _starts() -> dict[str, float]:
    """Milliseconds from a new interpreter to ready."""
    with TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        return {name: _start(script, environment) for name, script in READY.items()}


def _start(script: str, environment: dict[str, str]) -> float:
    command = [sys.executable, "-c", script]
    best = float("inf")
    for _ in range(STARTS + 1):  # the first one compiles, so it is never the best
        started = perf_counter()
        # With output to read, the end is noticed at once; without, run() looks every 50 ms.
        subprocess.run(
            command, cwd=ROOT, env=environment, check=True, timeout=60, capture_output=True
        )
        best = min(best, perf_counter() - started)
    return round(best * 1000)


def _show(figures: dict[str, dict[str, float]]) -> None:
    for unit, rows in figures.items():
        print(unit)
        for name, figure in rows.items():
            print(f"  {name:45} {figure:>8}")


if __name__ == "__main__":
    main()
