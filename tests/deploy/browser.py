"""What a browser does: HTTP requests to the site, answers with lower-case header names."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Browser:
    """Speaks to one site: by its address here and by the Host name that it goes by."""

    address: str
    host: str
    token: str = ""

    def get(self, path: str, **headers: str) -> Answer:
        """GET a path of the site."""
        return self.send("GET", path, None, headers)

    def post(self, path: str, body: object) -> Answer:
        """POST a JSON body to a path of the site."""
        return self.send("POST", path, json.dumps(body).encode(), {})

    def client_for(self, token: str) -> Browser:
        """The same browser with a bearer token."""
        return Browser(self.address, self.host, token)

    def send(self, method: str, path: str, body: bytes | None, extra: dict[str, str]) -> Answer:
        """Any request. It says that it came by HTTPS, as all do that CloudFront lets through."""
        headers = {"Host": self.host, "X-Forwarded-Proto": "https", **extra}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, names, answer.read())
        finally:
            connection.close()
