"""Rows of earlier versions, an attribute for each field, are read and become as today's are."""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.conversations.rows import ConversationData
from chalicelib.kit.ids import new_id
from chalicelib.platform import transport
from chalicelib.platform.config import table_name
from tests.support.team import Team, fresh

AT = "2026-11-01T10:00:00.000Z"


def test_a_row_as_earlier_versions_wrote_it_is_read_and_written_back(team: Team) -> None:
    workspace, contact = team.workspace_id, new_id("con")
    told: dict[str, Any] = {
        "ws": workspace, "id": new_id("cnv"), "st_key": f"{workspace}#open", "act": AT,
        "as_key": f"{workspace}#{team.owner.id}", "con": contact, "cn": "Ann", "ce": "a@x.example",
        "st": "open", "asg": team.owner.id, "asn": "Olga", "snb": AT, "wait": AT, "cr": AT,
        "subj": "Parcel", "pri": "high", "lt": "c", "lx": "Hello", "la": AT, "rb": '{"abcdefgh":1}',
    }  # fmt: skip
    numbers = {"seq": 3, "cds": 3, "crs": 3, "trs": 1, "lts": 0, "v": 7}
    item: dict[str, Any] = {name: {"S": value} for name, value in told.items()}
    item |= {name: {"N": str(value)} for name, value in numbers.items()}
    item |= {"cv": {"BOOL": True}, "cb": {"BOOL": False}, "tags": {"SS": ["vip"]}}
    table = table_name("conversations")
    transport.call("PutItem", {"TableName": table, "Item": item})

    path = f"/v1/conversations/{told['id']}"
    shown = team.owner.get(path).ok()
    assert shown["contact"] == {
        "id": contact, "name": "Ann", "email": "a@x.example", "verified": True, "blocked": False
    }  # fmt: skip
    assert shown["assignee"] == {"id": team.owner.id, "name": "Olga"}
    assert (shown["subject"], shown["priority"], shown["tags"]) == ("Parcel", "high", ["vip"])
    assert (shown["customer_read_seq"], shown["team_read_seq"], shown["version"]) == (3, 1, 7)
    assert (shown["last_message"]["text"], shown["waiting_since"]) == ("Hello", AT)

    team.owner.post(f"{path}/messages", {"text": "Hi", "client_id": fresh()}).ok()
    key = {"ws": item["ws"], "id": item["id"]}
    kept = transport.call("GetItem", {"TableName": table, "Key": key})["Item"]
    assert kept["v"] == {"N": "8"}
    assert set(kept) == {"ws", "id", "st_key", "act", "as_key", "con", "st", "asg", "asn", "d", "v"}
    again = team.owner.get(path).ok()
    changed = ("last_seq", "last_message", "last_activity_at", "team_read_seq", "waiting_since")
    later = {*changed, "version", "unread"}
    assert {name for name in again if again[name] != shown[name]} <= later
    assert (again["last_seq"], again["last_message"]["text"]) == (4, "Hi")


def test_what_a_later_version_has_added_outlives_a_change_by_this_one(team: Team) -> None:
    """While functions switch over, both are at the same conversation."""
    conversation = team.guest().start()["conversation"]["id"]
    table = table_name("conversations")
    key = {"ws": {"S": team.workspace_id}, "id": {"S": conversation}}
    item = transport.call("GetItem", {"TableName": table, "Key": key})["Item"]
    known = msgspec.json.decode(item["d"]["S"], type=ConversationData)
    later = [*msgspec.structs.astuple(known), None, {"sla": 5}]
    item["d"] = {"S": msgspec.json.encode(later).decode()}
    transport.call("PutItem", {"TableName": table, "Item": item})

    path = f"/v1/conversations/{conversation}"
    team.owner.post(f"{path}/messages", {"text": "Hi", "client_id": fresh()}).ok()
    team.owner.post(f"{path}/close", {}).ok()
    kept = transport.call("GetItem", {"TableName": table, "Key": key})["Item"]
    assert msgspec.json.decode(kept["d"]["S"])[-2:] == [None, {"sla": 5}]
    assert team.owner.get(path).ok()["last_message"]["text"] == "Hi"
