"""Pages of strangers in the browser of whoever tries Foyer on their own machine."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from infra.local.testing import LocalFoyer
from tests.local.serving import Answer, ask

DEMO = {"email": "demo@foyer.local", "password": "foyer-demo"}
NEW = {"email": "x@shop.example", "password": "correct horse 1", "name": "X", "workspace_name": "X"}
STRANGERS = (
    "https://attacker.example",
    "http://attacker.example:8000",
    "http://127.0.0.1.attacker.example",
    "http://localhost@attacker.example",
    "null",
    "",
)


@pytest.fixture(scope="module")
def foyer() -> Iterator[LocalFoyer]:
    """A machine as people try it: with the demo, whose password everybody knows."""
    with LocalFoyer(env={"FOYER_DEMO": "1"}) as running:
        yield running


def send(foyer: LocalFoyer, path: str, body: object, origin: str | None) -> Answer:
    headers = {"Content-Type": "application/json"}
    headers |= {} if origin is None else {"Origin": origin}
    return ask(foyer.port, "POST", path, json.dumps(body).encode(), headers)


@pytest.mark.parametrize("origin", STRANGERS)
def test_no_page_of_a_stranger_acts_on_accounts(foyer: LocalFoyer, origin: str) -> None:
    for path, body in {"login": DEMO, "signup": NEW, "forgot": {"email": DEMO["email"]}}.items():
        told = send(foyer, f"/v1/auth/{path}", body, origin)
        assert told.status == 403
        assert b"token" not in told.body


@pytest.mark.parametrize("origin", [None, "http://127.0.0.1:{port}", "http://localhost:5173"])
def test_pages_and_programs_of_this_machine_sign_in(foyer: LocalFoyer, origin: str | None) -> None:
    named = None if origin is None else origin.format(port=foyer.port)
    assert send(foyer, "/v1/auth/login", DEMO, named).status == 200


def test_any_page_may_show_the_widget(foyer: LocalFoyer) -> None:
    key = json.loads((foyer.data / "run" / "demo.json").read_text())["widget_key"]
    page = {"url": "https://shop.example/", "title": "", "referrer": ""}
    begun = send(
        foyer, "/v1/widget/session", {"widget_key": key, "page": page}, "https://shop.example"
    )
    assert begun.status == 200
