"""What somebody may ask for: people never notice, whoever asks without end is told to wait."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from chalicelib import wiring
from chalicelib.edge import budgets, purses
from chalicelib.kit import instants
from chalicelib.kit.actors import Operator, Visitor
from chalicelib.kit.grants import Role
from chalicelib.kit.problems import TooMany
from chalicelib.platform import transport
from chalicelib.platform.config import config
from tests.support.api import Answer, Client
from tests.support.team import Guest, Team, fresh

LIMITS = Path(__file__).parents[2] / "docs" / "limits.md"


pytestmark = pytest.mark.usefixtures("limits")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Noon: no window ends while a test counts, and nothing is gained by its slowness."""
    noon = instants.now().replace(hour=12, minute=0, second=0, microsecond=0)
    with time_machine.travel(noon, tick=False) as travelling:
        yield travelling


def say(guest: Guest, conversation_id: str, text: str = "Hello") -> Answer:
    path = f"/v1/widget/conversations/{conversation_id}/messages"
    return guest.post(path, {"text": text, "client_id": fresh()})


def begin(guest: Guest) -> Answer:
    return guest.post("/v1/widget/conversations", {"text": "Hello", "client_id": fresh()})


def count_until_refusal(ask: Any, most: int = 1_000) -> int:
    """How often `ask` is done before it is refused for want of budget."""
    for done in range(most):
        answer = ask()
        if answer.status == 429:
            assert answer.code == "request.too_many", answer.body
            return done
        assert answer.status < 300, answer.body
    raise AssertionError("never refused")


def test_an_outbox_of_fifty_messages_goes_through_at_once(team: Team) -> None:
    guest = team.guest()
    talk = guest.start()["conversation"]["id"]
    assert {say(guest, talk, "m" * 500).status for _ in range(50)} == {201}


def test_a_visitor_without_end_is_told_to_wait_and_may_go_on_after_that(
    clock: time_machine.Traveller, team: Team
) -> None:
    guest, other = team.guest(), team.guest()
    conversations = count_until_refusal(lambda: begin(guest))
    assert conversations == 12
    refused = begin(guest)
    wait = int(refused.headers["retry-after"])
    assert refused.json["retry_after"] == wait == 5
    assert begin(other).status == 201
    assert team.owner.get("/v1/conversations").status == 200
    clock.shift(timedelta(seconds=wait))
    assert [begin(guest).status for _ in range(2)] == [201, 429]
    clock.shift(timedelta(minutes=1))
    assert count_until_refusal(lambda: begin(guest)) == conversations


def test_long_messages_cost_more(team: Team) -> None:
    short, long = team.guest(), team.guest()
    ids = [each.start()["conversation"]["id"] for each in (short, long)]
    assert count_until_refusal(lambda: say(short, ids[0])) == 91
    assert count_until_refusal(lambda: say(long, ids[1], "m" * 10_000)) == 22


@pytest.mark.parametrize(
    ("method", "path", "times"),
    [
        ("POST", "/v1/socket-tickets", 60),
        ("GET", "/v1/widget/conversations", 300),
        ("GET", "/v1/conversations", 300),
        ("GET", "/v1/widget/conversations/cnv_none/messages", 300),
    ],
)
def test_whatever_a_visitor_asks_costs_also_what_it_may_not_or_what_is_not_there(
    team: Team, method: str, path: str, times: int
) -> None:
    guest = team.guest()
    statuses = [guest.request(method, path, None, {}).status for _ in range(times + 1)]
    assert 429 not in statuses[:times]
    assert statuses[times] == 429


def test_many_requests_at_once_get_no_more_than_one_after_the_other(team: Team) -> None:
    guest = team.guest()
    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(lambda _: begin(guest).status, range(40)))
    assert statuses.count(201) == 12
    assert statuses.count(429) == 28


def test_a_wrong_credential_costs_its_source(team: Team) -> None:
    thief, neighbour = Client("made.up.token", {"X-Test-Ip": "198.18.7.1"}), Client()
    spend(purses.SOURCE, "198.18.7.1/32", 11_990)
    assert [thief.get("/v1/me").status for _ in range(11)] == [401] * 10 + [429]
    assert neighbour.get("/v1/me").status == 401
    operator = Client(team.owner.token, {"X-Test-Ip": "198.18.7.1"})
    assert operator.get("/v1/me").status == 200


def test_a_source_starts_only_so_many_widget_sessions(team: Team) -> None:
    ours = ["2001:db8:77:8::1", "2001:db8:77:8:5::2"]
    first, second, other = (Client(headers={"X-Test-Ip": ip}) for ip in (*ours, "2001:db8:77:9::1"))
    body = {"widget_key": team.widget_key, "page": {"url": "https://shop.example/"}}
    spend(purses.SOURCE, "2001:db8:77:8::/64", 11_970)
    started = [each.post("/v1/widget/session", body).status for each in (first, second) * 2]
    assert started == [200, 200, 200, 429]
    assert other.post("/v1/widget/session", body).status == 200


def test_this_machine_is_no_source(team: Team) -> None:
    spend(purses.SOURCE, "this machine", 12_000)
    body = {"widget_key": team.widget_key, "page": {"url": "https://shop.example/"}}
    for ip in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
        proxy = Client(headers={"X-Test-Ip": ip})
        assert proxy.post("/v1/widget/session", body).status == 200


def test_a_workspaces_visitors_do_not_use_up_what_its_team_has(team: Team) -> None:
    guest, elsewhere = team.guest(), team.guest()
    spend(purses.CUSTOMERS, team.workspace_id, 19_999)
    assert guest.get("/v1/widget/conversations").status == 200
    assert elsewhere.get("/v1/widget/conversations").status == 429
    assert team.owner.get("/v1/conversations").status == 200


def test_what_stays_is_limited_by_the_day(clock: time_machine.Traveller, team: Team) -> None:
    guest = team.guest()
    talk = guest.start()["conversation"]["id"]
    written = 0
    for _ in range(12):
        written += count_until_refusal(lambda: say(guest, talk, "m" * 10_000))
        clock.shift(timedelta(minutes=1))
    assert 240 <= written <= 260
    count_until_refusal(lambda: say(guest, talk))
    refused = say(guest, talk)
    assert guest.get("/v1/widget/conversations").status == 200
    clock.shift(timedelta(seconds=int(refused.headers["retry-after"])))
    assert say(guest, talk).status == 201


def test_an_operator_may_work_as_fast_as_it_goes(team: Team) -> None:
    read = [f"/v1/conversations?limit={n}" for n in range(1, 101)] * 6
    assert {team.owner.get(each).status for each in read} == {200}
    ids = [team.guest().start()["conversation"]["id"]]
    bulk = {"action": "close", "ids": ids}
    assert count_until_refusal(lambda: team.owner.post("/v1/conversations/bulk", bulk)) == 5
    colleague = team.join("Ada")
    assert colleague.post("/v1/conversations/bulk", bulk).status == 200


def test_an_answer_says_how_the_budget_stands(clock: time_machine.Traveller, team: Team) -> None:
    guest = team.guest()
    answer = guest.get("/v1/widget/conversations")
    assert answer.headers["ratelimit"] == '"visitor";r=299;t=1'
    assert answer.headers["ratelimit-policy"] == '"visitor";q=300;w=60'
    assert team.owner.get("/v1/me").headers["ratelimit-policy"] == '"operator";q=1200;w=60'


def test_what_is_kept_for_a_repetition_costs_more(team: Team) -> None:
    guest = team.guest()
    guest.post("/v1/socket-tickets", **{"Idempotency-Key": fresh()})
    assert guest.get("/v1/widget/conversations").headers["ratelimit"].startswith('"visitor";r=292;')


def test_a_repeated_request_that_was_refused_for_want_of_budget_is_done_later(
    clock: time_machine.Traveller, team: Team
) -> None:
    guest = team.guest()
    count_until_refusal(lambda: begin(guest))
    body, key = {"text": "Hello", "client_id": fresh()}, {"Idempotency-Key": fresh()}
    refused = guest.post("/v1/widget/conversations", body, **key)
    assert refused.status == 429
    clock.shift(timedelta(seconds=int(refused.headers["retry-after"])))
    assert guest.post("/v1/widget/conversations", body, **key).status == 201


def test_processes_that_know_of_each_other_spend_no_more_than_twice_together(
    clock: time_machine.Traveller,
) -> None:
    visitor = Visitor("vis_shared", f"wsp_{fresh()}", "con_x", verified=False, admitted_by="")
    done = 0
    for _ in range(50):
        budgets.forget_all()  # another process: it knows only what it is told
        try:
            while True:
                budgets.pay_request(visitor, "198.18.0.9", 1, stores=False)
                done += 1
        except TooMany:
            pass
    assert 600 <= done <= 600 + 50 * purses.VISITOR.step
    clock.shift(timedelta(minutes=1))
    budgets.forget_all()
    budgets.pay_request(visitor, "198.18.0.9", 1, stores=False)


def test_a_process_remembers_only_so_many_and_forgets_who_was_quiet_longest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(budgets, "_OWNERS_KNOWN", 10)
    workspace_id = f"wsp_{fresh()}"
    visitors = [Visitor(f"vis_{n}", workspace_id, "con_x", True, "") for n in range(100)]
    budgets.pay_request(visitors[0], "127.0.0.1", 300, stores=False)
    for visitor in visitors[1:]:
        budgets.pay_request(visitor, "127.0.0.1", 1, stores=False)
        with pytest.raises(TooMany):
            budgets.pay_request(visitors[0], "127.0.0.1", 1, stores=False)
    assert len(budgets._accounts) <= 10


def test_a_budget_costs_people_nothing_and_hardly_any_time() -> None:
    visitor = Visitor("vis_quick", f"wsp_{fresh()}", "con_x", verified=False, admitted_by="")
    operator = Operator("usr_quick", f"wsp_{fresh()}", "Olga", Role.OWNER, "ses_x")
    asked: list[str] = []
    with transport.observe(lambda call: asked.append(call.operation)):
        for _ in range(70):
            budgets.pay_request(visitor, "198.18.0.8", 1, stores=True)
        began = time.perf_counter_ns()
        for _ in range(390):
            budgets.pay_request(operator, "198.18.0.8", 1, stores=False)
        took = time.perf_counter_ns() - began
    assert asked == []
    assert took / 390 < 200_000


def test_a_clock_that_was_set_back_keeps_nobody_out(
    clock: time_machine.Traveller, team: Team
) -> None:
    guest = team.guest()
    count_until_refusal(lambda: guest.post("/v1/socket-tickets"))
    with time_machine.travel(instants.now() - timedelta(days=1), tick=False) as earlier:
        assert guest.get("/v1/widget/conversations").status in (200, 401, 429)
        earlier.shift(timedelta(seconds=5))
        assert guest.get("/v1/widget/conversations").status == 200


def test_limits_can_be_widened_or_switched_off(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    guest = team.guest()
    for factor, times in (("2", 25), ("0", 40)):
        monkeypatch.setenv("FOYER_LIMITS", factor)
        config.cache_clear()
        assert {begin(guest).status for _ in range(times - 1)} == {201}


def test_the_documented_limits_are_those_of_the_code() -> None:
    rows = re.findall(
        r"^\| `([a-z-]+)` \| [^|]+ \| ([\d.]+) \| ([\d.]+)( a day)? \|",
        LIMITS.read_text(),
        re.MULTILINE,
    )
    told = {
        name: (float(size), float(rate) / (purses.DAY if daily else 1))
        for name, size, rate, daily in rows
    }
    assert told == {each.name: (each.bucket.size, each.bucket.rate) for each in purses.ALL}


def test_every_route_and_frame_costs_something() -> None:
    assert all(route.cost >= 1 for api in wiring.ROUTES for route in api.routes)
    assert all(action.cost >= 1 for action in wiring.ACTIONS.values())
    keeping = {route.path for api in wiring.ROUTES for route in api.routes if route.keeps}
    assert keeping == {"/v1/widget/conversations", "/v1/widget/conversations/{id}/messages"}


def spend(purse: purses.Purse, owner: str, units: int) -> None:
    """As if `owner` had spent so much of a purse just now."""
    while units > 0:
        budgets._pay([(purse, owner)], min(units, 500))
        units -= 500
