"""A transaction whose answer is lost is done once, whenever that is, and known as done."""

from __future__ import annotations

import json
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.platform import transport
from chalicelib.platform.transport import DynamoClient
from infra.local.demo.client import ApiClient
from infra.local.testing import Engine, LocalFoyer
from tests.support.api import Client
from tests.support.faults import FOR_EVER, Faults, cut, fail_after, linger, lose
from tests.support.team import Team, fresh

CLIENTS, LINES = 8, 40
LOST = {"lost": lose, "called a failure": fail_after, "cut": cut, "done later": linger}


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_message_whose_answers_are_lost_is_written_once_and_told_once(
    team: Team, faults: Faults, fault: str, times: int
) -> None:
    guest = team.guest()
    first = {"text": "one", "client_id": fresh()}
    begun = guest.post("/v1/widget/conversations", first).ok()["conversation"]["id"]
    faults.plan(LOST[fault], "TransactWriteItems", times=times)
    path = f"/v1/widget/conversations/{begun}/messages"
    said = guest.post(path, {"text": "two", "client_id": fresh()})
    faults.clear()
    assert said.status == 201, said.body
    assert guest.post(path, {"text": "three", "client_id": fresh()}).ok()["seq"] == 3
    shown = guest.get(path).ok()["data"]
    assert [(each["seq"], each["text"]) for each in shown] == [(1, "one"), (2, "two"), (3, "three")]
    assert _events_by_message(transport.call, begun) == {1: 1, 2: 1, 3: 1}


@pytest.mark.parametrize("fault", LOST)
def test_what_nothing_else_would_know_again_is_done_once_as_well(
    team: Team, faults: Faults, fault: str
) -> None:
    """A contact has no key that its asker chose, and a second sign-up would be refused."""
    before = len(team.owner.get("/v1/contacts").ok()["data"])
    faults.plan(LOST[fault], "TransactWriteItems")
    assert team.owner.post("/v1/contacts", {"name": "Ann"}).status == 201
    faults.plan(LOST[fault], "TransactWriteItems")
    body = {"password": "correct horse 7", "name": "Ada", "workspace_name": "Ada's"}
    signed_up = Client().post("/v1/auth/signup", {**body, "email": f"{fresh().lower()}@a.example"})
    assert signed_up.status == 201, signed_up.body
    faults.clear()
    assert len(team.owner.get("/v1/contacts").ok()["data"]) == before + 1


def test_a_machine_that_loses_a_transaction_in_four_under_load_loses_and_doubles_nothing() -> None:
    with (
        Engine() as engine,
        Faults(engine.endpoint) as faults,
        LocalFoyer(env={"FOYER_DYNAMODB_ENDPOINT": faults.endpoint, "FOYER_LIMITS": "0"}) as foyer,
    ):
        api = ApiClient(foyer.url)
        owner = api.client_for(api.ask("POST", "/v1/auth/signup", _olga())["access_token"])
        key = owner.ask("GET", "/v1/workspace")["widget_key"]
        talks = [_begin(api, key) for _ in range(CLIENTS // 2)]
        dice = random.Random(20)
        for fault in LOST.values():
            faults.plan(
                fault,
                "TransactWriteItems",
                times=FOR_EVER,
                when=lambda _: dice.random() < 0.08,
            )

        def write(number: int) -> list[int]:
            visitor, conversation = talks[number % len(talks)]
            path = f"/v1/widget/conversations/{conversation}/messages"
            lines = [{"text": f"{number}/{n}", "client_id": fresh()} for n in range(LINES)]
            return [visitor.ask("POST", path, line)["seq"] for line in lines]

        with ThreadPoolExecutor(CLIENTS) as many:
            list(many.map(write, range(CLIENTS)))
        faults.clear()
        direct = DynamoClient(endpoint=engine.endpoint)
        whole = 1 + 2 * LINES
        for _, conversation in talks:
            path = f"/v1/conversations/{conversation}/messages?limit=100"
            kept = owner.ask("GET", path)["data"]
            assert [each["seq"] for each in kept] == list(range(1, whole + 1))
            assert len({each["text"] for each in kept}) == whole
            told = _events_by_message(direct.call, conversation)
            assert told == dict.fromkeys(range(1, whole + 1), 1)


def _begin(api: ApiClient, key: str) -> tuple[ApiClient, str]:
    page = {"url": "https://shop.example/", "title": "Shop", "referrer": ""}
    session = api.ask("POST", "/v1/widget/session", {"widget_key": key, "page": page})
    visitor = api.client_for(session["token"])
    first = {"text": "Hello", "client_id": fresh()}
    begun = visitor.ask("POST", "/v1/widget/conversations", first)
    return visitor, begun["conversation"]["id"]


def _events_by_message(call: Any, conversation: str) -> dict[int, int]:
    """How many events tell of each message, by its `seq`."""
    told: Counter[int] = Counter()
    asked: dict[str, Any] = {"TableName": "foyer-outbox"}
    while True:
        page = call("Scan", asked)
        for row in page["Items"]:
            # Some test's rows can't be read on purpose.
            if row["name"]["S"] == "message.created" and conversation in row["data"]["S"]:
                told[json.loads(row["data"]["S"])["seq"]] += 1
        if "LastEvaluatedKey" not in page:
            return dict(told)
        asked["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def _olga() -> dict[str, str]:
    return {
        "email": "olga@losses.example",
        "password": "correct horse 7",
        "name": "Olga",
        "workspace_name": "Losses",
    }
