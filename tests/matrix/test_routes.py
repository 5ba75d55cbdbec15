"""Every route, asked by everybody about everybody's things."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.kit.ids import new_id
from chalicelib.wiring import ROUTES as DECLARED
from tests.matrix.expectations import BLOCKED, ROUTES, VISITORS, Row
from tests.matrix.table_writes import check_nothing_written
from tests.matrix.world import World, path_for
from tests.support.api import Answer
from tests.support.team import Person

PREFIX = {
    "conversation": "cnv", "contact": "con", "member": "usr", "secret": "sec", "visitor": "vis",
    "invitation": "inv", "user": "usr", "workspace": "ws",
}  # fmt: skip
NO_IDS = ("nonsense!", "cnv_", "usr_01", "null", "0")

everywhere = pytest.mark.parametrize("route", sorted(ROUTES))
with_id = pytest.mark.parametrize("route", sorted(name for name in ROUTES if ROUTES[name].kind))
with_refs = pytest.mark.parametrize("route", sorted(name for name in ROUTES if ROUTES[name].refs))


def test_every_route_is_in_the_table_and_nothing_else() -> None:
    declared = {f"{route.method} {route.path}" for api in DECLARED for route in api.routes}
    assert declared == set(ROUTES)


@everywhere
def test_who_may_not_ask_is_refused_and_changes_nothing(world: World, route: str) -> None:
    row = ROUTES[route]
    target, body = own(world, row, "ann"), good(world, row, "ann")
    targets = {"blocked visitor": world.ids["blocked conversation"] if row.kind else ""}
    with check_nothing_written():
        told = {
            name: refusal(ask(world, name, route, targets.get(name, target), body))
            for name in row.who.refused
        }
    # A process that was told of a block just now refuses for that before it looks at the route.
    if told.get("blocked visitor") == BLOCKED["blocked visitor"]:
        told["blocked visitor"] = row.who.refused["blocked visitor"]
    assert told == row.who.refused


@everywhere
def test_who_may_ask_is_answered(world: World, route: str) -> None:
    row = ROUTES[route]
    told = {}
    for name in row.who.allowed:
        answer = ask(world, name, route, own(world, row, name), good(world, row, name))
        told[name] = 200 if answer.status < 300 else answer.status
    within = {name: status for name, (status, _) in (row.within or {}).items()}
    assert told == {**dict.fromkeys(row.who.allowed, row.done), **within}


@with_id
def test_a_foreign_thing_is_like_an_absent_one(world: World, route: str) -> None:
    row = ROUTES[route]
    for name in row.who.allowed:
        body, absent_id = good(world, row, name), new_id(PREFIX[row.kind])
        with check_nothing_written():
            absent = bare(ask(world, name, route, absent_id, body))
            others = {
                each: bare(ask(world, name, route, each, body))
                for each in (*foreign(world, row.kind, name), *NO_IDS)
            }
        assert absent[:2] == (404, row.absent), (name, absent)
        assert others == dict.fromkeys(others, absent), name


@with_refs
def test_a_body_cannot_name_a_foreign_thing(world: World, route: str) -> None:
    row = ROUTES[route]
    for field, (kind, status, code) in (row.refs or {}).items():
        for name in row.who.allowed:
            target, body = own(world, row, name), good(world, row, name)
            with check_nothing_written():
                told = {
                    each: bare(ask(world, name, route, target, {**body, field: each}))
                    for each in (new_id(PREFIX[kind]), *foreign(world, kind, name), *NO_IDS)
                }
            first = next(iter(told.values()))
            assert first[:2] == (status, code), (name, first)
            assert told == dict.fromkeys(told, first), name


def own(world: World, row: Row, name: str) -> str:
    """A new thing that `name` may ask about."""
    return world.fresh(row.kind, name) if row.kind else ""


def good(world: World, row: Row, name: str) -> Any:
    """A body that is taken from `name`."""
    return row.body(world, name) if row.body else None


def foreign(world: World, kind: str, name: str) -> list[str]:
    """Things of this kind that are there, but not for `name`."""
    if kind == "invitation":
        return []
    ids = world.ids
    if name in VISITORS:
        theirs = {
            "ann": "our conversation",
            "bob": "bobs conversation",
            "alien": "their conversation",
        }
        every = ("our conversation", "bobs conversation", "their conversation")
        return [ids[each] for each in every if each != theirs.get(name)]
    return [ids[f"our {kind}"] if world.team_of(name) is world.theirs else ids[f"their {kind}"]]


def ask(world: World, name: str, route: str, target: str, body: Any) -> Answer:
    """Ask; whoever's session this would end does it in another one."""
    method, template = route.split(" ")
    asker = world.asks[name]
    headers = {}
    if ROUTES[route].ends_session and isinstance(asker, Person):
        login = {"email": asker.email, "password": asker.password}
        token = world.asks["nobody"].post("/v1/auth/login", login).ok()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
    return world.ask(name, method, path_for(template, target), body, headers)


def refusal(answer: Answer) -> tuple[int, str | None]:
    return answer.status, answer.code


def bare(answer: Answer) -> tuple[Any, ...]:
    """All that a refusal tells, but for the request's own id."""
    told = answer.json or {}
    fields = ("code", "detail", "title", "type", "errors")
    return (answer.status, *(str(told.get(field)) for field in fields))
