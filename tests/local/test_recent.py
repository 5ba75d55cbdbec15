"""What a machine tells of its work: a sentence on the terminal, or JSON; and a page of its own."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from infra.local.testing import LocalFoyer
from tests.local.private_words import CUSTOMER, MAIL, NAME, REPLY, TEXT, WORDS, live_a_little
from tests.local.serving import ask, local, until
from tests.support.privacy import leaks, texts


def page(foyer: LocalFoyer, path: str) -> str:
    return local(foyer, "GET", f"/{path}").body.decode()


def recent(foyer: LocalFoyer) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(page(foyer, "recent.json"))
    return told


@pytest.fixture(scope="module", params=["text", "json"])
def foyer(request: pytest.FixtureRequest) -> Any:
    """A machine on which people with telling names have written, and been refused."""
    with LocalFoyer(env={"FOYER_LOG": request.param}) as machine:
        live_a_little(machine)
        until(lambda: [each for each in recent(machine)["events"] if each["door"] == "events"])
        yield request.param, machine


def test_requests_events_and_lag_are_on_a_page(foyer: tuple[str, LocalFoyer]) -> None:
    told = recent(foyer[1])
    routes = {(each["message"], each.get("status")) for each in told["requests"]}
    assert ("POST /v1/widget/conversations", 201) in routes
    assert ("POST /v1/auth/login", 401) in routes
    assert told["lag"]["events"] > 0
    assert told["lag"]["longest_ms"] < 60_000
    assert any(each.get("read_units") for each in told["events"] if "events" in each)
    shown = page(foyer[1], "recent")
    assert "POST /v1/widget/conversations" in shown
    assert "message.created" in shown


def test_it_is_there_for_those_alone_who_have_the_token(foyer: tuple[str, LocalFoyer]) -> None:
    door = int(urlsplit(foyer[1].local_url).port or 0)
    assert ask(door, "GET", "/_local/recent").status == 404
    assert ask(door, "GET", f"/{'x' * 43}/_local/recent.json").status == 404
    assert local(foyer[1], "POST", "/recent").status == 405


def test_each_piece_of_work_is_one_line(foyer: tuple[str, LocalFoyer]) -> None:
    form, machine = foyer
    lines = [line for line in machine.logs.splitlines() if "POST /v1/widget/conversations" in line]
    assert lines
    if form == "json":
        first = json.loads(lines[0])
        assert (first["door"], first["status"], first["actor"]) == ("http", 201, "visitor")
        assert [line for line in machine.logs.splitlines() if '"_aws"' in line]
    else:
        assert re.match(
            r"\d\d:\d\d:\d\d 201 POST /v1/widget/conversations, [\d.]+ ms, \d+ calls "
            r"\(\d+(\.5)? read, \d+ written\), visitor of ws_\w{26}, [\w-]{36}$",
            lines[0],
        )
        assert "_aws" not in machine.logs


def test_nothing_of_people_is_in_any_of_it(foyer: tuple[str, LocalFoyer]) -> None:
    _, machine = foyer
    told = machine.logs + page(machine, "recent") + page(machine, "recent.json")
    assert len(told) > 10_000
    assert [word for word in WORDS if word.lower() in told.lower()] == []
    assert leaks(machine) == []


def test_what_people_said_would_be_found(foyer: tuple[str, LocalFoyer]) -> None:
    machine = foyer[1]
    assert {NAME, CUSTOMER, TEXT, REPLY, MAIL} <= set(texts(machine))
