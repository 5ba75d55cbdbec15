"""The demo workspace, made by the real application on a machine of its own."""

from __future__ import annotations

import json
from pathlib import Path

from infra.local.client import ApiClient
from infra.local.seed import COLLEAGUE, EMAIL, PASSWORD
from infra.local.testing import LocalFoyer
from tests.local.serving import until


def signed_in(foyer: LocalFoyer, email: str = EMAIL) -> ApiClient:
    anybody = ApiClient(foyer.url)
    answer = anybody.ask("POST", "/v1/auth/login", {"email": email, "password": PASSWORD})
    return anybody.known_as(answer["access_token"])


def conversations(foyer: LocalFoyer) -> dict[str, int]:
    """Who writes in the demo workspace → how many messages there are."""
    listed = signed_in(foyer).ask("GET", "/v1/conversations?status=all&limit=100")["data"]
    names = [each["contact"]["name"] for each in listed]
    assert len(names) == len(set(names)), "nobody's story is told twice"
    return {each["contact"]["name"]: each["last_seq"] for each in listed}


def test_the_demo_is_there_once_and_stays(tmp_path: Path) -> None:
    with LocalFoyer(demo=True, data=tmp_path / "data") as foyer:
        first = conversations(foyer)
        states = {
            each["status"]
            for each in signed_in(foyer).ask("GET", "/v1/conversations?status=all")["data"]
        }
        assert states == {"open", "snoozed", "closed"}
        assert len(first) == 7
        members = signed_in(foyer, COLLEAGUE).ask("GET", "/v1/users")["data"]
        assert {each["role"] for each in members} == {"owner", "operator"}
        mara = next(
            each
            for each in signed_in(foyer).ask("GET", "/v1/contacts?limit=100")["data"]
            if each["name"] == "Mara Lindqvist"
        )
        assert mara["verified"] is True
        foyer.restart()
        assert conversations(foyer) == first
        assert foyer.logs.count("Setting up the demo workspace") == 1


def test_a_seed_that_was_killed_half_way_goes_on_without_telling_twice(tmp_path: Path) -> None:
    foyer = LocalFoyer(demo=True, data=tmp_path / "data")
    facts = foyer.data / "run" / "demo.json"
    try:
        foyer.begin()
        until(lambda: facts.exists() and json.loads(facts.read_text()).get("told"), within=30)
        foyer.kill9()
        foyer.start()
        assert len(conversations(foyer)) == 7
    finally:
        foyer.stop()


def test_an_empty_foyer_has_nobody_in_it() -> None:
    with LocalFoyer(demo=False) as foyer:
        assert not (foyer.data / "run" / "demo.json").exists()
        page = ApiClient(foyer.url).ask("GET", "/v1/health")
        assert page["status"] == "ok"
