"""Refusals have one form, and pages of other origins may read them."""

from __future__ import annotations

from tests.support.api import Client, send
from tests.support.team import Team


def test_every_refusal_can_be_read_by_a_page_of_another_origin(team: Team) -> None:
    json = {"Content-Type": "application/json"}
    refused = {
        "no credential": Client().get("/v1/me"),
        "wrong value": team.owner.post("/v1/contacts", {"nothing": 1}),
        "not JSON": team.owner.request("POST", "/v1/contacts", "{", {}),
        "absent": team.owner.get("/v1/conversations/cnv_none"),
        "another method": send("PUT", "/v1/me", None, json),
        "another content type": send("POST", "/v1/contacts", "x", {"Content-Type": "text/plain"}),
    }
    assert {name: answer.status for name, answer in refused.items()} == {
        "no credential": 401,
        "wrong value": 422,
        "not JSON": 400,
        "absent": 404,
        "another method": 405,
        "another content type": 415,
    }
    for name, answer in refused.items():
        assert answer.headers["content-type"] == "application/problem+json", name
        assert answer.headers["access-control-allow-origin"] == "*", name
        assert "Retry-After" in answer.headers["access-control-expose-headers"], name
        assert answer.json["request_id"], name
