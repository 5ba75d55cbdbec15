"""A person at the HTTP API: for the demo's seed."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

_TIMEOUT = 30.0


class Refused(Exception):
    """The API said no; `status` is its status, the message its problem's title and code;
    `retry_after` says after how many seconds to ask again, if it does."""

    def __init__(self, status: int, problem: Any) -> None:
        super().__init__(f"{status} {problem}")
        self.status = status
        self.retry_after = float((problem or {}).get("retry_after", 0))


class ApiClient:
    """Sends JSON to one origin and reads JSON back, as whoever `token` belongs to."""

    def __init__(self, origin: str, *, token: str | None = None, user_agent: str = "") -> None:
        self._origin = origin
        self._token = token
        self._user_agent = user_agent or "Foyer demo"

    def client_for(self, token: str) -> ApiClient:
        """The same, signed in."""
        return ApiClient(self._origin, token=token, user_agent=self._user_agent)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The answer's JSON value; None where there is none.

        Raises:
            Refused: Any status from 400 on.
        """
        headers = {"Content-Type": "application/json", "User-Agent": self._user_agent}
        if self._token is not None:
            headers["Authorization"] = f"Bearer {self._token}"
        connection = http.client.HTTPConnection(urlsplit(self._origin).netloc, timeout=_TIMEOUT)
        try:
            sent = None if body is None else json.dumps(body).encode()
            connection.request(method, path, sent, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status >= 400:
            raise Refused(answer.status, _problem(content))
        return json.loads(content or b"null")


def _problem(content: bytes) -> dict[str, Any]:
    """What a refusal says; a server that is stopping has no JSON for it."""
    try:
        problem = json.loads(content or b"{}")
    except ValueError:
        problem = None
    if isinstance(problem, dict):
        return problem
    return {"title": content[:200].decode(errors="replace")}
