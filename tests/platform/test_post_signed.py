"""Posting to sockets, and the connections underneath: signatures, statuses, certificates."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ConnectionClosedError, SSLError

from chalicelib.platform.transport import DynamoClient, connection_url, post_signed
from chalicelib.platform.transport.pool import Pool
from tests.platform.scripted_server import answer, drop, serving

CERTIFICATE = Path(__file__).with_name("localhost.pem")
"""Self-signed for `localhost` until 2120, with its key: of use to nobody but these tests."""
CONNECTION = "L0SM9cOFvHcCIhw="
GET = {"TableName": "things", "Key": {"id": {"S": "a"}}}


@pytest.fixture(params=["thin", "boto3"])
def _either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOYER_TRANSPORT", request.param)


@pytest.mark.usefixtures("_either")
def test_a_post_gives_the_status_and_a_gone_socket_is_no_exception() -> None:
    with serving(answer({}), answer({}, 410), answer({}, 403)) as server:
        url = connection_url(f"{server.url}/stage", CONNECTION)
        statuses = [post_signed(url, b'{"type":"typing"}') for _ in range(3)]
    assert statuses == [200, 410, 403]
    assert {(request.line, request.body) for request in server.requests} == {
        ("POST /stage/@connections/L0SM9cOFvHcCIhw%3D HTTP/1.1", b'{"type":"typing"}')
    }


def test_a_post_carries_botocores_signature_with_the_path_encoded_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "a-token")
    now = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
    with serving() as server, time_machine.travel(now, tick=False):
        url = connection_url(server.url, CONNECTION)
        post_signed(url, b"hello")
        theirs = AWSRequest(
            "POST", url, headers={"Content-Type": "application/octet-stream"}, data=b"hello"
        )
        keys = Credentials("foyer", "foyer-local-secret", "a-token")
        SigV4Auth(keys, "execute-api", "us-east-1").add_auth(theirs)
    (request,) = server.requests
    assert request.headers["authorization"] == theirs.headers["Authorization"]
    assert request.headers["x-amz-security-token"] == "a-token"


def test_a_post_is_sent_again_while_the_endpoint_stumbles_and_then_tells_its_status() -> None:
    with serving(answer({}, 429), drop, answer({}, 503), answer({})) as server:
        assert post_signed(connection_url(server.url, CONNECTION), b"x") == 200
    assert len(server.requests) == 4

    with serving(*[answer({}, 500)] * 9) as server:
        assert post_signed(connection_url(server.url, CONNECTION), b"x") == 500
    assert len(server.requests) == 4
    with serving(*[drop] * 9) as server, pytest.raises(ConnectionClosedError):
        post_signed(connection_url(server.url, CONNECTION), b"x")
    assert len(server.requests) == 4


def test_a_url_cannot_smuggle_a_header() -> None:
    with serving() as server:
        for url in (f"{server.url}/a b", f"{server.url}/a%0d%0aX: 1", "ftp://a.example/"):
            with pytest.raises(ValueError, match=r"space|http"):
                post_signed(url, b"x")
    assert server.requests == []


def test_https_needs_a_trusted_certificate_and_keeps_its_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with serving(tls=context) as server:
        distrusting = Pool()
        with pytest.raises(SSLError):
            DynamoClient(endpoint=server.url, pool=distrusting).call("GetItem", GET)
        assert server.requests == []

        monkeypatch.setenv("AWS_CA_BUNDLE", str(CERTIFICATE))
        trusting = Pool()
        client = DynamoClient(endpoint=server.url, pool=trusting)
        for _ in range(3):
            client.call("GetItem", GET)
        other_name = server.url.replace("localhost", "127.0.0.1")
        with pytest.raises(SSLError):
            DynamoClient(endpoint=other_name, pool=trusting).call("GetItem", GET)
        trusting.close()
    assert len({request.connection for request in server.requests}) == 1
    assert len(server.requests) == 3
