"""A small application with every kind of entry point, to watch the runtime from inside.

Chosen by FOYER_APP. Each function notes the event that it got as a line of the file that
TINYAPP_NOTES names, so that a test sees what was called, in which order, over restarts too.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from chalice.app import Chalice, Request, Response

from chalicelib.platform import transport

app = Chalice(app_name="tiny")
app.experimental_feature_flags.update(["WEBSOCKETS"])


def note(kind: str, event: Any) -> None:
    """Add a line to the notes, whole, whatever else writes at the same time."""
    line = json.dumps({"kind": kind, "event": event}) + "\n"
    with Path(os.environ["TINYAPP_NOTES"]).open("a") as notes:
        notes.write(line)


def current_request() -> Request:
    """The current request."""
    request: Request | None = app.current_request
    assert request is not None
    return request


def parameter(name: str) -> str:
    """A query parameter of the current request."""
    parameters = current_request().query_params
    assert parameters is not None
    return str(parameters[name])


@app.route("/v1/health", cors=True)
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.route("/v1/echo", methods=["GET", "POST"], cors=True, content_types=["*/*"])
def echo() -> Any:
    return current_request().to_original_event()


@app.route("/v1/echo/{name}/parts/{part}", cors=True)
def echo_path(name: str, part: str) -> Any:
    return {"given": [name, part], "event": current_request().to_original_event()}


@app.route("/v1/slow")
def slow() -> str:
    time.sleep(float(parameter("seconds")))
    return "done"


@app.route("/v1/large")
def large() -> Response:
    return Response("x" * int(parameter("size")), {}, 200)


@app.route("/v1/long")
def long() -> dict[str, str]:
    return {"text": "x" * int(parameter("size"))}


@app.route("/v1/picture")
def picture() -> Response:
    return Response(b"\x89PNG\xff", {"Content-Type": "image/png"}, 200)


@app.route("/v1/cookies")
def cookies() -> Response:
    return Response("", {"Set-Cookie": ["a=1", "b=2"]}, 200)


@app.route("/v1/facts/{id}", methods=["PUT"])
def write_fact(id: str) -> dict[str, str]:
    row = {"workspace_id": {"S": "ws"}, "id": {"S": id}, "data": {"S": "{}"}}
    table = f"{os.environ['FOYER_PREFIX']}-outbox"
    transport.call("PutItem", {"TableName": table, "Item": row})
    return {"id": id}


@app.route("/v1/facts/{id}", methods=["GET"])
def read_fact(id: str) -> Any:
    key = {"workspace_id": {"S": "ws"}, "id": {"S": id}}
    table = f"{os.environ['FOYER_PREFIX']}-outbox"
    found = transport.call("GetItem", {"TableName": table, "Key": key, "ConsistentRead": True})
    return {"id": id} if "Item" in found else Response({"id": None}, {}, 404)


def connect(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    note("connect", event)
    ticket = (event.get("queryStringParameters") or {}).get("ticket", "")
    status = {"unknown": 401, "forbidden": 403, "busy": 503}.get(ticket, 200)
    if ticket == "broken":
        raise ValueError("a broken connect")
    return {"statusCode": status}


def message(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    note("message", event)
    if event["body"] == "boom":
        raise ValueError("a broken message")
    if event["body"].startswith("echo "):
        connection = event["requestContext"]["connectionId"]
        url = transport.connection_url(os.environ["FOYER_SOCKET_ENDPOINT"], connection)
        transport.post_signed(url, event["body"].encode())
    return {"statusCode": 200}


def disconnect(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    note("disconnect", event)
    return {"statusCode": 200}


def consume_outbox(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    for record in event["Records"]:
        name = record["dynamodb"]["Keys"]["id"]["S"]
        if name.startswith("poison"):
            failed = record["dynamodb"]["SequenceNumber"]
            return {"batchItemFailures": [{"itemIdentifier": failed}]}
        note("event", record)
    return {"batchItemFailures": []}


def every_minute(event: dict[str, Any], _context: Any) -> None:
    note("schedule", event)
