"""Contacts of earlier versions, an attribute for each field, are read and become as today's are."""

from __future__ import annotations

from typing import Any

from chalicelib.kit.ids import new_id
from chalicelib.platform import transport
from chalicelib.platform.config import table_name
from tests.support.team import Team

AT = "2026-11-01T10:00:00.000Z"


def test_a_row_as_earlier_versions_wrote_it_is_read_and_written_back(team: Team) -> None:
    contact, other = new_id("con"), new_id("con")
    texts = {
        "workspace_id": team.workspace_id, "id": contact, "listed_in": team.workspace_id,
        "listed_at": f"{AT}#{contact}", "name": "Ann", "email": "ann@x.example", "phone": "",
        "external_id": "a-1", "claimed": '{"custom.plan":"gold"}', "custom": '{"seats":[1,2.5]}',
        "sources": '{"external_id":"verified","name":"operator","email":"operator"}',
        "locale": "de", "time_zone": "Europe/Berlin", "search": "ann ann@x.example a-1",
        "first_seen_at": AT, "last_seen_at": AT, "created_at": AT, "claims_rested_at": AT,
    }  # fmt: skip
    item: dict[str, Any] = {name: {"S": value} for name, value in texts.items()}
    item |= {"verified": {"BOOL": True}, "blocked": {"BOOL": False}, "version": {"N": "7"}}
    item |= {"email_unproved": {"BOOL": False}, "tags": {"SS": ["vip"]}}
    item |= {"unheld": {"SS": ["email"]}, "resembles": {"SS": [other]}}
    table = table_name("contacts")
    transport.call("PutItem", {"TableName": table, "Item": item})

    path = f"/v1/contacts/{contact}"
    before = team.owner.get(path).ok()
    assert before == {
        "id": contact, "name": "Ann", "email": "ann@x.example", "phone": None, "external_id": "a-1",
        "verified": True, "blocked": False, "claimed": {"custom.plan": "gold"},
        "provenance": {
            "external_id": "verified", "name": "operator", "email": "operator",
            "custom.plan": "claimed",
        },
        "possible_duplicates": [other], "custom": {"plan": "gold", "seats": [1, 2.5]},
        "tags": ["vip"], "locale": "de", "time_zone": "Europe/Berlin", "first_seen_at": AT,
        "last_seen_at": AT, "created_at": AT, "version": 7,
    }  # fmt: skip
    assert [each["id"] for each in team.owner.get("/v1/contacts?query=a-1").ok()["data"]] == [
        contact
    ]

    team.owner.patch(path, {"tags": ["vip", "new"]}).ok()
    key = {name: item[name] for name in ("workspace_id", "id")}
    stored = transport.call("GetItem", {"TableName": table, "Key": key})["Item"]
    assert set(stored) == {
        "workspace_id", "id", "listed_in", "listed_at", "blocked", "data", "version"
    }  # fmt: skip
    assert team.owner.get(path).ok() == {**before, "tags": ["new", "vip"], "version": 8}
