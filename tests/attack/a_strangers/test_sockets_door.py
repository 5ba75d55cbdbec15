"""The door by which frames are sent to open sockets: no page, nobody without the secret."""

from __future__ import annotations

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.local.conftest import application, call_notes, serving
from tests.local.serving import Serving, until

__all__ = ["application", "call_notes", "serving"]


def open_socket(serving: Serving) -> tuple[ClientConnection, str]:
    """A customer's socket and its id."""
    socket = connect(f"{serving.url}v1/socket?ticket=x")
    connection_id = until(lambda: next(iter(serving.sockets._open), None))
    return socket, connection_id


@pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
def test_a_page_can_neither_write_to_a_socket_nor_close_it(serving: Serving, method: str) -> None:
    socket, connection_id = open_socket(serving)
    with socket:
        path = f"/@connections/{connection_id.replace('=', '%3D')}"
        page = {"Origin": "http://127.0.0.1:8000"}
        assert serving.manage(method, path, b"evil", headers=page).status == 403
        assert serving.manage(method, path, b"evil", headers={"Origin": "null"}).status == 403
        for secret in (
            "",
            "x",
            serving.secret[:-1],
            serving.secret + "x",
            serving.secret.swapcase(),
        ):
            assert serving.manage(method, path, b"evil", secret=secret).status == 403
        assert serving.manage(method, path, b"evil", signed=False).status == 403
        assert serving.manage("POST", path, b"good").status == 200
        assert socket.recv(timeout=5) == "good"


def test_a_preflight_is_not_answered_with_leave(serving: Serving) -> None:
    asked = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    told = serving.manage("OPTIONS", "/@connections/x", headers=asked, signed=False)
    assert told.status == 403
    assert not {name for name in told.headers if name.startswith("access-control")}
