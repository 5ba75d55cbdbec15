"""Visitors whom an earlier version noted, an attribute for each field, are listed as they were."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.kit import instants
from chalicelib.kit.ids import new_id
from chalicelib.platform import transport
from chalicelib.platform.config import table_name
from chalicelib.visitors import store
from tests.support.team import Team


def test_a_visit_as_earlier_versions_wrote_it_is_listed(team: Team) -> None:
    now, visitor = instants.now(), new_id("vis")
    since, until = instants.to_text(now), instants.to_text(now + timedelta(minutes=4))
    texts = {
        "shard": store.shard(team.workspace_id, visitor), "id": visitor, "contact_id": "con_1",
        "url": "https://shop.example/", "title": "Shop", "referrer": "https://s.example/",
        "state": "active", "since": since, "locale": "de", "time_zone": "Europe/Berlin",
        "device": "Firefox on Linux", "country": "DE", "online_until": until,
    }  # fmt: skip
    item: dict[str, Any] = {name: {"S": value} for name, value in texts.items()}
    numbers = {"pages": 2, "visits": 3, "version": 5, "expires_at": int(now.timestamp()) + 3600}
    item |= {name: {"N": str(value)} for name, value in numbers.items()}
    item |= {"known": {"BOOL": False}, "verified": {"BOOL": True}}
    transport.call("PutItem", {"TableName": table_name("presence"), "Item": item})

    (listed,) = team.owner.get("/v1/visitors").ok()["data"]
    assert listed == {
        "id": visitor, "contact_id": None, "name": None, "email": None, "verified": True,
        "page": {"url": "https://shop.example/", "title": "Shop"}, "state": "active",
        "referrer": "https://s.example/", "in_chat": None, "since": since, "pages_seen": 2,
        "visits": 3, "locale": "de", "time_zone": "Europe/Berlin", "device": "Firefox on Linux",
        "country": "DE", "expires_at": until, "version": 5,
    }  # fmt: skip
