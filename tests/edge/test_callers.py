"""Behind the site, tries are counted for who called CloudFront and not for CloudFront."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib.auth.domain import FREE_TRIES_PER_SOURCE
from chalicelib.platform.config import config
from tests.support.api import Client
from tests.support.team import Team, fresh

KEY = "3f9c01ab-22de-4a7b-9d54-0a1b2c3d4e5f"
CLOUDFRONT = "130.176.1.1"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An address that CloudFront calls from; this deployment has a site with a key."""
    monkeypatch.setenv("FOYER_SITE_KEY", KEY)
    config.cache_clear()
    yield CLOUDFRONT
    config.cache_clear()


def test_who_guesses_through_the_site_is_stopped_and_nobody_else(site: str) -> None:
    thief, neighbour = (_behind(site, address) for address in ("192.0.2.201", "192.0.2.202"))
    assert {_guess(thief) for _ in range(FREE_TRIES_PER_SOURCE)} == {401}
    assert (_guess(thief), _guess(neighbour)) == (429, 401)


def test_an_invented_caller_is_not_believed_without_the_sites_key(site: str) -> None:
    source = "192.0.2.203"
    inventors = [
        Client(headers={"X-Test-Ip": source, **invented})
        for n in range(FREE_TRIES_PER_SOURCE)
        for invented in [{"X-Forwarded-For": f"203.0.113.{n}", "X-Foyer-Site": "guess"}]
    ]
    assert {_guess(each) for each in inventors} == {401}
    assert _guess(inventors[0]) == 429


def test_a_country_is_believed_from_the_site_alone(site: str, team: Team) -> None:
    told = {"CloudFront-Viewer-Country": "NO"}
    session = {"widget_key": team.widget_key, "page": {"url": "https://a.example/", "title": ""}}
    for client in (_behind(site, "192.0.2.204"), Client(headers={"X-Test-Ip": "192.0.2.205"})):
        client.headers |= told
        client.token = client.post("/v1/widget/session", session).ok()["token"]
        page = {"url": "https://a.example/", "title": ""}
        team.socket(client).send({"action": "presence", "page": page, "state": "active"})
    countries = [row["country"] for row in team.owner.get("/v1/visitors").ok()["data"]]
    assert sorted(countries, key=str) == ["NO", None]


def test_a_firewall_before_the_site_is_not_walked_around(
    site: str, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    around = [
        Client(token=team.owner.token, headers={"X-Test-Ip": "192.0.2.206", **invented})
        for invented in ({}, {"X-Foyer-Site": "guess"}, {"X-Foyer-Site": KEY[:-1]})
    ]
    through = _behind(site, "192.0.2.207")
    through.token = team.owner.token
    assert {each.get("/v1/me").status for each in (*around, through)} == {200}
    monkeypatch.setenv("FOYER_SITE_ONLY", "yes")
    config.cache_clear()
    assert {each.get("/v1/health").status for each in around} == {403}
    assert {each.get("/v1/me").code for each in around} == {"site.only"}
    assert {_guess(each) for each in around} == {403}
    assert through.get("/v1/me").status == 200


def _behind(site: str, address: str) -> Client:
    """A caller as API Gateway shows one that comes through CloudFront, with a header of its own."""
    forwarded = f"203.0.113.9, {address}"
    return Client(headers={"X-Test-Ip": site, "X-Forwarded-For": forwarded, "X-Foyer-Site": KEY})


def _guess(client: Client) -> int:
    wrong = {"email": f"{fresh()}@shop.example", "password": "wrong horse 1"}
    return client.post("/v1/auth/login", wrong).status
