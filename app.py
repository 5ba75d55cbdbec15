"""Every Lambda entry point, thin. What is connected to what stands in `chalicelib/wiring.py`.

WebSocket, stream and schedule functions must be declared here: on a Blueprint they fail when AWS
calls them. Importing does no I/O and needs no environment: `chalice package` imports it too.
"""

from __future__ import annotations

from typing import Any

from chalice.app import CloudWatchEvent, DynamoDBEvent, Rate, WebsocketEvent

from chalicelib import closing
from chalicelib.edge import clock, consume, frames
from chalicelib.edge.requests import FoyerApp
from chalicelib.kit import instants
from chalicelib.wiring import ACTIONS, CONNECTIONS, JOBS, ROUTES, SUBSCRIBERS

app = FoyerApp(app_name="foyer")
app.experimental_feature_flags.update(["WEBSOCKETS"])

for api in ROUTES:
    app.register_blueprint(api.blueprint)


@app.on_ws_connect()
def connect(event: WebsocketEvent) -> dict[str, Any]:
    """`$connect`: a socket opens with a one-time ticket."""
    return frames.connect(event.to_dict(), CONNECTIONS)


@app.on_ws_message()
def message(event: WebsocketEvent) -> dict[str, Any]:
    """`$default`: a frame arrives."""
    return frames.receive(event.to_dict(), CONNECTIONS, ACTIONS)


@app.on_ws_disconnect()
def disconnect(event: WebsocketEvent) -> dict[str, Any]:
    """`$disconnect`: a socket has closed."""
    return closing.handle(event.to_dict(), event.context)


# The stream's own name is only known to the stack: the template sets it (infra/resources.yaml).
@app.on_dynamodb_record(stream_arn="outbox")
def consume_outbox(event: DynamoDBEvent) -> dict[str, Any]:
    """The outbox's stream: let everybody react to what happened."""
    return consume.consume(event.to_dict()["Records"], SUBSCRIBERS, _request_id(event))


@app.schedule(Rate(1, unit=Rate.MINUTES))
def every_minute(event: CloudWatchEvent) -> None:
    """The clock."""
    clock.tick(JOBS, instants.now(), _request_id(event))


def _request_id(event: DynamoDBEvent | CloudWatchEvent) -> str:
    """Lambda's: no gateway has given these events one."""
    return str(getattr(event.context, "aws_request_id", ""))
