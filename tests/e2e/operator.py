"""An operator who works through the HTTP API, for tests whose subject is the other side."""

from __future__ import annotations

import json
import secrets
import urllib.error
import urllib.request
from typing import Any, Self

from websockets.sync.client import ClientConnection, connect


class Refused(Exception):
    """The API's answer was a problem."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"{status} {body}")
        self.status = status


class Operator:
    """The owner of a workspace of their own."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self._token = token

    @classmethod
    def signed_up(cls, url: str, name: str = "Ana Torres", workspace: str = "Kiln & Ash") -> Self:
        """Sign up with a fresh address and get a workspace."""
        answer = cls(url, "").post(
            "/v1/auth/signup",
            {
                "email": f"{secrets.token_hex(6)}@example.com",
                "password": "correct horse battery",
                "name": name,
                "workspace_name": workspace,
            },
        )
        return cls(url, answer["access_token"])

    def get(self, path: str) -> Any:
        """The answer's JSON. Raises Refused."""
        return self._ask("GET", path, None)

    def post(self, path: str, body: object | None = None) -> Any:
        """The answer's JSON, None for 204. Raises Refused."""
        return self._ask("POST", path, body)

    def patch(self, path: str, body: object) -> Any:
        """The answer's JSON. Raises Refused."""
        return self._ask("PATCH", path, body)

    @property
    def widget_key(self) -> str:
        """What the host's script tag names."""
        return str(self.get("/v1/workspace")["widget_key"])

    def configure(self, **widget: object) -> None:
        """Change the widget's settings."""
        self.patch("/v1/workspace", {"widget": widget})

    def conversations(self) -> list[dict[str, Any]]:
        """Every conversation, the latest first."""
        return list(self.get("/v1/conversations?status=all")["data"])

    def messages(self, conversation_id: str) -> list[dict[str, Any]]:
        """A conversation's messages in order."""
        found = self.get(f"/v1/conversations/{conversation_id}/messages?after_seq=0&limit=100")
        return list(found["data"])

    def reply(self, conversation_id: str, text: str) -> dict[str, Any]:
        """Write to the customer."""
        body = {"text": text, "client_id": secrets.token_hex(13).upper()}
        return dict(self.post(f"/v1/conversations/{conversation_id}/messages", body))

    def visitors(self) -> list[dict[str, Any]]:
        """Who is online."""
        return list(self.get("/v1/visitors")["data"])

    def socket(self) -> ClientConnection:
        """A connection to the socket; the caller closes it."""
        ticket = self.post("/v1/socket-tickets")
        return connect(f"{ticket['url']}?ticket={ticket['ticket']}")

    def _ask(self, method: str, path: str, body: object | None) -> Any:
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None and method == "GET" else json.dumps(body or {}).encode(),
            headers={
                "Content-Type": "application/json",
                **({"Authorization": f"Bearer {self._token}"} if self._token else {}),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            raise Refused(error.code, error.read().decode()) from error
        return json.loads(text) if text else None
