"""What tests about people need: callers from different places, colleagues, mails, races."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import app
from chalicelib.platform.config import config
from chalicelib.platform.tables.outbox import OutboxRow
from tests.support.api import Answer, Client
from tests.support.team import Person, Team, fresh, work_off

T = TypeVar("T")

PASSWORD = "correct horse 7"
_numbers = count(1)


def caller() -> Client:
    """Somebody without a token, at a network address of their own."""
    number = next(_numbers)
    return Client(headers={"X-Test-Ip": f"198.51.{number // 250}.{number % 250 + 1}"})


def an_address(name: str = "ben") -> str:
    """A mail address that nobody has."""
    return f"{name}.{fresh().lower()}@people.example"


def sign_up_body(**changed: Any) -> dict[str, Any]:
    """A sign-up that succeeds, but for what is changed."""
    return {
        "email": an_address(),
        "password": PASSWORD,
        "name": "Ben",
        "workspace_name": "Ben's bikes",
        **changed,
    }


def log_in(
    email: str, password: str = PASSWORD, by: Client | None = None, device_token: str = ""
) -> Answer:
    """Sign in, from a new place and on a new device unless told."""
    device = {"device_token": device_token} if device_token else {}
    return (by or caller()).post("/v1/auth/login", {"email": email, "password": password, **device})


def person_of(told: dict[str, Any]) -> Person:
    """The person whom a sign-in's answer is about."""
    user = told["user"]
    return Person(
        token=told["access_token"],
        id=user["id"],
        name=user["name"],
        email=user["email"],
        password=PASSWORD,
        refresh_token=told["refresh_token"],
        device_token=told["device_token"] or "",
    )


def invite(team: Team, email: str, role: str = "operator", by: Client | None = None) -> str:
    """Invite somebody and take the token out of their mail."""
    (by or team.owner).post("/v1/users", {"email": email, "role": role}).ok()
    team.pump()
    return token_in(mails_to(email)[-1])


def colleague(team: Team, role: str = "operator", name: str = "Ben") -> Person:
    """A new member of the team, signed in."""
    token = invite(team, an_address(name.lower()), role)
    body = {"name": name, "password": PASSWORD}
    return person_of(caller().post(f"/v1/invitations/{token}/accept", body).ok())


def mails_to(address: str) -> list[dict[str, Any]]:
    """The mails sent to an address, oldest first."""
    folder = config().mail_folder
    mails = [json.loads(file.read_bytes()) for file in sorted(Path(str(folder)).glob("*.json"))]
    return [mail for mail in mails if mail["to"] == address]


def token_in(mail: dict[str, Any]) -> str:
    """The token of a mail's link."""
    link = next(line for line in mail["text"].splitlines() if line.startswith("https://"))
    return str(link.rpartition("/")[2])


def ask_for_link(email: str, by: Client | None = None) -> list[dict[str, Any]]:
    """Ask for a link, let the reaction run, and see all mails to the address."""
    answer = (by or caller()).post("/v1/auth/forgot", {"email": email})
    assert answer.status == 204
    consume_of_nobody()
    return mails_to(email)


_seen: set[str] = set()


def consume_of_nobody() -> None:
    """Let reactions see what belongs to no workspace."""
    # Not by cursor: ids follow the clock, and tests turn it back.
    for row in OutboxRow.query("nowhere", consistent_read=True):
        if row.id in _seen:
            continue
        _seen.add(row.id)
        image = {"NewImage": row.serialize(), "SequenceNumber": row.id}
        record = {"eventID": row.id, "eventName": "INSERT", "dynamodb": image}
        assert app.consume_outbox({"Records": [record]}, None) == {"batchItemFailures": []}
    work_off()


def do_at_once(do: Callable[[int], T], times: int = 16) -> list[T]:
    """Do something in that many threads that start together."""
    gate = threading.Barrier(times)

    def run(number: int) -> T:
        gate.wait()
        return do(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def statuses(answers: list[Answer]) -> dict[int, int]:
    """How often each status was answered."""
    found: dict[int, int] = {}
    for answer in answers:
        found[answer.status] = found.get(answer.status, 0) + 1
    return found
