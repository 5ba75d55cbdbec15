"""A whole machine whose engine fails one request in six: nobody is refused, nothing doubled."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from infra.local.demo.client import ApiClient, Refused
from infra.local.testing import Engine, LocalFoyer
from tests.support.api import Answer, Client
from tests.support.faults import Faults
from tests.support.sockets import Socket
from tests.support.team import Team, fresh

PATIENCE = 60.0
MESSAGES = 40


def test_sign_ins_and_sockets_in_the_rain_all_succeed(team: Team, faults: Faults) -> None:
    body = {"email": team.owner.email, "password": team.owner.password}
    guests = [team.guest() for _ in range(30)]
    faults.rain(0.16, seed=20_261)
    signed_in: list[Answer] = [Client().post("/v1/auth/login", body) for _ in range(15)]
    tickets = [guest.post("/v1/socket-tickets") for guest in guests]
    sockets = [
        Socket(team.management, guest, told.json["ticket"])
        for guest, told in zip(guests, tickets, strict=True)
    ]
    faults.clear()
    assert Counter(each.status for each in signed_in) == {200: 15}
    assert {each.status for each in tickets} <= {200, 201}
    assert Counter(each.status for each in sockets) == {200: 30}


def test_refreshing_in_the_rain_signs_nobody_out(team: Team, faults: Faults) -> None:
    token = team.owner.refresh_token
    faults.rain(0.2, seed=4)
    for _ in range(25):
        told = Client().post("/v1/auth/refresh", {"refresh_token": token})
        assert told.status == 200, told.body
        token = told.json["refresh_token"]


def test_what_is_written_in_the_rain_arrives_once_and_is_told_to_the_team() -> None:
    with (
        Engine() as engine,
        Faults(engine.endpoint) as faults,
        LocalFoyer(env={"FOYER_DYNAMODB_ENDPOINT": faults.endpoint, "FOYER_DEMO": "0"}) as foyer,
    ):
        api = ApiClient(foyer.url)
        owner = api.client_for(api.ask("POST", "/v1/auth/signup", _olga())["access_token"])
        key = owner.ask("GET", "/v1/workspace")["widget_key"]
        faults.rain(0.16, seed=7)
        page = {"url": "https://shop.example/", "title": "Shop", "referrer": ""}
        session = {"widget_key": key, "page": page}
        visitor = api.client_for(
            _ask_patiently(lambda: api.ask("POST", "/v1/widget/session", session))["token"]
        )
        first = {"text": "line 0", "client_id": fresh()}
        begun = _ask_patiently(lambda: visitor.ask("POST", "/v1/widget/conversations", first))
        conversation = begun["conversation"]["id"]

        def say(number: int) -> Any:
            path = f"/v1/widget/conversations/{conversation}/messages"
            body = {"text": f"line {number}", "client_id": fresh()}
            return _ask_patiently(lambda: visitor.ask("POST", path, body))

        with ThreadPoolExecutor(4) as many:
            list(many.map(say, range(1, MESSAGES)))
        _ask_patiently(lambda: owner.ask("POST", f"/v1/conversations/{conversation}/close", {}))
        faults.clear()
        path = f"/v1/conversations/{conversation}/messages?limit=100"
        messages = owner.ask("GET", path)["data"]
        assert sorted(each["text"] for each in messages) == sorted(
            f"line {number}" for number in range(MESSAGES)
        )
        assert [each["seq"] for each in messages] == list(range(1, MESSAGES + 1))
        timeline = f"/v1/conversations/{conversation}/timeline?limit=100"
        closed = "conversation.closed"
        assert _until(lambda: closed in str(owner.ask("GET", timeline)))


def _ask_patiently(ask: Callable[[], Any]) -> Any:
    """As our clients ask: again and again while the trouble is said to pass."""
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except Refused as refused:
            if refused.status != 503 or not refused.retry_after or time.monotonic() > ends:
                raise
            time.sleep(0.2)


def _until(holds: Callable[[], bool]) -> bool:
    ends = time.monotonic() + PATIENCE
    while not (held := holds()) and time.monotonic() < ends:
        time.sleep(0.1)
    return held


def _olga() -> dict[str, str]:
    return {
        "email": "olga@rain.example",
        "password": "correct horse 7",
        "name": "Olga",
        "workspace_name": "Rain",
    }
