"""The whole stack on ministack: site, APIs, stream, clock, and every function's own role."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import ClientConnection, connect

from tests.deploy.browser import Answer, Browser
from tests.deploy.clouds import WITHIN, Tables, token_in
from tests.deploy.local_stack import PREFIX, Stack


@dataclass(frozen=True, slots=True)
class StackCloud:
    """A deployed stack, reached as browsers reach it: through the site."""

    stack: Stack

    def ask(
        self, method: str, path: str, body: object = None, token: str = "", **headers: str
    ) -> Answer:
        """An HTTP request to the CloudFront distribution."""
        browser = Browser(self.stack.ministack.endpoint, self.stack.outputs["SiteDomain"], token)
        sent = None if body is None else json.dumps(body).encode()
        return browser.send(
            method, path, sent, {k.replace("_", "-"): v for k, v in headers.items()}
        )

    def socket(self, ticket: str) -> StackSocket | None:
        """A WebSocket to the API."""
        try:
            address = f"{self.stack.socket_url}?{urlencode({'ticket': ticket})}"
            return StackSocket(connect(address, legacy=True, open_timeout=WITHIN))
        except InvalidHandshake:
            return None

    def minute(self) -> None:
        """The clock strikes by itself: the stack's rule makes it, every two seconds here."""
        time.sleep(0.2)

    @property
    def tables(self) -> Tables:
        """The stack's tables."""
        return Tables(self.stack.ministack.client("dynamodb"), PREFIX)

    def mail_to(self, address: str, page: str) -> str:
        """What SES was given."""
        deadline = time.monotonic() + WITHIN
        while time.monotonic() < deadline:
            for mail in self.stack.ministack.mails():
                if address in mail["To"] and (token := token_in(mail["BodyText"], page)):
                    return token
            time.sleep(0.05)
        raise AssertionError(f"no mail to {address} about {page}")


@dataclass(frozen=True, slots=True)
class StackSocket:
    """An open WebSocket."""

    connection: ClientConnection

    def send(self, frame: dict[str, Any]) -> None:
        """Send a frame."""
        self.connection.send(json.dumps(frame))

    def hear(self, kind: str) -> Any:
        """The next frame of this type."""
        deadline = time.monotonic() + WITHIN
        heard = []
        while (left := deadline - time.monotonic()) > 0:
            try:
                frame = json.loads(self.connection.recv(left))
            except TimeoutError:
                break
            if frame["type"] == kind:
                return frame.get("data", frame)
            heard.append(frame)
        raise AssertionError(f"no {kind} in {heard}")

    def is_closed(self) -> bool:
        """Whether the other side closes it in time."""
        deadline = time.monotonic() + WITHIN
        while (left := deadline - time.monotonic()) > 0:
            try:
                self.connection.recv(left)
            except ConnectionClosed:
                return True
            except TimeoutError:
                break
        return False

    def close(self) -> None:
        """A clean close."""
        self.connection.close()
