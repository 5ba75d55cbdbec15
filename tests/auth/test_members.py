"""The team: roles, and leaving it."""

from __future__ import annotations

import pytest

from chalicelib.auth import service
from chalicelib.auth.domain import NoMember
from tests.auth.people import an_address, caller, colleague, do_at_once, invite, log_in, statuses
from tests.support.api import Answer
from tests.support.team import Person, Team, sign_up


def roles(team: Team, by: Person) -> dict[str, str]:
    """Who is what, by name."""
    members = by.get("/v1/users?limit=100").ok()["data"]
    return {one["name"]: one["role"] for one in members if one["state"] == "active"}


def give(by: Person, to: Person, role: str) -> Answer:
    return by.patch(f"/v1/users/{to.id}", {"role": role})


def test_everybody_sees_the_team_with_those_who_are_invited(team: Team) -> None:
    ben = colleague(team, "operator")
    email = an_address()
    invite(team, email, "admin")
    listed = {one["email"]: one for one in ben.get("/v1/users").ok()["data"]}
    assert set(listed) == {team.owner.email, ben.email, email}
    shown = listed[ben.email]
    assert shown == {
        "id": ben.id,
        "name": "Ben",
        "email": ben.email,
        "role": "operator",
        "status": "online",
        "state": "active",
        "invited_at": shown["invited_at"],
        "joined_at": shown["joined_at"],
        "version": 1,
    }
    assert shown["invited_at"] < shown["joined_at"]
    waiting = listed[email]
    assert (waiting["state"], waiting["role"], waiting["joined_at"]) == ("invited", "admin", None)
    assert listed[team.owner.email]["invited_at"] is None


def test_the_list_is_paged_without_gaps_or_repeats(team: Team) -> None:
    invite_status = {an_address() for _ in range(6)}
    for email in invite_status:
        team.owner.post("/v1/users", {"email": email, "role": "operator"}).ok()
    found: list[str] = []
    cursor = ""
    while True:
        page = team.owner.get(f"/v1/users?limit=3{cursor}").ok()
        found += [one["email"] for one in page["data"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert len(found) == 7
    assert set(found) == {*invite_status, team.owner.email}


def test_a_cursor_of_another_workspace_is_refused(team: Team) -> None:
    other = sign_up(team.management)
    for one in (team, other):
        one.owner.post("/v1/users", {"email": an_address(), "role": "operator"}).ok()
    cursor = other.owner.get("/v1/users?limit=1").ok()["next_cursor"]
    assert other.owner.get(f"/v1/users?cursor={cursor}").status == 200
    assert team.owner.get(f"/v1/users?cursor={cursor}").status == 422


def test_admins_manage_operators_and_admins_and_owners_everybody(team: Team) -> None:
    ada, al, oz = (
        colleague(team, role, name)
        for role, name in (("admin", "Ada"), ("admin", "Al"), ("owner", "Oz"))
    )
    ben = colleague(team, "operator")
    assert give(ada, ben, "admin").status == 200
    assert give(ada, ben, "operator").status == 200
    assert give(ada, al, "operator").status == 200
    assert give(ada, ben, "owner").status == 403
    assert give(ada, oz, "operator").status == 403
    assert give(ada, ada, "owner").status == 403
    assert ada.delete(f"/v1/users/{oz.id}").status == 403
    assert give(ben, al, "admin").status == 403
    assert ben.delete(f"/v1/users/{al.id}").status == 403
    assert give(oz, team.owner, "admin").status == 200
    assert give(oz, ada, "owner").status == 200
    assert roles(team, ben) == {
        "Olga": "admin", "Oz": "owner", "Ada": "owner", "Al": "operator", "Ben": "operator",
    }  # fmt: skip


def test_only_owners_invite_owners(team: Team) -> None:
    ada, ben = colleague(team, "admin", "Ada"), colleague(team, "operator")

    def invite_status(by: Person, role: str) -> int:
        return by.post("/v1/users", {"email": an_address(), "role": role}).status

    assert [invite_status(ada, role) for role in ("owner", "admin", "operator")] == [403, 201, 201]
    assert [invite_status(ben, role) for role in ("owner", "admin", "operator")] == [403] * 3
    assert invite_status(team.owner, "owner") == 201


def test_somebody_removed_sees_nothing_more_and_their_sockets_close(team: Team) -> None:
    ben = colleague(team)
    socket = team.socket(ben, "conversations")
    assert team.owner.delete(f"/v1/users/{ben.id}").status == 204
    refused = ben.get("/v1/users")
    assert (refused.status, refused.code) == (401, "auth.session_ended")
    refreshed = caller().post("/v1/auth/refresh", {"refresh_token": ben.refresh_token})
    assert refreshed.status == 401
    assert "member.removed" in team.pump()
    assert socket.id not in team.management.open
    nowhere = log_in(ben.email)
    assert (nowhere.status, nowhere.code) == (403, "auth.no_workspace")


def test_somebody_removed_goes_on_in_their_other_workspace(team: Team) -> None:
    ann = sign_up(team.management, "Ann")
    token = invite(team, ann.owner.email)
    joined = caller().post(f"/v1/invitations/{token}/accept", {"password": ann.owner.password}).ok()
    team.owner.delete(f"/v1/users/{ann.owner.id}").ok()
    told = caller().post("/v1/auth/refresh", {"refresh_token": joined["refresh_token"]}).ok()
    assert told["workspace"]["id"] == ann.workspace_id
    assert [one["id"] for one in told["workspaces"]] == [ann.workspace_id]


def test_somebody_removed_can_be_invited_again_with_the_same_account(team: Team) -> None:
    ben = colleague(team)
    team.owner.delete(f"/v1/users/{ben.id}").ok()
    token = invite(team, ben.email, "admin")
    told = caller().post(f"/v1/invitations/{token}/accept", {"password": ben.password}).ok()
    assert (told["user"]["id"], told["role"]) == (ben.id, "admin")


def test_anybody_may_leave(team: Team) -> None:
    ben = colleague(team)
    assert ben.delete(f"/v1/users/{ben.id}").status == 204
    assert "Ben" not in roles(team, team.owner)


def test_the_last_owner_stays_an_owner(team: Team) -> None:
    colleague(team, "admin", "Ada")
    for refused in (
        give(team.owner, team.owner, "admin"),
        team.owner.delete(f"/v1/users/{team.owner.id}"),
    ):
        assert (refused.status, refused.code) == (409, "member.last_owner")
    oz = colleague(team, "owner", "Oz")
    assert give(team.owner, team.owner, "admin").status == 200
    assert oz.delete(f"/v1/users/{oz.id}").status == 409


def test_an_invited_owner_is_no_owner_yet(team: Team) -> None:
    invite(team, an_address(), "owner")
    assert give(team.owner, team.owner, "admin").status == 409


@pytest.mark.parametrize("removing", [False, True], ids=["demoting", "removing"])
def test_owners_who_all_go_at_once_leave_one_owner(team: Team, removing: bool) -> None:
    owners = [team.owner, *(colleague(team, "owner", f"Oz{number}") for number in range(5))]
    witness = colleague(team, "operator", "Wim")

    def go(number: int) -> Answer:
        who = owners[number % len(owners)]
        whom = owners[(number * 5 + 1) % len(owners)]
        if removing:
            return who.delete(f"/v1/users/{who.id}")
        return give(who, whom, "operator")

    answers = do_at_once(go, times=16)
    assert set(statuses(answers)) <= {200, 204, 401, 403, 404, 409}
    assert list(roles(team, witness).values()).count("owner") >= 1


def test_two_owners_who_demote_each_other_leave_one_owner(team: Team) -> None:
    for _ in range(5):
        oz = colleague(team, "owner", "Oz")
        pair = (team.owner, oz)

        def demote(number: int, pair: tuple[Person, Person] = pair) -> Answer:
            return give(pair[number], pair[1 - number], "admin")

        assert statuses(do_at_once(demote, times=2)).get(200) == 1
        assert list(roles(team, team.owner).values()).count("owner") == 1
        if roles(team, team.owner)["Olga"] != "owner":
            assert give(oz, team.owner, "owner").status == 200
        team.owner.delete(f"/v1/users/{oz.id}").ok()


def test_a_stranger_is_not_found(team: Team) -> None:
    other = sign_up(team.management)
    token = invite(other, an_address())
    assert token
    theirs = [one["id"] for one in other.owner.get("/v1/users").ok()["data"]]
    for unknown in (*theirs, "usr_nobody", "inv_nobody", "x"):
        assert give(team.owner, Person(id=unknown), "admin").code == "member.not_found"
        assert team.owner.delete(f"/v1/users/{unknown}").status == 404


def test_a_change_of_what_one_didnt_see_is_refused(team: Team) -> None:
    ben = colleague(team)
    path = f"/v1/users/{ben.id}"
    assert team.owner.patch(path, {"role": "admin"}, **{"If-Match": '"1"'}).status == 200
    assert team.owner.patch(path, {"role": "operator"}, **{"If-Match": '"1"'}).status == 412
    assert team.owner.delete(path, **{"If-Match": '"1"'}).status == 412
    assert team.owner.delete(path, **{"If-Match": '"2"'}).status == 204


def test_the_role_that_somebody_has_changes_nothing(team: Team) -> None:
    ben = colleague(team)
    team.pump()
    assert give(team.owner, ben, "operator").ok()["version"] == 1
    assert give(team.owner, team.owner, "owner").ok()["version"] == 1
    assert team.pump() == []


def test_a_role_that_there_isnt_is_refused(team: Team) -> None:
    ben = colleague(team)
    for role in ("king", "", None, 5):
        assert team.owner.patch(f"/v1/users/{ben.id}", {"role": role}).status == 422


def test_other_modules_find_members_of_their_workspace_only(team: Team) -> None:
    ben = colleague(team)
    other = sign_up(team.management)
    found = service.get_colleague(team.workspace_id, ben.id)
    assert (found.id, found.name, found.role, found.status) == (
        ben.id, "Ben", "operator", "online",
    )  # fmt: skip
    for workspace_id, user_id in ((other.workspace_id, ben.id), (team.workspace_id, "usr_x")):
        with pytest.raises(NoMember):
            service.get_colleague(workspace_id, user_id)


def test_the_team_is_told_with_those_who_are_online_first(team: Team) -> None:
    ben = colleague(team)
    ids = {"Olga": team.owner.id, "Ben": ben.id}
    assert service.team(team.workspace_id) == [(ids["Olga"], "Olga"), (ids["Ben"], "Ben")]
    team.owner.patch("/v1/me", {"status": "away"}).ok()
    assert service.team(team.workspace_id) == [(ids["Ben"], "Ben"), (ids["Olga"], "Olga")]
    team.owner.delete(f"/v1/users/{ben.id}").ok()
    assert service.team(team.workspace_id) == [(ids["Olga"], "Olga")]
