"""People with telling names use a machine, so that one can look for them where they must not be."""

from __future__ import annotations

import http.client
import json
import time
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from infra.local.demo.client import ApiClient, Refused
from infra.local.testing import LocalFoyer
from tests.support.team import fresh

NAME, CUSTOMER, WORKSPACE = "Ownername Kingfisher", "Customername Marmalade", "Workspacename Ltd"
MAIL, CUSTOMER_MAIL = "ownermail@kingfisher.example", "customermail@marmalade.example"
PASSWORD, WRONG = "password of a kingfisher", "password that is wrong"
TEXT, REPLY, NOTE = "Text about a walrus", "Reply about a narwhal", "Subject of an ocelot"
PAGE, TITLE, SEARCH = "https://shop.example/page-of-quince", "Title of quince", "search-for-quince"
AGENT, ADDRESS, PHONE = "Agent of tapir", "198.51.100.77", "+4930901820"
GARBAGE, TICKET = "garbage of okapi", "ticket-of-okapi"

WORDS = (
    *("kingfisher", "marmalade", "Workspacename", "walrus", "narwhal", "ocelot", "quince", "tapir"),
    *("okapi", "that is wrong", ADDRESS, PHONE.removeprefix("+49")),
)


def live_a_little(machine: LocalFoyer) -> None:
    """Sign up, write both ways, and be refused in every way that quotes something."""
    anybody = ApiClient(machine.url, user_agent=AGENT)
    owner = _owner(anybody)
    customer = _customer(anybody, owner)
    begun = customer.ask("POST", "/v1/widget/conversations", _message(TEXT))["conversation"]["id"]
    owner.ask("POST", f"/v1/conversations/{begun}/messages", _message(REPLY))
    owner.ask("PATCH", f"/v1/conversations/{begun}", {"subject": NOTE})
    wrong = {"email": MAIL, "password": WRONG}
    for who, method, path, body in (
        (anybody, "POST", "/v1/auth/login", wrong),
        (anybody, "POST", "/v1/auth/forgot", {"email": f"no.{MAIL}"}),
        (owner, "GET", f"/v1/conversations/{GARBAGE.replace(' ', '%20')}", None),
        (owner, "GET", f"/v1/conversations?status={SEARCH}", None),
        (owner, "PATCH", "/v1/workspace", {"name": [TEXT]}),
        (owner, "PATCH", "/v1/me", {"time_zone": GARBAGE}),
        (anybody.client_for(f"{GARBAGE}.a.b"), "GET", "/v1/me", None),
    ):
        with suppress(Refused):
            who.ask(method, path, body)
    _send(machine, f'{{"text": "{GARBAGE}')
    _speak(machine, owner, ["subscribe", GARBAGE, json.dumps({"action": GARBAGE})])


def _owner(anybody: ApiClient) -> ApiClient:
    asked = {"email": MAIL, "password": PASSWORD, "name": NAME, "workspace_name": WORKSPACE}
    return anybody.client_for(anybody.ask("POST", "/v1/auth/signup", asked)["access_token"])


def _customer(anybody: ApiClient, owner: ApiClient) -> ApiClient:
    asked = {
        "widget_key": owner.ask("GET", "/v1/workspace")["widget_key"],
        "page": {"url": f"{PAGE}?q={SEARCH}", "title": TITLE, "referrer": f"{PAGE}#referrer"},
        "identity": {"name": CUSTOMER, "email": CUSTOMER_MAIL, "phone": PHONE},
    }
    return anybody.client_for(anybody.ask("POST", "/v1/widget/session", asked)["token"])


def _message(text: str) -> dict[str, Any]:
    return {"text": text, "client_id": fresh()}


def _send(machine: LocalFoyer, body: str) -> None:
    """As programs do that aren't ours, through a proxy that says where they are."""
    connection = http.client.HTTPConnection(urlsplit(machine.url).netloc, timeout=10)
    headers = {"Content-Type": "application/json", "X-Forwarded-For": ADDRESS, "User-Agent": AGENT}
    connection.request("POST", f"/v1/auth/login?mail={MAIL}&ip={ADDRESS}", body, headers)
    connection.getresponse().read()
    connection.close()


def _speak(machine: LocalFoyer, owner: ApiClient, frames: list[str]) -> None:
    ticket = owner.ask("POST", "/v1/socket-tickets")["ticket"]
    for each in (TICKET, ticket):
        with (
            suppress(WebSocketException, OSError),
            connect(f"{machine.socket_url}?ticket={each}") as socket,
        ):
            for frame in frames:
                socket.send(frame)
            deadline = time.monotonic() + 5
            while time.monotonic() < deadline and "problem" not in str(socket.recv(timeout=5)):
                continue
