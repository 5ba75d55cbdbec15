"""API Gateway's WebSocket side and its management API, through real sockets."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from urllib.parse import quote

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from chalicelib.kit.buckets import Bucket
from infra.local.application import Application
from infra.local.gateway.limits import AWS
from tests.local.conftest import Notes
from tests.local.event_shapes import CONNECT, DISCONNECT, MESSAGE, differences
from tests.local.serving import Serving, until


@contextmanager
def a_socket(serving: Serving, query: str = "?ticket=t1") -> Iterator[ClientConnection]:
    with connect(serving.url + query, user_agent_header="a browser", max_size=None) as socket:
        yield socket


def end_of(socket: ClientConnection) -> int:
    """The code that the server closes with."""
    with pytest.raises(ConnectionClosed) as closed:
        socket.recv(timeout=10)
    received = closed.value.rcvd
    assert received is not None
    return received.code


def connection_of(call_notes: Notes) -> str:
    return str(until(lambda: call_notes("connect"))[-1]["requestContext"]["connectionId"])


def test_a_sockets_life_is_the_events_that_aws_documents(
    serving: Serving, call_notes: Notes
) -> None:
    with a_socket(serving, "?ticket=t1&a=1&a=2") as socket:
        socket.send('{"action": "ping"}')
        until(lambda: call_notes("message"))
        socket.close(4001, "done here")
    gone = until(lambda: call_notes("disconnect"))[0]
    opened, message = call_notes("connect")[0], call_notes("message")[0]
    assert differences(opened, CONNECT) == []
    assert differences(message, MESSAGE) == []
    assert differences(gone, DISCONNECT) == []
    contexts = [each["requestContext"] for each in (opened, message, gone)]
    assert [each["routeKey"] for each in contexts] == ["$connect", "$default", "$disconnect"]
    assert [each["eventType"] for each in contexts] == ["CONNECT", "MESSAGE", "DISCONNECT"]
    assert len({(each["connectionId"], each["connectedAt"]) for each in contexts}) == 1
    assert len({each["requestId"] for each in contexts}) == 3
    assert opened["multiValueQueryStringParameters"] == {"ticket": ["t1"], "a": ["1", "2"]}
    assert opened["headers"]["Sec-WebSocket-Version"] == "13"
    assert message["body"] == '{"action": "ping"}'
    assert contexts[2]["disconnectStatusCode"] == 4001
    assert contexts[2]["disconnectReason"] == "done here"


def test_frames_of_one_socket_are_handled_in_order(serving: Serving, call_notes: Notes) -> None:
    with a_socket(serving) as socket:
        for number in range(50):
            socket.send(str(number))
        until(lambda: len(call_notes("message")) == 50)
    assert [each["body"] for each in call_notes("message")] == [str(number) for number in range(50)]


@pytest.mark.parametrize(
    ("ticket", "status"), [("unknown", 401), ("forbidden", 403), ("busy", 503), ("broken", 500)]
)
def test_a_refused_socket_never_opens(
    serving: Serving, call_notes: Notes, ticket: str, status: int
) -> None:
    with pytest.raises(InvalidStatus) as refused, a_socket(serving, f"?ticket={ticket}"):
        pass
    assert refused.value.response.status_code == status
    assert (len(serving.sockets), call_notes("disconnect")) == (0, [])


def test_the_application_reaches_a_socket(serving: Serving) -> None:
    with a_socket(serving) as socket:
        socket.send("echo grüße")
        assert socket.recv(timeout=10) == "echo grüße"


def test_a_function_that_fails_tells_its_client_and_the_socket_stays(serving: Serving) -> None:
    with a_socket(serving) as socket:
        socket.send("boom")
        assert json.loads(socket.recv(timeout=10))["message"] == "Internal server error"
        socket.send("echo still here")
        assert socket.recv(timeout=10) == "echo still here"


def test_a_frame_may_have_32_kb_and_a_message_128(serving: Serving, call_notes: Notes) -> None:
    with a_socket(serving) as socket:
        socket.send("x" * 32 * 1024)
        socket.send(["y" * 32 * 1024] * 4)
        until(lambda: len(call_notes("message")) == 2)
        assert [len(each["body"]) for each in call_notes("message")] == [32 * 1024, 128 * 1024]
    with a_socket(serving) as socket:
        socket.send("x" * (32 * 1024 + 1))
        assert end_of(socket) == 1009
    with a_socket(serving) as socket, suppress(ConnectionClosed):
        socket.send(["y" * 32 * 1024] * 5)
    ended = until(lambda: len(call_notes("disconnect")) == 3 and call_notes("disconnect"))
    assert [each["requestContext"]["disconnectStatusCode"] for each in ended][1:] == [1009, 1009]


def test_binary_frames_travel_as_base64(serving: Serving, call_notes: Notes) -> None:
    with a_socket(serving) as socket:
        socket.send(b"\x00\xff")
        message = until(lambda: call_notes("message"))[0]
    assert (message["body"], message["isBase64Encoded"]) == ("AP8=", True)


def test_a_silent_socket_is_closed_and_one_that_is_sent_to_is_not(
    application: Application, call_notes: Notes
) -> None:
    with Serving(application, limits=replace(AWS, idle_seconds=0.4)) as serving:
        with a_socket(serving) as silent:
            assert end_of(silent) == 1001
        with a_socket(serving) as told:
            path = f"/@connections/{quote(connection_of(call_notes))}"
            for _ in range(8):  # 0.8 s in all, twice the limit
                assert serving.manage("POST", path, b"tick").status == 200
                assert told.recv(timeout=10) == "tick"
                with pytest.raises(TimeoutError):
                    told.recv(timeout=0.1)


def test_no_socket_lives_longer_than_its_limit(application: Application, call_notes: Notes) -> None:
    with Serving(application, limits=replace(AWS, life_seconds=0.4)) as serving:
        with a_socket(serving) as socket:
            socket.send("busy")
            assert end_of(socket) == 1001
        assert until(lambda: call_notes("disconnect"))


class TestManagement:
    def test_a_live_connection_is_told_of_written_to_and_closed(
        self, serving: Serving, call_notes: Notes
    ) -> None:
        with a_socket(serving) as socket:
            path = f"/@connections/{quote(connection_of(call_notes), safe='')}"
            about = serving.manage("GET", path).json()
            assert about["identity"]["sourceIp"] == "127.0.0.1"
            assert {"connectedAt", "lastActiveAt"} <= about.keys()
            assert serving.manage("POST", path, b"hello").status == 200
            assert socket.recv(timeout=10) == "hello"
            assert serving.manage("DELETE", path).status == 204
            assert end_of(socket) == 1000
        assert until(lambda: call_notes("disconnect"))

    def test_a_dead_connection_is_gone(self, serving: Serving, call_notes: Notes) -> None:
        with a_socket(serving):
            path = f"/@connections/{quote(connection_of(call_notes), safe='')}"
            assert serving.manage("POST", path, b"x").status == 200
        until(lambda: len(serving.sockets) == 0)
        answers = [serving.manage(method, path, b"x") for method in ("POST", "GET", "DELETE")]
        assert [each.status for each in answers] == [410, 410, 410]
        assert answers[0].headers["x-amzn-errortype"] == "GoneException"

    def test_only_who_signs_with_our_key_gets_in(self, serving: Serving, call_notes: Notes) -> None:
        with a_socket(serving):
            path = f"/@connections/{quote(connection_of(call_notes), safe='')}"
            assert serving.manage("POST", path, b"x", signed=False).status == 403

    def test_more_than_128_kb_is_too_much(self, serving: Serving, call_notes: Notes) -> None:
        with a_socket(serving) as socket:
            path = f"/@connections/{quote(connection_of(call_notes), safe='')}"
            whole = b"x" * 128 * 1024
            statuses = [serving.manage("POST", path, body).status for body in (whole, whole + b"x")]
            assert statuses == [200, 413]
            assert len(socket.recv(timeout=10)) == len(whole)


def test_many_sockets_at_once_keep_their_messages_apart(serving: Serving) -> None:
    with ExitStack() as opened:
        sockets = [opened.enter_context(a_socket(serving)) for _ in range(40)]
        for number, socket in enumerate(sockets):
            socket.send(f"echo {number}")
        heard = [socket.recv(timeout=10) for socket in sockets]
    assert heard == [f"echo {number}" for number in range(40)]
    until(lambda: len(serving.sockets) == 0)


def test_a_socket_that_hurries_is_read_slowly_and_another_is_not(
    application: Application, call_notes: Notes
) -> None:
    paced = replace(AWS, frames=Bucket(5, 20))
    with Serving(application, limits=paced) as serving, a_socket(serving) as hurried:
        began = time.monotonic()
        for number in range(25):
            hurried.send(json.dumps({"hurried": number}))
        with a_socket(serving) as calm:
            calm.send('{"calm": 0}')
            until(lambda: [each for each in call_notes("message") if "calm" in each["body"]])
            assert len(call_notes("message")) < 20
        until(lambda: len(call_notes("message")) == 26)
        assert time.monotonic() - began > 0.9
    sent = [json.loads(each["body"]) for each in call_notes("message")]
    assert [each["hurried"] for each in sent if "hurried" in each] == list(range(25))
