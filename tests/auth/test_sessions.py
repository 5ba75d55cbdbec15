"""Staying signed in, and ending that."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from chalicelib.auth import sessions, store
from chalicelib.kit import instants
from tests.auth.people import caller, colleague, do_at_once, invite, log_in, person_of, statuses
from tests.support.api import Answer, Client
from tests.support.team import Person, Team, sign_up


def refresh(refresh_token: str) -> Answer:
    return caller().post("/v1/auth/refresh", {"refresh_token": refresh_token})


def works(person: Client) -> bool:
    return person.get("/v1/me").status == 200


def again(person: Person) -> Person:
    """The same person in another browser."""
    return person_of(log_in(person.email, person.password).ok())


def test_a_refresh_token_is_traded_for_the_next_one(team: Team) -> None:
    first = refresh(team.owner.refresh_token).ok()
    second = refresh(first["refresh_token"]).ok()
    tokens = {team.owner.refresh_token, first["refresh_token"], second["refresh_token"]}
    assert len(tokens) == 3
    assert works(Client(token=second["access_token"]))
    assert {name: second[name] for name in ("user", "workspace", "role")} == {
        name: first[name] for name in ("user", "workspace", "role")
    }


def test_an_access_token_is_good_for_fifteen_minutes(team: Team) -> None:
    with time_machine.travel(instants.now() + timedelta(minutes=14), tick=False):
        assert works(team.owner)
    with time_machine.travel(instants.now() + timedelta(minutes=16), tick=False):
        refused = team.owner.get("/v1/me")
        assert (refused.status, refused.code) == (401, "auth.expired_token")
        assert works(person_of(refresh(team.owner.refresh_token).ok()))


def test_tabs_that_refresh_at_once_all_get_the_same_successor(team: Team) -> None:
    answers = do_at_once(lambda _: refresh(team.owner.refresh_token))
    assert statuses(answers) == {200: 16}
    successors = {answer.json["refresh_token"] for answer in answers}
    assert len(successors) == 1
    assert refresh(successors.pop()).status == 200


def test_a_refresh_token_used_again_later_ends_the_session_for_everybody(team: Team) -> None:
    with time_machine.travel(instants.now(), tick=False) as clock:
        thief = person_of(refresh(team.owner.refresh_token).ok())
        clock.shift(timedelta(seconds=10))
        assert refresh(team.owner.refresh_token).json["refresh_token"] == thief.refresh_token
        clock.shift(timedelta(seconds=1))
        refused = refresh(team.owner.refresh_token)
        assert (refused.status, refused.code) == (401, "auth.session_ended")
        assert refresh(thief.refresh_token).status == 401
        assert not works(thief)
        assert log_in(team.owner.email, team.owner.password).status == 200


def test_the_refresh_token_before_the_last_ends_the_session_even_within_the_grace(
    team: Team,
) -> None:
    second = refresh(team.owner.refresh_token).ok()
    third = refresh(second["refresh_token"]).ok()
    assert refresh(team.owner.refresh_token).status == 401
    assert refresh(third["refresh_token"]).status == 401


@pytest.mark.parametrize("token", ["", "x", "a" * 200, "0" * 95, "usr_x.ses_y.z"])
def test_a_made_up_refresh_token_is_refused_and_ends_nothing(team: Team, token: str) -> None:
    assert refresh(token).status == 401
    own = team.owner.refresh_token
    for made_up in (
        f"{'0' * 52}{own[52:]}",
        f"{own[:52]}{'A' * 43}{own[95:]}",
        f"{own[:52]}{'A' * 43}",
    ):
        assert refresh(made_up).status == 401
    # Whoever learns a session's ids can't end it by them.
    assert works(team.owner)
    assert refresh(own).status == 200


def test_a_session_lasts_thirty_idle_days_and_ninety_in_all(team: Team) -> None:
    began = instants.now()
    token = team.owner.refresh_token
    with time_machine.travel(began, tick=False) as clock:
        for _ in range(3):
            clock.shift(timedelta(days=29))
            token = refresh(token).ok()["refresh_token"]
        clock.move_to(began + timedelta(days=91))
        assert refresh(token).status == 401
    idle = again(team.owner)
    with time_machine.travel(instants.now() + timedelta(days=30, seconds=1), tick=False):
        assert refresh(idle.refresh_token).status == 401


def test_signing_out_ends_this_session_and_no_other(team: Team) -> None:
    elsewhere = again(team.owner)
    assert team.owner.post("/v1/auth/logout").status == 204
    assert not works(team.owner)
    assert refresh(team.owner.refresh_token).status == 401
    assert works(elsewhere)


def test_an_expired_access_token_keeps_nobody_from_signing_out(team: Team) -> None:
    elsewhere = again(team.owner)
    with time_machine.travel(instants.now() + timedelta(minutes=16), tick=False):
        without = team.owner.post("/v1/auth/logout")
        assert (without.status, without.code) == (401, "auth.unauthenticated")
        body = {"refresh_token": team.owner.refresh_token}
        assert team.owner.post("/v1/auth/logout", body).status == 204
        assert refresh(team.owner.refresh_token).status == 401
        assert refresh(elsewhere.refresh_token).status == 200


@pytest.mark.parametrize("minutes", [0, 16, 90])
def test_a_refresh_token_alone_ends_its_session_and_sockets(team: Team, minutes: int) -> None:
    elsewhere, socket = again(team.owner), team.socket(team.owner)
    with time_machine.travel(instants.now() + timedelta(minutes=minutes), tick=False):
        body = {"refresh_token": team.owner.refresh_token}
        assert [caller().post("/v1/auth/logout", body).status for _ in range(2)] == [204, 204]
        assert refresh(team.owner.refresh_token).status == 401
        assert refresh(elsewhere.refresh_token).status == 200
        assert team.pump()[-1] == "member.signed_out"
        assert socket.id not in team.management.open


def test_the_token_that_a_neighbouring_tab_has_just_traded_ends_the_session_too(
    team: Team,
) -> None:
    latest = refresh(team.owner.refresh_token).ok()
    body = {"refresh_token": team.owner.refresh_token}
    assert caller().post("/v1/auth/logout", body).status == 204
    assert refresh(latest["refresh_token"]).status == 401


@pytest.mark.parametrize("token", ["", "x", "0" * 95, "é" * 95])
def test_signing_out_with_a_token_of_nobody_ends_nothing(team: Team, token: str) -> None:
    assert caller().post("/v1/auth/logout", {"refresh_token": token}).status == 204
    assert works(team.owner)
    refused = caller().post("/v1/auth/logout")
    assert (refused.status, refused.code) == (401, "auth.unauthenticated")


def test_signing_out_closes_the_sockets_of_the_person(team: Team) -> None:
    socket = team.socket(team.owner)
    team.owner.post("/v1/auth/logout").ok()
    assert "member.signed_out" in team.pump()
    assert socket.id not in team.management.open


def test_changing_the_password_ends_every_session(team: Team) -> None:
    elsewhere = again(team.owner)
    socket = team.socket(elsewhere)
    body = {"current_password": team.owner.password, "new_password": "battery staple"}
    assert team.owner.post("/v1/auth/password", body).status == 204
    assert not works(team.owner)
    assert not works(elsewhere)
    assert refresh(elsewhere.refresh_token).status == 401
    assert log_in(team.owner.email, team.owner.password).status == 401
    assert log_in(team.owner.email, "battery staple").status == 200
    team.pump()
    assert socket.id not in team.management.open


def test_changing_the_password_needs_the_current_one_and_a_good_new_one(team: Team) -> None:
    def refusal(current: str, new: str) -> tuple[int, str]:
        body = {"current_password": current, "new_password": new}
        answer = team.owner.post("/v1/auth/password", body)
        return answer.status, answer.json["errors"][0]["field"]

    assert refusal("not my password", "battery staple") == (422, "current_password")
    assert refusal(team.owner.password, "short") == (422, "new_password")
    assert refusal(team.owner.password, team.owner.email) == (422, "new_password")
    assert works(team.owner)


def test_of_two_changes_of_the_password_at_once_one_is_made(team: Team) -> None:
    browsers = [again(team.owner) for _ in range(4)]

    def change(number: int) -> Answer:
        body = {"current_password": team.owner.password, "new_password": f"staple no. {number}"}
        return browsers[number].post("/v1/auth/password", body)

    answers = do_at_once(change, times=4)
    assert [answer.status for answer in answers].count(204) == 1
    assert set(statuses(answers)) <= {204, 401, 422}
    (winner,) = [number for number, answer in enumerate(answers) if answer.status == 204]
    assert log_in(team.owner.email, f"staple no. {winner}").status == 200


def test_no_session_begun_with_the_old_password_survives_a_change_of_it(team: Team) -> None:
    """Sign-ins that run beside the change either come first and end, or are refused."""

    def run(number: int) -> Answer:
        if number == 0:
            body = {"current_password": team.owner.password, "new_password": "battery staple"}
            return team.owner.post("/v1/auth/password", body)
        return log_in(team.owner.email, team.owner.password)

    changed, *others = do_at_once(run, times=8)
    assert changed.status == 204
    assert set(statuses(others)) <= {200, 401}
    assert store.sessions(team.owner.id) == []
    assert not any(works(Client(token=one.json.get("access_token"))) for one in others if one.json)


def test_the_fifty_first_session_ends_the_oldest(team: Team) -> None:
    browsers = [again(team.owner) for _ in range(sessions.MOST)]
    assert len(store.sessions(team.owner.id)) == sessions.MOST
    assert refresh(team.owner.refresh_token).status == 401
    assert refresh(browsers[0].refresh_token).status == 200


def test_a_person_of_two_workspaces_switches_and_comes_back_to_the_last_one(team: Team) -> None:
    other = sign_up(team.management, "Ann")
    token = invite(team, other.owner.email, "admin")
    joined = caller().post(f"/v1/invitations/{token}/accept", {"password": other.owner.password})
    ann = person_of(joined.ok())
    assert [(one["id"], one["role"]) for one in joined.json["workspaces"]] == [
        (team.workspace_id, "admin"),
        (other.workspace_id, "owner"),
    ]
    switched = ann.post("/v1/auth/switch", {"workspace_id": other.workspace_id}).ok()
    assert (switched["workspace"]["id"], switched["role"]) == (other.workspace_id, "owner")
    home = person_of(switched)
    assert home.get("/v1/workspace").ok()["id"] == other.workspace_id
    # The old refresh token is the same session: it follows, for the grace of ten seconds.
    assert refresh(ann.refresh_token).json["refresh_token"] == home.refresh_token
    assert log_in(ann.email, other.owner.password).json["workspace"]["id"] == other.workspace_id


def test_switching_to_a_workspace_of_others_is_refused(team: Team) -> None:
    other = sign_up(team.management)
    for wanted in (other.workspace_id, "ws_nowhere"):
        answer = team.owner.post("/v1/auth/switch", {"workspace_id": wanted})
        assert (answer.status, answer.code) == (404, "workspace.not_found")
    assert team.owner.post("/v1/auth/switch", {"workspace_id": ""}).status == 422


def test_a_role_counts_from_the_next_request_on(team: Team) -> None:
    ben = colleague(team, "operator")
    assert ben.post("/v1/workspace/identity-secrets").status == 403
    team.owner.patch(f"/v1/users/{ben.id}", {"role": "admin"}).ok()
    assert ben.post("/v1/workspace/identity-secrets").status == 201
    team.owner.patch(f"/v1/users/{ben.id}", {"role": "operator"}).ok()
    assert ben.post("/v1/workspace/identity-secrets").status == 403


@pytest.mark.parametrize("credential", ["Bearer", "Bearer x", "Basic eDp5", "Bearer a.b.c"])
def test_a_credential_that_isnt_one_is_refused(credential: str) -> None:
    answer = Client().get("/v1/me", Authorization=credential)
    assert answer.status == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_an_old_token_keeps_nobody_from_signing_in(team: Team) -> None:
    stale = Client(token="stale", headers=caller().headers)
    assert log_in(team.owner.email, team.owner.password, by=stale).status == 200
