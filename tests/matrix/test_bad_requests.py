"""Whatever is sent, the answer is a problem of the sender's, and nothing has changed."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from chalicelib.edge.parameters import honours_if_match
from chalicelib.platform import transport
from chalicelib.platform.config import config
from chalicelib.wiring import ROUTES as DECLARED
from infra.packaging.tables import table_specs
from tests.matrix import bad_requests
from tests.matrix.expectations import ROUTES
from tests.matrix.table_writes import COUNTERS, check_nothing_written, watch_tables
from tests.matrix.test_routes import good, own
from tests.matrix.world import World, path_for, prove
from tests.support.api import Answer
from tests.support.team import sign_up

_numbers = count(1)
_DECLARED = {f"{route.method} {route.path}": route for api in DECLARED for route in api.routes}
WITH_BODY = sorted(name for name, route in _DECLARED.items() if route.body is not None)
WITH_ID = sorted(name for name in ROUTES if ROUTES[name].kind)
LISTS = sorted(name for name, route in _DECLARED.items() if route.query is not None)
WITH_CURSOR = [
    name for name in LISTS if "cursor" in getattr(_DECLARED[name].query, "__struct_fields__", ())
]
CHANGES = sorted(
    name
    for name, route in _DECLARED.items()
    if route.method in ("PATCH", "DELETE")
    or name == "POST /v1/workspace/widget-key"
    or (route.method == "POST" and "/{id}/" in name and route.status != 201)
)
"""What changes something that is there."""

_PERSON = {
    "name": "Nora", "email": "nora@example.org", "phone": "+49 30 1234567", "external_id": "n-1",
}  # fmt: skip
WHOLE: dict[str, Any] = {
    "POST /v1/contacts": _PERSON,
    "PATCH /v1/contacts/{id}": {**_PERSON, "custom": {"plan": "pro"}, "tags": ["new"]},
    "PATCH /v1/conversations/{id}": {"subject": "New", "priority": "low", "tags": ["new"]},
    "POST /v1/conversations/bulk": {"action": "snooze", "until": None, "assignee_id": None},
    "POST /v1/conversations/{id}/messages": {"attachments": []},
    "POST /v1/widget/conversations": {"attachments": [], "department_id": None},
    "PATCH /v1/me": {"name": "Olga", "status": "online", "time_zone": "Europe/Madrid"},
    "POST /v1/invitations/{token}/accept": {"time_zone": "UTC"},
    "PATCH /v1/workspace": {
        "name": "Shop",
        "widget": {
            "colour": "#112233", "position": "left", "greeting": "Hi", "intro": "There",
            "reply_expectation": "Soon", "launcher_hidden": False, "presence": True,
            "theme": "dark",
        },
        "identity": {"mode": "report"},
        "settings": {"assign_on_reply": True},
    },
    "POST /v1/widget/session": {
        "visitor_id": "vis_01J8Z3N5V6Q7R8S9T0A1B2C3D4",
        "visitor_secret": "s" * 64,
        "identity": {**_PERSON, "custom": {"plan": "pro"}, "user_hash": "0" * 64},
        "locale": "en",
        "time_zone": "UTC",
    },
}  # fmt: skip
"""What else a route takes, beside what it needs."""


@pytest.mark.parametrize("route", WITH_BODY)
def test_what_is_not_json_is_refused(world: World, route: str) -> None:
    before = counts()
    for kind, body in {**bad_requests.UNREADABLE, **bad_requests.NOT_OBJECTS}.items():
        if (route, kind) == ("POST /v1/auth/logout", "nothing"):
            continue  # That is to end the session of the access token.
        answer = send(world, route, body)
        assert answer.status in (400, 422), (kind, answer)
        if kind in bad_requests.NOT_OBJECTS and kind != "huge number":
            assert answer.status == 422, (kind, answer)
    assert counts() == before


@pytest.mark.parametrize("route", WITH_BODY)
def test_a_bad_value_anywhere_is_no_failure_of_ours(world: World, route: str) -> None:
    row = ROUTES[route]
    good = row.body(world, asker(route)) if row.body else {}
    for kind, body in bad_requests.bodies({**good, **WHOLE.get(route, {})}):
        answer = send(world, route, body)
        if any(each in kind for each in ("unknown", "surrogate", "1e400", "deep", "twice")):
            assert answer.status in (400, 422), (kind, answer)


@pytest.mark.parametrize("route", sorted(name for name in ROUTES if not name.startswith("GET")))
def test_too_much_or_another_kind_of_content_is_refused(world: World, route: str) -> None:
    large = b'{"text": "' + b"x" * 1_000_000 + b'"}'
    assert send(world, route, large).status == 413
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"):
        answer = send(world, route, b"{}", {"Content-Type": kind})
        assert (answer.status, answer.code) == (415, "request.unsupported_media_type"), kind


@pytest.mark.parametrize("route", WITH_ID)
def test_an_odd_id_names_nothing(world: World, route: str) -> None:
    row = ROUTES[route]
    body = row.body(world, asker(route)) if row.body else None
    for each in bad_requests.ODD_IDS:
        method, template = route.split(" ")
        path = template.replace("{id}", each).replace("{token}", each)
        answer = check_answer(world, asker(route), method, path, body)
        assert answer.status in (404, 422), (each, answer)


@pytest.mark.parametrize("route", LISTS)
def test_an_odd_query_is_refused(world: World, route: str) -> None:
    for query in bad_requests.ODD_QUERIES:
        answer = list_with(world, route, query)
        assert (answer.status, answer.code) == (422, "request.invalid"), (query, answer)


@pytest.mark.parametrize("route", WITH_CURSOR)
def test_a_made_up_cursor_is_refused(world: World, route: str) -> None:
    for cursor in bad_requests.ODD_CURSORS:
        answer = list_with(world, route, f"cursor={cursor}")
        assert (answer.status, answer.code) == (422, "request.invalid"), (cursor, answer)


def test_a_contact_does_not_outgrow_its_row_bit_by_bit(world: World) -> None:
    secret = world.ours.owner.get("/v1/workspace").ok()["identity"]["secrets"][0]["secret"]
    row = ROUTES["POST /v1/widget/session"]
    session = row.body(world, "nobody") if row.body else {}
    ignored = []
    for number in range(3):
        custom = {f"field {number}": "x" * 5_000}
        identity = {**prove("growing", secret), "custom": custom}
        asked = {**session, "identity": identity}
        answer = check_answer(world, "nobody", "POST", "/v1/widget/session", asked)
        ignored.append([each["field"] for each in answer.ok()["ignored"]])
    assert ignored == [[], ["identity.custom.field 1"], ["identity.custom.field 2"]]


@pytest.mark.parametrize("route", CHANGES)
def test_a_change_of_what_has_changed_since_is_refused(world: World, route: str) -> None:
    row = ROUTES[route]
    name = "owner" if "owner" in row.who.allowed else "ann"
    method, template = route.split(" ")
    path, body = path_for(template, own(world, row, name)), good(world, row, name)
    with check_nothing_written():
        answer = check_answer(world, name, method, path, body, {"If-Match": '"987654"'})
    assert (answer.status, answer.code) == (412, "version.stale")
    assert honours_if_match(_DECLARED[route])


def test_an_odd_version_is_refused(world: World) -> None:
    path = f"/v1/conversations/{world.ids['our conversation']}"
    for value in bad_requests.ODD_VERSIONS:
        answer = check_answer(world, "owner", "PATCH", path, {"subject": "x"}, {"If-Match": value})
        assert (answer.status, answer.code) == (422, "request.invalid"), (value, answer)


def test_an_odd_credential_is_none(world: World) -> None:
    for value in bad_requests.ODD_CREDENTIALS:
        answer = check_answer(world, "nobody", "GET", "/v1/me", None, {"Authorization": value})
        assert answer.status == 401, (value, answer)


@pytest.fixture(scope="module", autouse=True)
def locked_out(world: World) -> None:
    """Somebody whose password is guessed at until guessing has to wait."""
    luis = sign_up(world.ours.management, "Luis").owner
    world.asks["luis"] = luis
    WHOLE["POST /v1/auth/login"] = {"email": luis.email, "password": luis.password}


def asker(route: str) -> str:
    """Somebody who may ask."""
    if route == "POST /v1/auth/password":
        return "luis"
    if route == "POST /v1/auth/logout":
        return "nobody"
    allowed = ROUTES[route].who.allowed
    return "owner" if "owner" in allowed else "ann"


def send(world: World, route: str, body: bytes, headers: Any = None) -> Answer:
    """A body for a thing that is there."""
    method, template = route.split(" ")
    name, row = asker(route), ROUTES[route]
    kinds = {"member": "user", "invitation": ""}
    kind = kinds.get(row.kind, row.kind)
    target = world.id_of(kind, name) if kind else "x" * 43
    if row.kind == "member":
        target = world.ids["our user"]
    return check_answer(world, name, method, path_for(template, target), body, headers)


def list_with(world: World, route: str, query: str) -> Answer:
    """A list with a query."""
    name = asker(route)
    target = own(world, ROUTES[route], name) if ROUTES[route].kind else ""
    path = path_for(route.split(" ")[1], target)
    return check_answer(world, name, "GET", f"{path}?{query}", None)


def check_answer(
    world: World, name: str, method: str, path: str, body: Any, headers: Any = None
) -> Answer:
    """An answer that is no failure of ours, is a problem if it is a refusal, and then wrote none.

    Each comes from another address, for wrong passwords are counted by it.
    """
    source = {"X-Test-Ip": f"2001:db8:bad:{next(_numbers):x}::1"}
    with watch_tables() as written:
        answer = world.asks[name].request(method, path, body, {**source, **(headers or {})})
    assert answer.status < 500, (method, path, answer)
    if answer.status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json
        assert problem["status"] == answer.status
        assert problem["code"]
        assert problem["detail"]
        assert not written, (method, path, body, written)
    return answer


def counts() -> dict[str, int]:
    """Rows in every table."""
    names = [spec["TableName"] for spec in table_specs(config().prefix)]
    return {
        name: int(transport.call("Scan", {"TableName": name, "Select": "COUNT"})["Count"])
        for name in names
        if not name.endswith(COUNTERS)
    }
