"""Strangers who sign up, and installations that let them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.auth import signing_up, store
from chalicelib.platform.config import config
from chalicelib.platform.transport import DynamoClient
from infra.local.testing import LocalFoyer
from infra.packaging import first_owner
from tests.attack.a_strangers.people import sign_up
from tests.auth.people import (
    caller,
    colleague,
    do_at_once,
    sign_up_body,
    statuses,
)
from tests.e2e.dashboard.people import ask
from tests.support.team import Team


@pytest.fixture
def closed_installation(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As an installation is unless it is opened."""
    monkeypatch.delenv("FOYER_SIGNUP")
    config.cache_clear()
    yield
    monkeypatch.undo()
    config.cache_clear()


@pytest.fixture
def new(closed_installation: None) -> Iterator[None]:
    """An installation on which nobody has signed up yet."""
    del closed_installation
    store.Login(store.FIRST_OWNER).delete(add_version_condition=False)
    signing_up.has_first_owner.clear()
    yield
    signing_up.has_first_owner.clear()


def standing() -> Any:
    told = caller().get("/v1/auth/signup").ok()
    return {"open": told["open"], "first": told["first"]}


def test_whoever_waits_for_a_mail_can_know_whether_any_leaves(
    closed_installation: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del closed_installation
    by_server = "smtps://mail.example"
    for folder, server, stays in (("mail", "", True), ("mail", by_server, False), ("", "", False)):
        monkeypatch.setenv("FOYER_MAIL_DIR", folder)
        monkeypatch.setenv("FOYER_SMTP_URL", server)
        config.cache_clear()
        assert caller().get("/v1/auth/signup").ok()["mail_stays"] is stays


def test_the_first_to_sign_up_owns_the_installation_and_nobody_else_signs_up(new: None) -> None:
    del new
    assert standing() == {"open": True, "first": True}
    assert sign_up().status == 201
    assert standing() == {"open": False, "first": False}
    refused = sign_up()
    assert (refused.status, refused.code) == (403, "auth.signup_closed")
    signing_up.has_first_owner.clear()
    assert sign_up(email="no address", password="").code == "auth.signup_closed"


def test_of_sixteen_who_are_the_first_at_once_one_is(new: None) -> None:
    del new
    answers = do_at_once(lambda _: sign_up())
    assert statuses(answers) == {201: 1, 403: 15}
    assert {each.code for each in answers if each.status == 403} == {"auth.signup_closed"}


def test_a_first_sign_up_that_is_refused_takes_nobodys_place(new: None) -> None:
    del new
    assert sign_up(password="short").status == 422
    assert standing()["first"]
    assert sign_up().status == 201


def test_where_it_is_open_the_first_owner_is_noted_all_the_same(
    team: Team, closed_installation: None
) -> None:
    del team, closed_installation
    assert standing() == {"open": False, "first": False}
    assert sign_up().status == 403


def test_an_installation_of_before_has_had_its_first_owner(team: Team, new: None) -> None:
    del team, new
    engine = DynamoClient(endpoint=os.environ["FOYER_DYNAMODB_ENDPOINT"])
    assert first_owner.note(engine.call, config().prefix)
    assert not first_owner.note(engine.call, config().prefix)
    assert sign_up().status == 403


def test_whoever_is_invited_joins_where_sign_up_is_closed(
    team: Team, closed_installation: None
) -> None:
    del closed_installation
    ben = colleague(team)
    assert ben.get("/v1/me").ok()["user"]["verified"] is True


def test_further_workspaces_are_made_by_those_who_own_one(
    team: Team, closed_installation: None
) -> None:
    del closed_installation
    ben, ada = colleague(team), colleague(team, "admin", "Ada")
    for each in (ben, ada):
        refused = each.post("/v1/workspaces", {"name": "Mine"})
        assert (refused.status, refused.code) == (403, "auth.signup_closed")
    assert team.owner.post("/v1/workspaces", {"name": "Second"}).status == 201


def test_a_machine_that_is_started_anew_has_one_first_owner() -> None:
    with LocalFoyer(env={"FOYER_SIGNUP": "first"}) as foyer:

        def sign_up_status(number: int) -> int:
            body = sign_up_body(email=f"ben{number}@people.example")
            try:
                ask(foyer.url, "POST", "/v1/auth/signup", body)
            except OSError as refused:
                return int(getattr(refused, "code", 0))
            return 201

        codes = do_at_once(sign_up_status, times=3)
        assert sorted(codes) == [201, 403, 403]
        foyer.restart()
        assert sign_up_status(9) == 403
        assert not ask(foyer.url, "GET", "/v1/auth/signup")["open"]
