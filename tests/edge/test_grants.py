"""A route that declares a grant asks whoever calls it for that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from chalicelib.edge import identities, tokens
from chalicelib.edge.http import Api
from chalicelib.edge.requests import FoyerApp
from chalicelib.kit import instants
from chalicelib.kit.actors import ApiKey, Context, Operator
from chalicelib.kit.grants import Grant
from chalicelib.wiring import AUTHENTICATORS
from infra.local.events import rest_event
from infra.local.gateway.routes import Match

app = FoyerApp(app_name="things")
api = Api("things")


@api.delete("/things", by=(Operator, ApiKey), needs=Grant.CONTACTS_EDIT)
def remove_things(ctx: Context[Operator] | Context[ApiKey]) -> None:
    """Remove all things."""
    assert ctx.author.name == "Importer"


app.register_blueprint(api.blueprint)


@pytest.fixture(autouse=True)
def keys() -> Iterator[None]:
    """A credential of programs, which says itself what it may."""

    def key(claims: tokens.Claims, now: datetime) -> ApiKey:
        del now
        grants = frozenset(Grant(name) for name in claims.payload["grants"])
        return ApiKey("key_1", "ws_1", "Importer", grants)

    identities.register({**AUTHENTICATORS, "key": key})
    yield
    identities.register(AUTHENTICATORS)


def test_a_key_may_what_it_was_granted_as_a_member_may() -> None:
    assert _ask_status(Grant.CONTACTS_EDIT) == 204
    assert _ask_status(*(set(Grant) - {Grant.CONTACTS_EDIT})) == 403
    assert _ask_status() == 403


def test_what_changes_something_says_what_it_needs() -> None:
    with pytest.raises(TypeError, match="say what it `needs`"):
        Api("careless").post("/things", by=(Operator,))(remove_things)
    Api("careful").post("/things", by=(Operator,), needs=None)(remove_things)


def _ask_status(*grants: Grant) -> int:
    said = {"grants": [grant.value for grant in grants]}
    token = tokens.mint("key", said, now=instants.now(), life=timedelta(minutes=5))
    event = rest_event(
        method="DELETE",
        path="/things",
        match=Match("/things", None),
        query=b"",
        headers=[(b"authorization", f"Bearer {token}".encode())],
        body=b"",
        binary=False,
        source_ip="192.0.2.231",
        port=443,
    )
    status: int = app(event, None)["statusCode"]
    return status
