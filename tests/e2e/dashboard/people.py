"""Who appears in the dashboard's tests: operators with a tab of their own, and customers."""

from __future__ import annotations

import json
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from infra.local.testing import machine_at

PASSWORD = "correct horse battery"
_SESSION = "foyer.session"


def ask(url: str, method: str, path: str, body: object = None, token: str = "") -> Any:
    """The answer's JSON, None for an empty one. Raises urllib's HTTPError for a refusal."""
    request = urllib.request.Request(
        url + path,
        method=method,
        data=None if method == "GET" else json.dumps(body or {}).encode(),
        headers={
            "Content-Type": "application/json",
            **({"Authorization": f"Bearer {token}"} if token else {}),
        },
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def until(found: Callable[[], Any], within: float = 10.0) -> Any:
    """What `found` answers as soon as it is truthy; its last answer when time is up."""
    deadline = time.monotonic() + within
    while not (answer := found()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return answer


class Person:
    """An operator: signed in by HTTP, and by that in any tab that is opened for them."""

    def __init__(self, url: str, session: dict[str, Any]) -> None:
        self.url = url
        self.session = session
        self.name = str(session["user"]["name"])
        self.email = str(session["user"]["email"])

    @classmethod
    def signed_up(cls, url: str, name: str = "Ada Lovelace") -> Person:
        """The owner of a fresh workspace."""
        body = {
            "email": f"{secrets.token_hex(6)}@example.com",
            "password": PASSWORD,
            "name": name,
            "workspace_name": "Kiln & Ash",
            "time_zone": "Europe/Berlin",
        }
        person = cls(url, ask(url, "POST", "/v1/auth/signup", body))
        token = link_to(url, person.email, "/verify/")
        ask(url, "POST", "/v1/auth/verify", {"token": token})
        person.session["user"]["verified"] = True
        return person

    def colleague(self, name: str) -> Person:
        """Somebody else in the same workspace, invited by mail."""
        email = f"{secrets.token_hex(6)}@example.com"
        self.ask("POST", "/v1/users", {"email": email, "role": "operator"})
        token = link_to(self.url, email, "/invitations/")
        accepted = {"name": name, "password": PASSWORD}
        return Person(self.url, ask(self.url, "POST", f"/v1/invitations/{token}/accept", accepted))

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Ask the API as this person."""
        return ask(self.url, method, path, body, self.session["access_token"])

    def sit_down(self, page: Page, path: str = "/conversations") -> Page:
        """Open the dashboard in a tab, signed in, without the window to take a reply back."""
        self.sign_in_on(page)
        page.goto(self.url + path)
        page.locator(".rail").wait_for(state="attached")
        return page

    def sign_in_on(self, page: Page) -> None:
        """Have a tab find a session when it is next loaded."""
        kept = json.dumps(json.dumps(self.session))
        page.add_init_script(
            f"if (!localStorage.getItem('{_SESSION}') && !sessionStorage.getItem('seeded')) {{"
            f"localStorage.setItem('{_SESSION}', {kept});"
            "localStorage.setItem('foyer.pref.undo-send', '0');"
            "sessionStorage.setItem('seeded', '1'); }"
        )

    def status(self, customer: Customer) -> str:
        """What has become of a customer's conversation."""
        return str(self.ask("GET", f"/v1/conversations/{customer.conversation}")["status"])

    def customer(self, name: str) -> Customer:
        """Somebody who writes to this workspace."""
        key = self.ask("GET", "/v1/workspace")["widget_key"]
        return Customer(self.url, key, name)


class Customer:
    """A visitor who writes by the widget's own API."""

    def __init__(self, url: str, key: str, name: str) -> None:
        self.url = url
        self.name = name
        self.conversation = ""
        page = {"url": "https://kiln.example/bowls", "title": "Bowls", "referrer": ""}
        body = {"widget_key": key, "identity": {"name": name}, "page": page, "locale": "en"}
        self._token = ask(url, "POST", "/v1/widget/session", body)["token"]

    def write(self, text: str) -> Customer:
        """Send a message; the first one begins a conversation."""
        message = {"text": text, "client_id": secrets.token_hex(13).upper()}
        if self.conversation:
            path = f"/v1/widget/conversations/{self.conversation}/messages"
            ask(self.url, "POST", path, message, self._token)
        else:
            begun = ask(self.url, "POST", "/v1/widget/conversations", message, self._token)
            self.conversation = begun["conversation"]["id"]
        return self

    def hears(self) -> list[str]:
        """Everything the team has written to them."""
        path = f"/v1/widget/conversations/{self.conversation}/messages?after_seq=0&limit=100"
        found = ask(self.url, "GET", path, token=self._token)["data"]
        return [one["text"] for one in found if one["author"]["type"] != "contact"]


def link_to(url: str, email: str, page: str) -> str:
    """The token of the newest link to `page` that was mailed to somebody."""

    def found() -> str:
        for mail in ask(machine_at(url).local_url, "GET", "/mail.json")["data"]:
            text = json.dumps(mail)
            if email in text and page in text:
                rest = text.split(page, 1)[1]
                return "".join(c for c in rest[:43])
        return ""

    return str(until(found))
