"""What both ways of running the package offer, so that the same sentences are proved on both."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, Protocol

from tests.deploy.browser import Answer

WITHIN = 30.0  # seconds until something that was set off must have arrived

_numbers = count(1)


class Socket(Protocol):
    """An open WebSocket."""

    def send(self, frame: dict[str, Any]) -> None:
        """Send a frame."""

    def hear(self, kind: str) -> Any:
        """Wait for a frame of type `kind`, passing others over; its data, or the whole frame."""

    def is_closed(self) -> bool:
        """Whether the other side closes it within the time that things may take."""

    def close(self) -> None:
        """Close it cleanly."""


class Cloud(Protocol):
    """The package, running."""

    def ask(
        self, method: str, path: str, body: object = None, token: str = "", **headers: str
    ) -> Answer:
        """An HTTP request to the site; a header's underscores stand for hyphens."""

    def socket(self, ticket: str) -> Socket | None:
        """Open a socket; None when it is refused."""

    def minute(self) -> None:
        """Let the clock strike."""

    @property
    def tables(self) -> Tables:
        """The way behind the application's back."""

    def mail_to(self, address: str, page: str) -> str:
        """Wait for a mail to `address` with a link to `page` (`/reset/`); the link's token."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a token: an operator or a browser with the widget."""

    cloud: Cloud
    token: str
    told: dict[str, Any]

    def get(self, path: str) -> Any:
        """What a path says."""
        return _successful(self.cloud.ask("GET", path, None, self.token))

    def post(self, path: str, body: object = None) -> Any:
        """What a POST answers."""
        return _successful(self.cloud.ask("POST", path, body, self.token))

    def patch(self, path: str, body: object) -> Answer:
        """The whole answer to a PATCH."""
        return self.cloud.ask("PATCH", path, body, self.token)

    def delete(self, path: str) -> Any:
        """What a DELETE answers."""
        return _successful(self.cloud.ask("DELETE", path, None, self.token))

    def socket(self, *topics: str) -> Socket:
        """An open socket that listens to `topics`."""
        ticket = self.post("/v1/socket-tickets")["ticket"]
        socket = self.cloud.socket(ticket)
        assert socket is not None
        for topic in topics:
            socket.send({"action": "subscribe", "topic": topic})
        socket.send({"action": "ping"})
        socket.hear("pong")
        return socket


def owner(cloud: Cloud) -> Person:
    """The owner of a new workspace, who has proved their address."""
    number = next(_numbers)
    told = _successful(
        cloud.ask(
            "POST",
            "/v1/auth/signup",
            {
                "email": f"olga{number}@shop.example",
                "password": "correct horse 7",
                "name": "Olga",
                "workspace_name": f"Shop {number}",
            },
        )
    )
    token = cloud.mail_to(told["user"]["email"], "/verify/")
    _successful(cloud.ask("POST", "/v1/auth/verify", {"token": token}))
    return Person(cloud, told["access_token"], told)


def guest(cloud: Cloud, host: Person, **session: object) -> Person:
    """A browser on the workspace's site; `session` adds to what it says when it starts."""
    page = {"url": "https://shop.example/", "title": "Shop", "referrer": ""}
    key = host.get("/v1/workspace")["widget_key"]
    body = {"widget_key": key, "page": page, "time_zone": "Europe/Zagreb", **session}
    told = _successful(cloud.ask("POST", "/v1/widget/session", body))
    return Person(cloud, told["token"], told)


def colleague(host: Person) -> Person:
    """A new operator of the workspace, invited by mail."""
    address = f"pia-{fresh()}@shop.example"
    host.post("/v1/users", {"email": address, "role": "operator"})
    token = host.cloud.mail_to(address, "/invitations/")
    body = {"name": "Pia", "password": "correct horse 8"}
    accept = f"/v1/invitations/{token}/accept"
    told = _successful(host.cloud.ask("POST", accept, body))
    return Person(host.cloud, told["access_token"], told)


class Tables:
    """A cloud's tables, by a boto3 client of DynamoDB and in its own notation."""

    def __init__(self, dynamodb: Any, prefix: str) -> None:
        self._dynamodb = dynamodb
        self._prefix = prefix

    def put(self, table: str, item: dict[str, Any]) -> None:
        """Write a row."""
        self._dynamodb.put_item(TableName=f"{self._prefix}-{table}", Item=item)

    def rows(self, table: str, key: str, value: str) -> list[dict[str, Any]]:
        """The rows with this partition key."""
        found: list[dict[str, Any]] = self._dynamodb.query(
            TableName=f"{self._prefix}-{table}",
            KeyConditionExpression="#key = :value",
            ExpressionAttributeNames={"#key": key},
            ExpressionAttributeValues={":value": {"S": value}},
            ConsistentRead=True,
        )["Items"]
        return found


def eventually(true: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + WITHIN
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def fresh() -> str:
    """A client's own id, never used before."""
    return f"deploy-{next(_numbers)}"


def token_in(text: str, page: str) -> str:
    """The token of a mail's link to `page`; "" when it has none."""
    links = [word for word in text.split() if page in word]
    return links[0].rpartition("/")[2] if links else ""


def _successful(answer: Answer) -> Any:
    assert answer.status < 300, (answer.status, answer.body)
    return json.loads(answer.body) if answer.body else None
