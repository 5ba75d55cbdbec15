"""More visitors than anybody can follow: list and frames stay bounded, and nobody is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from chalicelib.kit import instants
from chalicelib.kit.ids import new_id
from chalicelib.platform import transport
from chalicelib.visitors import domain, store
from tests.support.team import Team


def crowd(team: Team, count: int) -> list[str]:
    """So many who are online, the first for the longest; their ids."""
    now = instants.now()
    rows = []
    for number in range(count):
        since = now - timedelta(minutes=50) + timedelta(seconds=number)
        row = store.Presence(
            id=new_id("vis"),
            contact_id=new_id("con"),
            visit=store.Visit(since=instants.to_text(since)),
            state="idle" if number % 2 else "active",
            online_until=now + timedelta(minutes=4),
            expires_at=int((now + domain.RETENTION).timestamp()),
        )
        row.shard = store.shard(team.workspace_id, row.id)
        rows.append(row)
    with store.Presence.batch_write() as batch:
        for row in rows:
            batch.save(row)
    return [row.id for row in rows]


def pages(team: Team, query: str = "") -> list[list[str]]:
    """All pages of the list, by ids."""
    found: list[list[str]] = []
    cursor = ""
    while len(found) < 200:
        answer = team.owner.get(f"/v1/visitors?limit=100{query}{cursor}").ok()
        found.append([each["id"] for each in answer["data"]])
        if answer["next_cursor"] is None:
            return found
        cursor = f"&cursor={answer['next_cursor']}"
    raise AssertionError("the list doesn't end")


def test_of_a_large_crowd_everybody_is_listed_once_and_no_page_reads_them_all(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PART", 50)
    ids = crowd(team, 700)
    units: list[float] = []
    with transport.observe(lambda call: units.append(call.read_units)):
        listed = pages(team)
    assert sorted(one for page in listed for one in page) == sorted(ids)
    assert max(units) < 10
    assert len(listed[0]) == 100
    idle = [one for page in pages(team, "&filter=idle") for one in page]
    assert sorted(idle) == sorted(ids[1::2])


def test_a_crowd_that_fits_is_listed_longest_first(team: Team) -> None:
    ids = crowd(team, 250)
    assert [one for page in pages(team) for one in page] == ids


@pytest.mark.usefixtures("limits")
def test_of_more_frames_than_one_can_follow_there_is_one_in_five_seconds(team: Team) -> None:
    with time_machine.travel(instants.now(), tick=False) as clock:
        watching = team.socket(team.owner, "visitors")
        sockets = [team.socket(team.guest()) for _ in range(12)]
        for number in range(20):
            for socket in sockets:
                socket.send(read_visitor(f"https://shop.example/{number}"))
        told = [frame["type"] for frame in watching.frames]
        assert len(told) == 201
        assert told.count("visitors.changed") == 1
        clock.shift(timedelta(seconds=5))
        sockets[0].send(read_visitor("https://shop.example/calm"))
        assert watching.of("visitor.moved")[-1]["visitor"]["page"]["url"].endswith("/calm")


def read_visitor(url: str) -> dict[str, Any]:
    return {"action": "presence", "page": {"url": url}, "state": "active"}
