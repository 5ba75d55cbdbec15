"""A stranger's page that makes its own name point at this machine (DNS rebinding), and a proxy that
passes on whatever it gets: each door answers to its own names alone."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest

from infra.local.testing import LocalFoyer
from tests.local.serving import Answer, ask, local
from tests.support.listening import doors_of

FOREIGN = [
    "rebound.attacker.example",
    "127.0.0.1.attacker.example",
    "localhost.attacker.example:8000",
    "attacker.example:8000@127.0.0.1:8000",
    "127.0.0.1:8000, attacker.example",
    "127.1:8000",
    "0.0.0.0:8000",
    "[::]:8000",
    "foyer.test",
    "",
]


@pytest.fixture(scope="module")
def foyer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalFoyer]:
    notes = tmp_path_factory.mktemp("notes") / "notes.jsonl"
    env = {"FOYER_APP": "tests.local.tinyapp", "TINYAPP_NOTES": str(notes)}
    with LocalFoyer(env=env) as running:
        mail = {"id": "01A", "to": "ana@example.com", "subject": "Reset", "text": "secret-link"}
        (running.data / "mail" / "01A.json").write_text(json.dumps(mail))
        yield running


def ask_by_name(port: int, path: str, host: str, **headers: str) -> Answer:
    return ask(port, "GET", path, None, {"Host": host, **headers})


def own_doors(foyer: LocalFoyer) -> list[int]:
    """The ports that the machine itself listens on: public, demo, local pages, management."""
    own = sorted(port for address, port in doors_of(foyer.pid) if address == "127.0.0.1")
    assert len(own) == 4, own
    return own


@pytest.mark.parametrize("host", FOREIGN)
def test_no_door_answers_to_a_foreign_name(foyer: LocalFoyer, host: str) -> None:
    for port in own_doors(foyer):
        for path in ("/", "/v1/health", "/_local/mail.json", "/widget/loader.js"):
            told = ask_by_name(port, path, host)
            assert (told.status, b"FOYER_PUBLIC_URL" in told.body) == (421, True), (port, path)
            assert "access-control-allow-origin" not in told.headers


def test_a_request_with_no_name_or_two_is_refused(foyer: LocalFoyer) -> None:
    for hosts in ("", "Host: 127.0.0.1\r\nHost: attacker.example\r\n"):
        told = raw(foyer.port, f"GET /v1/health HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n")
        assert told.split()[1] in (b"400", b"421"), told


def test_a_socket_is_not_opened_under_a_foreign_name(foyer: LocalFoyer) -> None:
    handshake = (
        "GET /v1/socket?ticket=x HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\n"
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    assert raw(foyer.port, handshake.format("attacker.example")).split()[1] == b"421"
    assert raw(foyer.port, handshake.format(f"127.0.0.1:{foyer.port}")).split()[1] == b"101"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:9000", "[::1]:8000", "LOCALHOST"])
def test_this_machines_own_names_are_known_on_any_port(foyer: LocalFoyer, host: str) -> None:
    assert ask_by_name(foyer.port, "/v1/health", host).status == 200


def test_the_public_door_has_no_local_pages(foyer: LocalFoyer) -> None:
    token = foyer.local_url.split("/")[3]
    for path in ("mail", "mail.json", "clock", "", "%6dail.json", "mail.json/"):
        for root in ("/_local/", f"/{token}/_local/", "//_local/", "/%5flocal/"):
            for method in ("GET", "POST"):
                told = ask(foyer.port, method, root + path)
                assert b"secret-link" not in told.body, (method, root + path)
                assert told.status != 204, "the clock went"
    assert ask(foyer.port, "GET", "/_local/mail.json").status == 404


def test_local_pages_want_their_token(foyer: LocalFoyer) -> None:
    token = foyer.local_url.split("/")[3]
    door = int(foyer.local_url.split(":")[2].split("/")[0])
    assert len(token) >= 43
    assert local(foyer, "GET", "/mail.json").json()["data"][0]["text"] == "secret-link"
    assert b"secret-link" in local(foyer, "GET", "/mail").body
    for wrong in ("", "x", token[:-1], token + "x", token.upper(), "%00", "é".encode().hex()):
        for path in ("mail", "mail.json", "clock"):
            for method in ("GET", "POST"):
                told = ask(door, method, f"/{wrong}/_local/{path}")
                assert (told.status, b"secret-link" in told.body) == (404, False), (wrong, path)
    assert ask(door, "GET", "/_local/mail.json").status == 404
    assert ask(door, "GET", "/_local/mail.json", None, {"Cookie": f"token={token}"}).status == 404


def test_what_the_local_pages_answer_stays_with_their_reader(foyer: LocalFoyer) -> None:
    """A page of another origin can't read them, be told of their address, or frame them."""
    page = local(foyer, "GET", "/mail", {"Origin": "https://attacker.example"})
    assert "access-control-allow-origin" not in page.headers
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_the_start_says_where_the_mail_is_and_what_that_means(foyer: LocalFoyer) -> None:
    assert f"{foyer.local_url}/mail" in foyer.logs
    assert "sign in as anybody" in foyer.logs


def raw(port: int, request: str) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as peer:
        peer.sendall(request.encode())
        return peer.recv(65536)
