"""Whoever leaves a team leaves no door open: an invitation is good while its sender may send it."""

from __future__ import annotations

import pytest

from tests.auth.people import PASSWORD, an_address, caller, colleague, invite
from tests.support.team import Team


def _accept_status(token: str) -> int:
    return (
        caller()
        .post(f"/v1/invitations/{token}/accept", {"name": "Eve", "password": PASSWORD})
        .status
    )


def _get_status(token: str) -> int:
    return caller().get(f"/v1/invitations/{token}").status


@pytest.mark.parametrize("role", ["admin", "operator"])
def test_the_invitations_of_somebody_removed_lead_nowhere(team: Team, role: str) -> None:
    mallory = colleague(team, "admin", "Mallory")
    token = invite(team, an_address(), role, by=mallory)
    kept = invite(team, an_address())
    assert (_get_status(token), _get_status(kept)) == (200, 200)
    team.owner.delete(f"/v1/users/{mallory.id}").ok()
    assert (_get_status(token), _accept_status(token)) == (404, 404)
    assert _accept_status(kept) == 200


@pytest.mark.parametrize(
    ("before", "offered", "after", "opens"),
    [
        ("admin", "operator", "operator", False),
        ("owner", "owner", "admin", False),
        ("owner", "admin", "admin", True),
        ("owner", "operator", "admin", True),
    ],
)
def test_an_invitation_stands_on_what_its_inviter_is_now(
    team: Team, before: str, offered: str, after: str, opens: bool
) -> None:
    carol = colleague(team, before, "Carol")
    token = invite(team, an_address(), offered, by=carol)
    team.owner.patch(f"/v1/users/{carol.id}", {"role": after}).ok()
    assert (_accept_status(token) == 200) is opens


def test_whoever_gives_it_another_role_stands_for_it_from_then_on(team: Team) -> None:
    mallory = colleague(team, "admin", "Mallory")
    token = invite(team, an_address(), "admin", by=mallory)
    offers = [one for one in team.owner.get("/v1/users").ok()["data"] if one["state"] == "invited"]
    team.owner.patch(f"/v1/users/{offers[0]['id']}", {"role": "operator"}).ok()
    team.owner.delete(f"/v1/users/{mallory.id}").ok()
    assert _accept_status(token) == 200
