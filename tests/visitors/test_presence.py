"""Who is online now."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import time_machine

from chalicelib.kit import instants
from tests.support.sockets import Socket
from tests.support.team import Guest, Team, fresh, sign_up


def test_a_visitor_shows_with_page_and_state_and_leaves_with_its_last_tab(team: Team) -> None:
    watcher = team.socket(team.owner, "visitors")
    guest = team.guest(locale="de-DE", time_zone="Europe/Berlin")
    first, second = here(team, guest), here(team, guest, "https://shop.example/cart")
    (row,) = online(team)
    assert (row["page"]["url"], row["state"], row["locale"]) == (
        "https://shop.example/cart", "active", "de-DE",
    )  # fmt: skip
    assert row["pages_seen"] == 2

    first.close()
    assert [each["id"] for each in online(team)] == [guest.visitor_id]
    second.close()
    assert online(team) == []
    kinds = [frame["type"] for frame in watcher.frames]
    assert kinds == ["visitor.online", "visitor.moved", "visitor.offline"]


def test_a_silent_visitor_is_offline_after_twice_the_interval(team: Team) -> None:
    guest = team.guest()
    here(team, guest).cut()
    seconds = guest.session["config"]["presence_seconds"]
    with time_machine.travel(instants.now() + timedelta(seconds=2 * seconds - 5)):
        assert len(online(team)) == 1
    with time_machine.travel(instants.now() + timedelta(seconds=2 * seconds + 1)):
        assert online(team) == []


def test_refreshes_tell_the_watchers_nothing_new(team: Team) -> None:
    guest = team.guest()
    socket = here(team, guest)
    watcher = team.socket(team.owner, "visitors")
    send(socket)
    assert watcher.frames == []
    send(socket, state="idle")
    assert watcher.of("visitor.moved")[0]["visitor"]["state"] == "idle"


def test_an_anonymous_visitor_is_no_contact(team: Team) -> None:
    here(team, team.guest())
    assert online(team)[0]["contact_id"] is None
    assert team.owner.get("/v1/contacts").ok()["data"] == []


def test_an_operator_can_write_first_to_who_is_online(team: Team) -> None:
    guest = team.guest()
    socket = here(team, guest)
    client_id = fresh()
    path = f"/v1/visitors/{guest.visitor_id}/conversations"
    started = team.owner.post(path, {"text": "May I help?", "client_id": client_id}).ok()
    again = team.owner.post(path, {"text": "May I help?", "client_id": client_id}).ok()
    assert again["id"] == started["id"]
    team.pump()
    assert socket.of("message.created")[0]["message"]["text"] == "May I help?"
    assert online(team, "in_chat")[0]["in_chat"] == started["id"]
    gone = team.owner.post(
        "/v1/visitors/vis_gone/conversations", {"text": "Hi", "client_id": fresh()}
    )
    assert gone.status == 404


def test_a_closed_chat_leaves_another_one_shown(team: Team) -> None:
    guest = team.guest()
    here(team, guest)
    first, second = (guest.start(text)["conversation"]["id"] for text in ("one", "two"))
    team.pump()
    for closed, shown in ((first, second), (second, None)):
        team.owner.post(f"/v1/conversations/{closed}/close").ok()
        team.pump()
        assert [each["in_chat"] for each in online(team)] == [shown]


def test_a_visit_came_from_where_its_first_page_came_from(team: Team) -> None:
    search = "https://search.example/"
    guest = team.guest(page={"url": "https://shop.example/", "title": "", "referrer": search})
    here(team, guest).close()
    next_page = {"url": "https://shop.example/cart", "referrer": "https://shop.example/"}
    here(team, team.guest(visitor_secret=guest.secret, page=next_page), next_page["url"])
    (row,) = online(team)
    assert (row["referrer"], row["pages_seen"]) == (search, 2)


def test_tabs_that_come_at_once_are_one_visit_until_the_last_one_goes(team: Team) -> None:
    watcher = team.socket(team.owner, "visitors")
    for _ in range(4):
        guest = team.guest()
        tabs = [team.socket(guest) for _ in range(4)]
        with ThreadPoolExecutor(4) as browser:
            list(browser.map(send, tabs))
        for tab in tabs[1:]:
            tab.close()
        assert [each["id"] for each in online(team)] == [guest.visitor_id]
        tabs[0].close()
        assert online(team) == []
    assert len(watcher.of("visitor.online")) == 4


def test_pages_of_one_visit_count_as_one_and_a_late_return_as_another(team: Team) -> None:
    guest = team.guest()
    here(team, guest).close()
    (first,) = came(team, guest, minutes=20)
    (second,) = came(team, guest, minutes=45)
    assert (first["visits"], first["pages_seen"]) == (second["visits"], second["pages_seen"] - 1)
    (later,) = came(team, guest, minutes=180)
    assert (first["visits"], later["visits"]) == (1, 2)
    assert (later["pages_seen"], later["since"] > second["since"]) == (1, True)


def test_who_has_been_gone_for_long_cannot_be_written_to(team: Team) -> None:
    guest = team.guest()
    here(team, guest).close()
    path = f"/v1/visitors/{guest.visitor_id}/conversations"
    with time_machine.travel(instants.now() + timedelta(hours=3)):
        team.owner.token = team.sign_in()
        answer = team.owner.post(path, {"text": "Hi", "client_id": fresh()})
    assert (answer.status, answer.code) == (404, "visitor.not_found")


def test_the_list_can_be_narrowed(team: Team) -> None:
    active, idle = team.guest(), team.guest()
    here(team, active)
    here(team, idle, state="idle")
    found = {
        wanted: {each["id"] for each in online(team, wanted)}
        for wanted in ("all", "active", "idle", "in_chat", "identified")
    }
    assert found == {
        "all": {active.visitor_id, idle.visitor_id},
        "active": {active.visitor_id},
        "idle": {idle.visitor_id},
        "in_chat": set(),
        "identified": set(),
    }


def test_addresses_lose_what_may_be_secret_in_them(team: Team) -> None:
    here(team, team.guest(), "https://user:p@ss@shop.example/a?b=1@2#token=secret")
    assert online(team)[0]["page"]["url"] == "https://shop.example/a?b=1@2"


def test_another_workspace_sees_nobody(team: Team) -> None:
    here(team, team.guest())
    elsewhere = sign_up(team.management)
    assert elsewhere.owner.get("/v1/visitors").ok()["data"] == []


def here(
    team: Team, guest: Guest, url: str = "https://shop.example/", state: str = "active"
) -> Socket:
    socket = team.socket(guest)
    send(socket, url, state)
    return socket


def came(team: Team, guest: Guest, *, minutes: int) -> list[dict[str, Any]]:
    """Who is online right after a guest came back so much later, and left again."""
    with time_machine.travel(instants.now() + timedelta(minutes=minutes)):
        socket = here(team, team.guest(visitor_secret=guest.secret))
        team.owner.token = team.sign_in()
        seen = online(team)
        socket.close()
    return seen


def send(socket: Socket, url: str = "https://shop.example/", state: str = "active") -> None:
    socket.send({"action": "presence", "page": {"url": url, "title": "Shop"}, "state": state})


def online(team: Team, wanted: str = "all") -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = team.owner.get(f"/v1/visitors?filter={wanted}").ok()["data"]
    return data
