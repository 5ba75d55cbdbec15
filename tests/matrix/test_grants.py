"""Every grant: who has it not is refused, whatever else they may, and it alone is enough."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from chalicelib.edge import identities, tokens
from chalicelib.kit import instants
from chalicelib.kit.actors import Operator
from chalicelib.kit.grants import GRANTS, Grant, Role
from chalicelib.wiring import AUTHENTICATORS
from chalicelib.wiring import ROUTES as DECLARED
from tests.matrix.expectations import ROUTES
from tests.matrix.table_writes import check_nothing_written
from tests.matrix.test_routes import good, own
from tests.matrix.world import World, path_for
from tests.support.api import Client
from tests.support.team import Person

GUARDED = sorted(name for name in ROUTES if ROUTES[name].needs)


def test_every_route_needs_the_grant_that_it_was_meant_to() -> None:
    declared = {
        f"{route.method} {route.path}": route.needs or ""
        for api in DECLARED
        for route in api.routes
    }
    assert declared == {name: row.needs for name, row in ROUTES.items()}


def test_every_grant_is_needed_somewhere_and_says_what_it_allows() -> None:
    assert {row.needs for row in ROUTES.values()} - {""} == {grant.value for grant in Grant}
    assert all(len(grant.sentence) > 20 for grant in Grant)


def test_operators_may_all_but_manage_the_team_and_the_settings() -> None:
    refused = {Grant.TEAM_MANAGE, Grant.SETTINGS_MANAGE}
    assert {role: set(Grant) - set(may) for role, may in GRANTS.items()} == {
        Role.OWNER: set(),
        Role.ADMIN: set(),
        Role.OPERATOR: refused,
    }


@pytest.fixture
def token_kind(world: World) -> Iterator[None]:
    """A kind of token for members whose grants it says itself."""

    def member(claims: tokens.Claims, now: datetime) -> Operator:
        del now
        said = claims.payload
        grants = frozenset(Grant(name) for name in said["grants"].split())
        return Operator(said["sub"], said["ws"], "Gina", Role.OPERATOR, "ses_none", grants)

    identities.register({**AUTHENTICATORS, "granted": member})
    yield
    identities.register(AUTHENTICATORS)


@pytest.mark.parametrize("route", GUARDED)
@pytest.mark.usefixtures("token_kind")
def test_a_member_needs_just_the_grant_that_the_route_says(world: World, route: str) -> None:
    row = ROUTES[route]
    needed = Grant(row.needs)
    method, template = route.split(" ")
    path, body = path_for(template, own(world, row, "owner")), good(world, row, "owner")
    lacking = _member(world, frozenset(Grant) - {needed})
    with check_nothing_written():
        refused = lacking.request(method, path, body, {})
    assert (refused.status, refused.code) == (403, "auth.forbidden")
    assert row.needs in refused.json["detail"]
    allowed = _member(world, frozenset({needed})).request(method, path, body, {})
    assert allowed.status < 300, allowed.body
    if path.endswith("/widget-key"):
        world.rekey(world.ours, allowed.json["widget_key"])


def _member(world: World, grants: frozenset[Grant]) -> Client:
    owner = world.asks["owner"]
    assert isinstance(owner, Person)
    said = {"sub": owner.id, "ws": world.ours.workspace_id, "grants": " ".join(sorted(grants))}
    now = instants.now()
    return Client(token=tokens.mint("granted", said, now=now, life=timedelta(minutes=5)))
