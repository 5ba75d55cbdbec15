"""A machine that others reach, through a proxy: what it refuses, whom it believes, how it mails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.problems import CannotStart
from infra.local.settings import read_settings
from infra.local.testing import LocalFoyer
from tests.local.conftest import Notes, reader
from tests.local.serving import ask, until
from tests.local.test_machine import a_free_port, is_one_clear_sentence, run_to_its_end
from tests.platform.test_smtp import ACCOUNT, url_of
from tests.support.mail_server import CERTIFICATE, MailServer

SITE = "https://help.example.com"
PUBLIC = {"FOYER_PUBLIC_URL": SITE, "FOYER_TRUSTED_PROXIES": "127.0.0.1, 10.9.0.0/16"}
THROUGH = {"Host": "help.example.com", "X-Forwarded-Proto": "https"}


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalFoyer, Notes]]:
    """The small application on a machine behind a proxy of this machine."""
    notes = tmp_path_factory.mktemp("notes") / "notes.jsonl"
    env = {"FOYER_APP": "tests.local.tinyapp", "TINYAPP_NOTES": str(notes), **PUBLIC}
    with LocalFoyer(env=env) as running:
        yield running, reader(notes)


def recent_of(foyer: LocalFoyer, **headers: str) -> Any:
    return ask(foyer.port, "GET", "/v1/echo", None, {**THROUGH, **headers}).json()


def source(event: Any) -> str:
    return str(event["requestContext"]["identity"]["sourceIp"])


@pytest.mark.parametrize(
    ("said", "client"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:4711", "203.0.113.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("127.0.0.1, 203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7, 10.9.1.1", "203.0.113.7"),
        ("203.0.113.7, 10.9.1.1, 10.9.1.2", "203.0.113.7"),
        ("10.9.1.1, 10.9.1.2", "10.9.1.1"),
        ("127.0.0.1", "0.0.0.0"),  # noqa: S104 - another proxy here, that names nobody
        ("127.0.0.1, 127.0.0.1", "0.0.0.0"),  # noqa: S104
        ("127.0.0.1, 10.9.1.1", "0.0.0.0"),  # noqa: S104
        ("203.0.113.7, unknown", "0.0.0.0"),  # noqa: S104 - an address that isn't known
        ("203.0.113.7, ", "0.0.0.0"),  # noqa: S104
        ("203.0.113.7, 10.8.0.1", "10.8.0.1"),
    ],
)
def test_the_client_is_the_last_that_is_no_proxy(
    behind: tuple[LocalFoyer, Notes], said: str, client: str
) -> None:
    event = recent_of(behind[0], **{"X-Forwarded-For": said})
    assert source(event) == client
    assert event["headers"]["X-Forwarded-For"].rpartition(", ")[2] == client
    assert event["headers"]["X-Forwarded-Proto"] == "https"
    assert event["headers"]["X-Forwarded-Port"] == "443"


def test_who_comes_through_a_proxy_that_names_nobody_is_not_this_machine(
    behind: tuple[LocalFoyer, Notes],
) -> None:
    assert source(recent_of(behind[0])) == "0.0.0.0"  # noqa: S104
    assert "sends no X-Forwarded-For" in behind[0].logs


def test_a_sockets_client_is_told_alike(behind: tuple[LocalFoyer, Notes]) -> None:
    foyer, call_notes = behind
    handshake = {
        **THROUGH,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "X-Forwarded-For": "127.0.0.1, 203.0.113.9",
    }
    told = ask(foyer.port, "GET", "/v1/socket?ticket=forbidden", None, handshake)
    assert told.status == 403
    (event,) = until(lambda: call_notes("connect"))
    assert source(event) == "203.0.113.9"


def test_links_sockets_and_policies_name_the_public_address(
    behind: tuple[LocalFoyer, Notes],
) -> None:
    foyer, _ = behind
    assert f"Dashboard   {SITE}/" in foyer.logs
    assert "No mail leaves this machine" in foyer.logs
    page = ask(foyer.port, "GET", "/", None, THROUGH)
    policy = page.headers.get("content-security-policy", "wss://help.example.com")
    assert "wss://help.example.com" in policy
    assert "ws://127" not in policy
    if page.status == 200:  # absent where the front ends were not built
        assert page.headers["strict-transport-security"].startswith("max-age=")


def test_the_demo_is_neither_seeded_nor_served(behind: tuple[LocalFoyer, Notes]) -> None:
    foyer, _ = behind
    assert not (foyer.data / "run" / "demo.json").exists()
    assert "Demo site" not in foyer.logs
    with pytest.raises(ConnectionRefusedError):
        ask(foyer.port + 1, "GET", "/")


def test_without_a_named_proxy_nobody_is_believed(tmp_path: Path) -> None:
    env = {"FOYER_APP": "tests.local.tinyapp", "TINYAPP_NOTES": str(tmp_path / "notes")}
    with LocalFoyer(env=env) as foyer:
        spoofed = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
        event = ask(foyer.port, "GET", "/v1/echo", None, spoofed).json()
        assert source(event) == "127.0.0.1"
        assert event["headers"]["X-Forwarded-Proto"] == "http"


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({"FOYER_PUBLIC_URL": SITE}, "FOYER_TRUSTED_PROXIES"),
        ({**PUBLIC, "FOYER_PUBLIC_URL": "http://help.example.com"}, "no TLS"),
        ({**PUBLIC, "FOYER_PUBLIC_URL": f"{SITE}/foyer"}, "FOYER_PUBLIC_URL"),
        ({**PUBLIC, "FOYER_PUBLIC_URL": "https://me:pw@help.example.com"}, "FOYER_PUBLIC_URL"),
        ({**PUBLIC, "FOYER_PUBLIC_URL": "help.example.com"}, "FOYER_PUBLIC_URL"),
        ({**PUBLIC, "FOYER_PUBLIC_URL": "https://help.example.com:99999"}, "FOYER_PUBLIC_URL"),
        ({**PUBLIC, "FOYER_TRUSTED_PROXIES": "nginx"}, "FOYER_TRUSTED_PROXIES"),
        ({**PUBLIC, "FOYER_DEMO": "1"}, "FOYER_DEMO"),
        ({"FOYER_SMTP_URL": "smtp://mail.example.com"}, "FOYER_MAIL_FROM"),
        ({"FOYER_SMTP_URL": "mail.example.com", "FOYER_MAIL_FROM": "a@b.example"}, "SMTP_URL"),
    ],
)
def test_what_would_not_be_safe_is_refused_in_one_sentence(env: dict[str, str], named: str) -> None:
    with pytest.raises(CannotStart, match=named):
        read_settings(env)


def test_a_folder_with_the_demo_in_it_is_not_shown_to_others(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "demo.json").write_text('{"done": true}')
    code, said = run_to_its_end(FOYER_DATA=str(tmp_path), PORT=a_free_port(), **PUBLIC)
    assert (code, is_one_clear_sentence(said)) == (1, True)
    assert "password" in said


def test_mail_goes_out_by_the_named_server_and_leaves_no_copy(tmp_path: Path) -> None:
    """The real application: a forgotten password, on a machine that mails."""
    with MailServer(account=ACCOUNT) as server:
        mailing = {
            "FOYER_SMTP_URL": url_of(server),
            "FOYER_MAIL_FROM": "Help <help@example.com>",
            "SSL_CERT_FILE": str(CERTIFICATE),
        }
        with LocalFoyer(env=mailing, data=tmp_path / "data", demo=False) as foyer:
            owner = {"email": "ana@example.com", "password": "correct horse 7", "name": "Ana"}
            sign_up = {**owner, "workspace_name": "Kiln", "time_zone": "UTC"}
            post(foyer, "/v1/auth/signup", sign_up)
            post(foyer, "/v1/auth/forgot", {"email": owner["email"]})
            proof, taken = until(lambda: server.taken[1:] and server.taken)
            assert proof.recipients == ["ana@example.com"]
            assert (taken.recipients, taken.in_tls) == (["ana@example.com"], True)
            assert f"{foyer.url}/reset/" in taken.data.replace("=\r\n", "").replace("=\n", "")
            assert list((foyer.data / "mail").iterdir()) == []
            assert "/_local/mail" not in foyer.logs
            assert ACCOUNT[1] not in foyer.logs


def post(foyer: LocalFoyer, path: str, body: dict[str, str]) -> None:
    kind = {"Content-Type": "application/json"}
    told = ask(foyer.port, "POST", path, json.dumps(body).encode(), kind)
    assert told.status < 300, told.body
