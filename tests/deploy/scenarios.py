"""What a deployment must do, told through HTTP and sockets, wherever the package runs."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.deploy.clouds import (
    Cloud,
    Person,
    Socket,
    colleague,
    eventually,
    fresh,
    guest,
    owner,
)
from tests.deploy.doubts import a_mail_that_may_have_been_sent_is_not_sent_again


def it_says_that_it_is_up(cloud: Cloud) -> None:
    """Health."""
    told = cloud.ask("GET", "/v1/health")
    assert (told.status, told.json()["status"]) == (200, "ok")


def messages_are_pushed_both_ways(cloud: Cloud) -> None:
    """A customer writes, the team answers, both see it at once, and that it was read."""
    olga = owner(cloud)
    customer = guest(cloud, olga)
    desk, chat = olga.socket("conversations"), customer.socket()

    conversation = _start(customer, "Hello?")
    for socket in (desk, chat):  # the customer's other tabs hear of it too
        arrived = socket.hear("message.created")["message"]
        assert (arrived["text"], arrived["seq"]) == ("Hello?", 1)

    olga.post(f"/v1/conversations/{conversation}/messages", _text("Hi!"))
    assert chat.hear("message.created")["message"]["text"] == "Hi!"

    customer.post(f"/v1/widget/conversations/{conversation}/read", {"seq": 2})
    assert desk.hear("message.read")["by"] == "customer"

    desk.send({"action": "subscribe", "topic": f"conversation/{conversation}"})
    desk.hear("subscribed")
    chat.send({"action": "typing", "conversation_id": conversation})
    assert desk.hear("typing")["author"]["type"] == "contact"
    desk.send({"action": "viewing", "entity": conversation})
    assert desk.hear("viewing")["entity"] == conversation
    texts = [row["text"] for row in _messages(olga, conversation)]
    assert texts == ["Hello?", "Hi!"]
    _close(desk, chat)


def a_conversation_goes_through_its_states(cloud: Cloud) -> None:
    """Claimed, closed, opened again by the customer, all in its timeline."""
    olga = owner(cloud)
    customer = guest(cloud, olga)
    conversation = _start(customer, "It broke")
    address = f"/v1/conversations/{conversation}"
    desk = olga.socket("conversations")
    olga.post(f"{address}/claim")
    assert desk.hear("conversation.assigned")["conversation"]["assignee"]["name"] == "Olga"
    olga.post(f"{address}/close")
    assert desk.hear("conversation.closed")["conversation"]["status"] == "closed"
    customer.post(f"/v1/widget/conversations/{conversation}/messages", _text("Again"))
    assert desk.hear("conversation.opened")["conversation"]["status"] == "open"
    eventually(
        lambda: (
            {row.get("name") for row in olga.get(f"{address}/timeline")["data"]}
            >= {"conversation.assigned", "conversation.closed", "conversation.opened"}
        )
    )
    _close(desk)


def visitors_come_move_and_go(cloud: Cloud) -> None:
    """The team sees who is on the site, live."""
    olga = owner(cloud)
    customer = guest(cloud, olga)
    desk, widget = olga.socket("visitors"), customer.socket()

    _look_at(widget, "https://shop.example/a")
    assert desk.hear("visitor.online")["visitor"]["page"]["url"] == "https://shop.example/a"
    _look_at(widget, "https://shop.example/b")
    assert desk.hear("visitor.moved")["visitor"]["page"]["url"] == "https://shop.example/b"
    assert [row["state"] for row in olga.get("/v1/visitors")["data"]] == ["active"]

    conversation = _start(customer, "I am looking for shoes")
    assert desk.hear("visitor.moved")["visitor"]["in_chat"] == conversation
    assert [row["id"] for row in olga.get("/v1/conversations")["data"]] == [conversation]
    widget.close()
    assert desk.hear("visitor.offline")["id"] == customer.told["visitor_id"]
    _close(desk)


def the_clock_wakes_what_was_snoozed(cloud: Cloud) -> None:
    """A snoozed conversation opens by itself when its time has come."""
    olga = owner(cloud)
    customer = guest(cloud, olga)
    conversation = f"/v1/conversations/{_start(customer, 'Later')}"
    desk = olga.socket("conversations")
    # Soon, but not over before a busy machine has heard of it.
    soon = datetime.now(UTC) + timedelta(seconds=4)
    olga.post(f"{conversation}/snooze", {"until": soon.isoformat(timespec="milliseconds")})

    def woken() -> bool:
        cloud.minute()
        return bool(olga.get(conversation)["status"] == "open")

    eventually(woken)
    assert desk.hear("conversation.opened")["conversation"]["status"] == "open"
    _close(desk)


def a_known_customer_is_recognised(cloud: Cloud) -> None:
    """Who says an address becomes a contact that the team finds and can correct."""
    olga = owner(cloud)
    customer = guest(cloud, olga, identity={"email": "ann@shop.example", "name": "Ann"})
    _start(customer, "It's me")
    (contact,) = olga.get("/v1/contacts")["data"]
    assert contact["claimed"]["email"] == "ann@shop.example", contact
    desk = olga.socket("conversations")
    olga.patch(f"/v1/contacts/{contact['id']}", {"name": "Anna"})
    assert desk.hear("conversation.updated")["conversation"]["contact"]["name"] == "Anna"
    _close(desk)


def only_a_proof_makes_somebody_known(cloud: Cloud) -> None:
    """The site's own server proves who it is; two browsers with the proof are one contact."""
    olga = owner(cloud)
    secret = olga.post("/v1/workspace/identity-secrets")["secret"]
    proof = hmac.new(secret.encode(), b"u-7", hashlib.sha256).hexdigest()
    identity = {"external_id": "u-7", "user_hash": proof, "name": "Bo"}
    for text in ("From the phone", "From the desk"):
        customer = guest(cloud, olga, identity=identity)
        assert customer.told["verified"]
        _start(customer, text)
    (contact,) = olga.get("/v1/contacts")["data"]
    assert (contact["external_id"], contact["verified"]) == ("u-7", True)


def what_is_asked_twice_is_done_once(cloud: Cloud) -> None:
    """Under one Idempotency-Key."""
    olga = owner(cloud)
    body = {"email": f"{fresh()}@shop.example", "role": "operator"}
    first, again = (
        cloud.ask("POST", "/v1/users", body, olga.token, Idempotency_Key="key-1") for _ in range(2)
    )
    assert (first.status, first.body) == (again.status, again.body)
    assert first.status == 201


def an_invitation_arrives_by_mail(cloud: Cloud) -> None:
    """And its link opens the door."""
    assert colleague(owner(cloud)).get("/v1/me")["role"] == "operator"


def a_forgotten_password_is_replaced_by_mail(cloud: Cloud) -> None:
    """Asking is answered alike for everybody; the link goes to the account's own address."""
    olga = owner(cloud)
    address = olga.told["user"]["email"]
    cloud.ask("POST", "/v1/auth/forgot", {"email": address})
    body = {"token": cloud.mail_to(address, "/reset/"), "password": "battery staple 9"}
    assert cloud.ask("POST", "/v1/auth/reset", body).status == 200
    login = {"email": address, "password": "battery staple 9"}
    assert cloud.ask("POST", "/v1/auth/login", login).status == 200
    login["password"] = "correct horse 7"
    assert cloud.ask("POST", "/v1/auth/login", login).status == 401


def a_row_that_nobody_can_read_is_parked(cloud: Cloud) -> None:
    """It holds up nobody, and the clock tries it again."""
    olga = owner(cloud)
    workspace = olga.told["workspace"]["id"]
    poison = {"workspace_id": workspace, "id": fresh(), "name": "message.created", "data": "{"}
    poison |= {"at": "2026-01-01T00:00:00.000Z", "actor": "{}"}
    row = {name: {"S": value} for name, value in poison.items()}
    cloud.tables.put("outbox", {**row, "expires_at": {"N": "4000000000"}})

    def tried_again() -> bool:
        cloud.minute()
        parked = cloud.tables.rows("parked", "shelf", "waiting")
        mine = [found for found in parked if found["event_id"]["S"] == poison["id"]]
        return any(int(found["tries"]["N"]) > 0 for found in mine)

    eventually(tried_again)
    messages_are_pushed_both_ways(cloud)


def who_is_removed_loses_the_socket(cloud: Cloud) -> None:
    """A former colleague hears nothing any more."""
    olga = owner(cloud)
    pia = colleague(olga)
    socket = pia.socket("conversations")
    olga.delete(f"/v1/users/{pia.told['user']['id']}")
    assert socket.is_closed()


def whose_role_changes_or_session_ends_loses_the_socket(cloud: Cloud) -> None:
    """A socket speaks for whoever opened it, as what they were then."""
    olga = owner(cloud)
    pia = colleague(olga)
    socket = pia.socket("conversations")
    assert olga.patch(f"/v1/users/{pia.told['user']['id']}", {"role": "admin"}).status == 200
    assert socket.is_closed()
    socket = pia.socket("conversations")
    token = pia.told["refresh_token"]
    assert cloud.ask("POST", "/v1/auth/logout", {"refresh_token": token}).status == 204
    assert socket.is_closed()


def time_zones_are_known(cloud: Cloud) -> None:
    """Lambda's own system may have none."""
    olga = owner(cloud)
    assert olga.patch("/v1/me", {"time_zone": "Europe/Zagreb"}).status == 200
    assert olga.patch("/v1/me", {"time_zone": "Mars/Olympus"}).status == 422


def a_ticket_opens_one_socket(cloud: Cloud) -> None:
    """Not two."""
    ticket = owner(cloud).post("/v1/socket-tickets")["ticket"]
    first = cloud.socket(ticket)
    assert first is not None
    assert cloud.socket(ticket) is None
    first.close()


def many_frames_are_answered(cloud: Cloud) -> None:
    """More than most send at once: each is answered, and the other processes hear of it."""
    customer = guest(cloud, owner(cloud))
    widget = customer.socket()
    for _ in range(40):
        widget.send({"action": "ping"})
    for _ in range(40):
        widget.hear("pong")
    widget.close()


SCENARIOS: tuple[Callable[[Cloud], None], ...] = (
    it_says_that_it_is_up,
    messages_are_pushed_both_ways,
    a_conversation_goes_through_its_states,
    visitors_come_move_and_go,
    the_clock_wakes_what_was_snoozed,
    a_known_customer_is_recognised,
    only_a_proof_makes_somebody_known,
    what_is_asked_twice_is_done_once,
    an_invitation_arrives_by_mail,
    a_forgotten_password_is_replaced_by_mail,
    a_row_that_nobody_can_read_is_parked,
    a_mail_that_may_have_been_sent_is_not_sent_again,
    who_is_removed_loses_the_socket,
    whose_role_changes_or_session_ends_loses_the_socket,
    time_zones_are_known,
    a_ticket_opens_one_socket,
    many_frames_are_answered,
)


def _start(customer: Person, text: str) -> str:
    started = customer.post("/v1/widget/conversations", _text(text))
    return str(started["conversation"]["id"])


def _messages(operator: Person, conversation: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = operator.get(f"/v1/conversations/{conversation}/messages")["data"]
    return found


def _text(text: str) -> dict[str, str]:
    return {"text": text, "client_id": fresh()}


def _look_at(widget: Socket, url: str) -> None:
    page = {"url": url, "title": "Shop", "referrer": ""}
    widget.send({"action": "presence", "page": page, "state": "active"})


def _close(*sockets: Socket) -> None:
    for socket in sockets:
        socket.close()
