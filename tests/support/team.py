"""Builders: a workspace with its people, visitors and conversations, through the real doors."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import app
from chalicelib import queues
from chalicelib.auth import domain, links
from chalicelib.kit import instants
from chalicelib.kit.ids import new_id
from chalicelib.lanes import LANES
from chalicelib.platform.config import config
from chalicelib.platform.tables.outbox import OutboxRow
from infra.local.stream.queue import Queue
from tests.support.api import Client
from tests.support.grants import within_grants
from tests.support.sockets import Management, Socket

_numbers = count(1)


@dataclass
class Person(Client):
    """A member of the team, signed in."""

    id: str = ""
    name: str = ""
    email: str = ""
    password: str = ""
    refresh_token: str = ""
    device_token: str = ""


@dataclass
class Guest(Client):
    """A browser with the widget."""

    visitor_id: str = ""
    secret: str = ""
    asked: dict[str, Any] = field(default_factory=dict)
    session: dict[str, Any] = field(default_factory=dict)

    def start(self, text: str = "Hello", client_id: str | None = None) -> dict[str, Any]:
        """Begin a conversation; the answer has `conversation` and `message`."""
        started: dict[str, Any] = self.post(
            "/v1/widget/conversations", {"text": text, "client_id": client_id or fresh()}
        ).ok()
        return started

    def become(self) -> str:
        """Write a first message; the id of the contact that this makes."""
        made: str = self.start()["message"]["author"]["id"]
        return made

    def say(self, conversation_id: str, text: str, client_id: str | None = None) -> Any:
        """Add a message to a conversation."""
        return self.post(
            f"/v1/widget/conversations/{conversation_id}/messages",
            {"text": text, "client_id": client_id or fresh()},
        ).ok()


@dataclass
class Team:
    """A workspace as tests use it. `pump` lets everybody react to what has happened."""

    management: Management
    owner: Person
    workspace_id: str
    widget_key: str
    _seen: set[str] = field(default_factory=set)

    def guest(self, **session: Any) -> Guest:
        """A new browser, or with `visitor_secret` a known one; `identity=…` says who it is."""
        body = {
            "widget_key": self.widget_key,
            "page": {"url": "https://shop.example/", "title": "Shop", "referrer": ""},
            **session,
        }
        started = Client().post("/v1/widget/session", body).ok()
        return Guest(
            token=started["token"],
            visitor_id=started["visitor_id"],
            secret=started["visitor_secret"],
            asked=session,
            session=started,
        )

    def renew(self, guest: Guest) -> None:
        """Let a browser begin another session, as its widget does when the last one has ended."""
        again = self.guest(**{**guest.asked, "visitor_secret": guest.secret})
        guest.token, guest.session = again.token, again.session

    def sign_in(self) -> str:
        """A fresh access token of the owner's."""
        body = {"email": self.owner.email, "password": self.owner.password}
        token: str = Client().post("/v1/auth/login", body).ok()["access_token"]
        return token

    def join(self, name: str, role: str = "operator") -> Person:
        """Invite somebody, who takes the link in the mail."""
        email, password = f"{name.lower()}@{fresh().lower()}.example", "correct horse 8"
        self.owner.post("/v1/users", {"email": email, "role": role}).ok()
        self.pump()
        link = re.search(r"/invitations/(\S+)", mails_to(email)[-1]["text"])
        assert link
        told = (
            Client()
            .post(f"/v1/invitations/{link[1]}/accept", {"name": name, "password": password})
            .ok()
        )
        return Person(
            token=told["access_token"],
            id=told["user"]["id"],
            name=name,
            email=email,
            password=password,
            refresh_token=told["refresh_token"],
        )

    def socket(self, client: Client, *topics: str) -> Socket:
        """An open socket, listening to `topics`."""
        socket = Socket(self.management, client)
        assert socket.status == 200
        for topic in topics:
            socket.send({"action": "subscribe", "topic": topic})
        return socket

    def pump(self) -> list[str]:
        """Feed what is new in the outbox to its consumer; the names of the events, in order.

        What its reactions put on the lanes' queues goes to those' functions.
        """
        names: list[str] = []
        while records := self.records():
            with within_grants("consume_outbox", everywhere=True):
                answer = app.consume_outbox({"Records": records}, None)
            assert answer == {"batchItemFailures": []}
            names += [record["dynamodb"]["NewImage"]["name"]["S"] for record in records]
            work_off()
        return names

    def records(self) -> list[dict[str, Any]]:
        """What is new in the outbox, as its stream shows it.

        What was seen is remembered by id and not by place: a test that turns time back writes
        events that stand before those of another.
        """
        rows = [
            row
            for row in OutboxRow.query(self.workspace_id, consistent_read=True)
            if row.id not in self._seen
        ]
        self._seen.update(row.id for row in rows)
        return [
            {
                "eventID": row.id,
                "eventName": "INSERT",
                "eventSource": "aws:dynamodb",
                "dynamodb": {"NewImage": row.serialize(), "SequenceNumber": row.id},
            }
            for row in rows
        ]


def work_off() -> None:
    """Let the lanes' functions take what is due on their queues."""
    for lane in LANES:
        Queue(lane, queues.handle).run_once()


def sign_up(management: Management, name: str = "Olga") -> Team:
    """A new workspace with its owner."""
    number = next(_numbers)
    email, password = f"{name.lower()}{number}@{fresh().lower()}.example", "correct horse 7"
    told = (
        Client()
        .post(
            "/v1/auth/signup",
            {
                "email": email,
                "password": password,
                "name": name,
                "workspace_name": f"Shop {number}",
            },
        )
        .ok()
    )
    owner = Person(
        token=told["access_token"],
        id=told["user"]["id"],
        name=name,
        email=email,
        password=password,
        refresh_token=told["refresh_token"],
        device_token=told["device_token"],
    )
    prove_address(owner)
    workspace = owner.get("/v1/workspace").ok()
    return Team(management, owner, workspace["id"], workspace["widget_key"])


def prove_address(person: Person) -> None:
    """Follow the link that is mailed to whoever signs up, without waiting for the mail."""
    login_id = domain.login_id(person.email)
    link = links.create_link("verification", person.id, login_id, 0, instants.now())
    Client().post("/v1/auth/verify", {"token": link.rpartition("/")[2]}).ok()


def mails_to(email: str) -> list[dict[str, str]]:
    """What the mail folder holds for an address, oldest first."""
    folder = config().mail_folder
    assert folder
    mails = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    return [mail for mail in mails if mail["to"] == email]


def fresh() -> str:
    """A client's own id, never used before."""
    return new_id("c")[2:]
