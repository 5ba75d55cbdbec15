"""A workspace's settings, secrets and widget key."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.platform import transport
from chalicelib.platform.observability.observe import Call
from chalicelib.workspaces import service
from tests.auth.people import colleague, do_at_once, statuses
from tests.support.api import Answer
from tests.support.team import Team, sign_up

SECRETS = "/v1/workspace/identity-secrets"


def test_a_new_workspace_has_sensible_settings(team: Team) -> None:
    shown = team.owner.get("/v1/workspace").ok()
    assert shown == {
        "id": team.workspace_id,
        "name": shown["name"],
        "widget_key": shown["widget_key"],
        "widget": {
            "colour": "#3b5bdb",
            "position": "right",
            "greeting": "Hi there",
            "intro": "Ask us anything, or tell us what you think.",
            "reply_expectation": "We reply as soon as we can.",
            "launcher_hidden": False,
            "presence": True,
            "theme": "auto",
        },
        "identity": {"mode": "report", "secrets": []},
        "settings": {"assign_on_reply": True},
        "version": 1,
    }
    assert shown["widget_key"].startswith("wk_")


def test_a_change_merges_and_leaves_the_rest(team: Team) -> None:
    before = team.owner.get("/v1/workspace").ok()
    change = {
        "name": " Bikes  & Co ",
        "widget": {"colour": "#00FF7f", "greeting": "Hola\r\namigo", "intro": ""},
        "identity": {"mode": "required"},
        "settings": {"assign_on_reply": False},
    }
    changed = team.owner.patch("/v1/workspace", change).ok()
    assert changed == {
        **before,
        "name": "Bikes & Co",
        "widget": {
            **before["widget"], "colour": "#00FF7f", "greeting": "Hola\namigo", "intro": "",
        },
        "identity": {"mode": "required", "secrets": []},
        "settings": {"assign_on_reply": False},
        "version": 2,
    }  # fmt: skip
    assert team.owner.get("/v1/workspace").ok() == changed
    assert team.owner.get("/v1/me").ok()["workspace"]["name"] == "Bikes & Co"
    assert team.pump() == ["member.joined", "workspace.updated"]


def test_a_change_of_nothing_is_no_change(team: Team) -> None:
    before = team.owner.get("/v1/workspace").ok()
    nothings: list[dict[str, Any]] = [{}, {"widget": {}}, {"name": before["name"], "settings": {}}]
    for nothing in nothings:
        assert team.owner.patch("/v1/workspace", nothing).ok() == before
    assert team.pump() == ["member.joined"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"widget": {"colour": "red"}}, "widget.colour"),
        ({"widget": {"colour": "#12345"}}, "widget.colour"),
        ({"widget": {"colour": "#123456\n"}}, "widget.colour"),
        ({"widget": {"colour": "#123456;}"}}, "widget.colour"),
        ({"widget": {"position": "top"}}, "widget.position"),
        ({"widget": {"greeting": ""}}, "widget.greeting"),
        ({"widget": {"intro": "x" * 501}}, "widget.intro"),
        ({"widget": {"intro": "\x1b[31m"}}, "widget.intro"),
        ({"widget": {"presence": "yes"}}, "widget.presence"),
        ({"widget": None}, "widget"),
        ({"identity": {"mode": "sometimes"}}, "identity.mode"),
        ({"identity": {"secrets": []}}, "identity.secrets"),
        ({"settings": {"assign_on_reply": 1}}, "settings.assign_on_reply"),
        ({"widget_key": "wk_mine"}, "widget_key"),
        ({"version": 7}, "version"),
    ],
)
def test_a_value_that_cant_be_taken_is_told_and_changes_nothing(
    team: Team, change: dict[str, Any], field: str
) -> None:
    before = team.owner.get("/v1/workspace").ok()
    refused = team.owner.patch("/v1/workspace", change)
    assert refused.status == 422
    assert [error["field"] for error in refused.json["errors"]] == [field]
    assert team.owner.get("/v1/workspace").ok() == before


def test_a_change_of_what_one_didnt_see_is_refused(team: Team) -> None:
    def rename(name: str, version: int) -> Answer:
        return team.owner.patch("/v1/workspace", {"name": name}, **{"If-Match": f'"{version}"'})

    assert rename("First", 1).ok()["version"] == 2
    refused = rename("Second", 1)
    assert (refused.status, refused.code) == (412, "version.stale")
    assert team.owner.get("/v1/workspace").ok()["name"] == "First"


def test_of_sixteen_who_change_the_same_version_one_does(team: Team) -> None:
    def rename(number: int) -> Answer:
        return team.owner.patch(
            "/v1/workspace", {"name": f"Renamed {number}"}, **{"If-Match": '"1"'}
        )

    assert statuses(do_at_once(rename)) == {200: 1, 412: 15}


def test_changes_of_different_settings_at_once_are_all_kept(team: Team) -> None:
    changes: list[dict[str, Any]] = [
        {"name": "Together"},
        {"widget": {"colour": "#111111"}},
        {"widget": {"position": "left"}},
        {"settings": {"assign_on_reply": False}},
    ]
    answers = do_at_once(lambda n: team.owner.patch("/v1/workspace", changes[n]), times=4)
    assert statuses(answers) == {200: 4}
    shown = team.owner.get("/v1/workspace").ok()
    assert (shown["name"], shown["version"]) == ("Together", 5)
    assert (shown["widget"]["colour"], shown["widget"]["position"]) == ("#111111", "left")
    assert shown["settings"] == {"assign_on_reply": False}


def test_secrets_are_made_shown_to_admins_only_and_deleted(team: Team) -> None:
    ada, ben = colleague(team, "admin", "Ada"), colleague(team, "operator")
    made = ada.post(SECRETS)
    assert made.status == 201
    assert len(bytes.fromhex(made.json["secret"])) == 32
    assert team.owner.get("/v1/workspace").ok()["identity"]["secrets"] == [made.json]
    assert ben.get("/v1/workspace").ok()["identity"] == {"mode": "report", "secrets": []}
    assert made.json["secret"] not in ben.get("/v1/workspace").body
    path = f"{SECRETS}/{made.json['id']}"
    assert [ben.delete(path).status, ada.delete(path).status, ada.delete(path).status] == [
        403, 204, 404,
    ]  # fmt: skip
    assert team.owner.get("/v1/workspace").ok()["identity"]["secrets"] == []


def test_two_secrets_are_the_most_also_when_many_are_added_at_once(team: Team) -> None:
    answers = do_at_once(lambda _: team.owner.post(SECRETS))
    assert statuses(answers) == {201: 2, 409: 14}
    kept = team.owner.get("/v1/workspace").ok()["identity"]["secrets"]
    assert {one["id"] for one in kept} == {a.json["id"] for a in answers if a.status == 201}


def test_operators_may_look_and_not_change(team: Team) -> None:
    ben = colleague(team, "operator")
    assert ben.get("/v1/workspace").status == 200
    refusals = [
        ben.patch("/v1/workspace", {"name": "Mine"}),
        ben.post(SECRETS),
        ben.post("/v1/workspace/widget-key"),
    ]
    assert [one.status for one in refusals] == [403, 403, 403]


def test_the_secret_of_another_workspace_isnt_found(team: Team) -> None:
    theirs = sign_up(team.management).owner.post(SECRETS).ok()
    assert team.owner.delete(f"{SECRETS}/{theirs['id']}").status == 404


def test_a_replaced_widget_key_opens_nothing_any_more(team: Team) -> None:
    old = team.widget_key
    assert service.get_by_widget_key(old).id == team.workspace_id
    new = team.owner.post("/v1/workspace/widget-key").ok()["widget_key"]
    assert new != old
    assert service.get_by_widget_key(new).id == team.workspace_id
    with pytest.raises(service.NoWorkspace):
        service.get_by_widget_key(old)


@pytest.mark.parametrize("key", ["", "wk_", "wk_" + "0" * 32, "x" * 2000])
def test_an_unknown_widget_key_opens_nothing(team: Team, key: str) -> None:
    with pytest.raises(service.NoWorkspace):
        service.get_by_widget_key(key)


def test_settings_are_read_once_and_again_after_a_change_here(team: Team) -> None:
    calls: list[Call] = []
    service.get_by_widget_key(team.widget_key)
    with transport.observe(calls.append):
        for _ in range(5):
            assert service.get_by_widget_key(team.widget_key).assign_on_reply
            assert service.settings(team.workspace_id).name
    assert calls == []
    team.owner.patch("/v1/workspace", {"settings": {"assign_on_reply": False}}).ok()
    assert not service.settings(team.workspace_id).assign_on_reply
    assert not service.get_by_widget_key(team.widget_key).assign_on_reply


def test_what_is_already_so_changes_nothing(team: Team) -> None:
    whole: dict[str, Any] = {
        "name": "Shop", "widget": {"colour": "#112233", "greeting": "Hi"},
        "identity": {"mode": "required"}, "settings": {"assign_on_reply": False},
    }  # fmt: skip
    before = team.owner.patch("/v1/workspace", whole).ok()
    team.pump()
    sames: tuple[dict[str, Any], ...] = ({}, whole, {"widget": {}}, {"name": " Shop "})
    for same in sames:
        assert team.owner.patch("/v1/workspace", same).ok() == before
    assert (team.pump(), team.owner.get("/v1/workspace").ok()) == ([], before)
