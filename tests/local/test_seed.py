"""The demo workspace, made by the real application on a machine of its own."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from infra.local.demo.client import ApiClient, Refused
from infra.local.demo.seed import COLLEAGUE, EMAIL, PASSWORD
from infra.local.testing import LocalFoyer
from tests.local.serving import until


def sign_in(foyer: LocalFoyer, email: str = EMAIL) -> ApiClient:
    anybody = ApiClient(foyer.url)
    answer = anybody.ask("POST", "/v1/auth/login", {"email": email, "password": PASSWORD})
    return anybody.client_for(answer["access_token"])


def conversations(foyer: LocalFoyer) -> dict[str, int]:
    """Who writes in the demo workspace → how many messages there are."""
    listed = sign_in(foyer).ask("GET", "/v1/conversations?status=all&limit=100")["data"]
    names = [each["contact"]["name"] for each in listed]
    assert len(names) == len(set(names)), "nobody's story is told twice"
    return {each["contact"]["name"]: each["last_seq"] for each in listed}


def test_the_demo_is_there_once_and_stays(tmp_path: Path) -> None:
    with LocalFoyer(demo=True, data=tmp_path / "data") as foyer:
        first = conversations(foyer)
        states = {
            each["status"]
            for each in sign_in(foyer).ask("GET", "/v1/conversations?status=all")["data"]
        }
        assert states == {"open", "snoozed", "closed"}
        assert len(first) == 7
        members = sign_in(foyer, COLLEAGUE).ask("GET", "/v1/users")["data"]
        assert {each["role"] for each in members} == {"owner", "operator"}
        mara = next(
            each
            for each in sign_in(foyer).ask("GET", "/v1/contacts?limit=100")["data"]
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


@pytest.mark.parametrize("said", [b"Internal Server Error", b"", b"[]", b'{"title": "Busy"}'])
def test_a_refusal_is_one_whatever_it_is_made_of(said: bytes) -> None:
    """A machine that is told to stop while it seeds answers in its server's words."""

    class Stopping(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(500)
            self.end_headers()
            self.wfile.write(said)

        log_message: Callable[..., None] = lambda *_: None

    with ThreadingHTTPServer(("127.0.0.1", 0), Stopping) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        with pytest.raises(Refused, match="500"):
            ApiClient(f"http://127.0.0.1:{server.server_port}").ask("GET", "/")


def test_an_empty_foyer_has_nobody_in_it() -> None:
    with LocalFoyer(demo=False) as foyer:
        assert not (foyer.data / "run" / "demo.json").exists()
        page = ApiClient(foyer.url).ask("GET", "/v1/health")
        assert page["status"] == "ok"
