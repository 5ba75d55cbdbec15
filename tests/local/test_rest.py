"""API Gateway's REST side, through HTTP."""

from __future__ import annotations

import base64
import gzip
import json
import time
from dataclasses import replace
from threading import Thread
from typing import Any

import pytest

from infra.local.application import Application
from infra.local.gateway.limits import AWS
from infra.local.gateway.workers import Workers
from tests.local.conftest import Notes
from tests.local.event_shapes import REST, differences
from tests.local.serving import Serving

JSON = {"Content-Type": "application/json", "User-Agent": "a browser"}


def test_a_request_becomes_the_event_that_aws_documents(serving: Serving) -> None:
    told = serving.ask("POST", "/v1/echo?a=1&a=2&b=%20x", b'{"x": 1}', JSON)
    event = told.json()
    wrong = [each for each in differences(event, REST) if not each.startswith(".pathParameters")]
    assert (told.status, wrong, event["pathParameters"]) == (200, [], None)
    assert event["body"] == '{"x": 1}'
    assert event["queryStringParameters"] == {"a": "2", "b": " x"}
    assert event["multiValueQueryStringParameters"] == {"a": ["1", "2"], "b": [" x"]}


def test_path_parameters_stay_encoded_and_name_their_resource(serving: Serving) -> None:
    told = serving.ask("GET", "/v1/echo/a%20b%2Fc/parts/%C3%BC/", None, JSON).json()
    assert told["given"] == ["a%20b%2Fc", "%C3%BC"]
    assert told["event"]["resource"] == "/v1/echo/{name}/parts/{part}"
    assert told["event"]["pathParameters"] == {"name": "a%20b%2Fc", "part": "%C3%BC"}
    assert told["event"]["path"] == "/v1/echo/a%20b%2Fc/parts/%C3%BC/"
    assert told["event"]["requestContext"]["resourcePath"] == told["event"]["resource"]


def test_headers_tell_of_the_caller_and_not_of_the_hop(serving: Serving) -> None:
    send = {"X-Forwarded-For": "203.0.113.9", "Connection": "close", "X-Own": "ä"}
    event = serving.ask("GET", "/v1/echo", None, send).json()
    headers = event["headers"]
    assert headers["X-Forwarded-For"] == "203.0.113.9, 127.0.0.1"
    assert (headers["X-Forwarded-Proto"], headers["X-Forwarded-Port"]) == (
        "http",
        str(serving.port),
    )
    assert event["requestContext"]["identity"]["sourceIp"] == "127.0.0.1"
    assert not {"Connection", "Content-Length", "Transfer-Encoding"} & headers.keys()


def test_a_long_answer_is_compressed_for_whoever_takes_it(serving: Serving) -> None:
    def encoding(size: int, accepted: str) -> tuple[str | None, int]:
        headers = {"Accept-Encoding": accepted}
        answer = serving.ask("GET", f"/v1/long?size={size}", None, headers)
        packed = answer.headers.get("content-encoding")
        body = gzip.decompress(answer.body) if packed else answer.body
        assert json.loads(body) == {"text": "x" * size}
        return packed, len(answer.body)

    packed, length = encoding(20_000, "gzip, deflate, br")
    assert packed == "gzip"
    assert length < 1_000
    assert encoding(20_000, "identity")[0] is None
    assert encoding(200, "gzip")[0] is None


def test_a_body_is_text_unless_its_type_is_binary(serving: Serving) -> None:
    def send(body: bytes, kind: str) -> tuple[Any, bool]:
        event = serving.ask("POST", "/v1/echo", body, {"Content-Type": kind}).json()
        return event["body"], event["isBase64Encoded"]

    assert send(b"\xff\x00", "image/png") == (base64.b64encode(b"\xff\x00").decode(), True)
    assert send("ü".encode(), "application/json") == ("ü", False)
    assert send(b"\xff", "text/plain") == ("\ufffd", False)
    assert send(b"", "application/json") == (None, False)


def test_a_chunked_body_arrives_whole(serving: Serving) -> None:
    connection_headers = {"Transfer-Encoding": "chunked", "Content-Type": "application/json"}
    chunked = b"3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n"
    assert serving.ask("POST", "/v1/echo", chunked, connection_headers).json()["body"] == "[1,2]"


def test_binary_answers_are_decoded_for_those_who_accept_them(serving: Serving) -> None:
    told = serving.ask("GET", "/v1/picture", None, {"Accept": "image/png"})
    assert (told.body, told.headers["content-type"]) == (b"\x89PNG\xff", "image/png")


def test_a_header_with_several_values_is_sent_several_times(serving: Serving) -> None:
    assert serving.ask("GET", "/v1/cookies").headers["set-cookie"] == "a=1\nb=2"


def test_each_answer_names_its_request(serving: Serving) -> None:
    told = serving.ask("GET", "/v1/echo")
    assert told.headers["x-amzn-requestid"] == told.json()["requestContext"]["requestId"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/nowhere"), ("GET", "/v1"), ("PATCH", "/v1/echo"), ("GET", "/v1/echo//parts/x")],
)
def test_what_is_not_there_is_404_as_a_problem(serving: Serving, method: str, path: str) -> None:
    told = serving.ask(method, path)
    assert (told.status, told.json()["code"]) == (404, "not_found")
    assert told.headers["content-type"] == "application/problem+json"
    assert told.headers["access-control-allow-origin"] == "*"


def test_a_preflight_is_answered_as_the_packaged_api_would(serving: Serving) -> None:
    told = serving.ask("OPTIONS", "/v1/echo", None, {"Origin": "https://a.example"})
    methods = set(told.headers["access-control-allow-methods"].split(","))
    assert (told.status, methods) == (200, {"GET", "POST", "OPTIONS"})
    assert told.headers["access-control-allow-origin"] == "*"
    assert "Authorization" in told.headers["access-control-allow-headers"]
    assert serving.ask("OPTIONS", "/v1/slow").status == 404, "a route without CORS"


def test_a_large_body_is_refused_and_the_server_goes_on(
    application: Application, call_notes: Notes
) -> None:
    limits = replace(AWS, request_body=2000, invocation=1000)
    with Serving(application, limits=limits) as serving:
        sizes = {size: serving.ask("POST", "/v1/echo", b"x" * size).status for size in (900, 1500)}
        sizes[5000] = serving.ask("POST", "/v1/echo", b"x" * 5000).status
        chunked = {"Transfer-Encoding": "chunked"}
        body = b"1000\r\n" + b"x" * 4096 + b"\r\n0\r\n\r\n"
        assert serving.ask("POST", "/v1/echo", body, chunked).status == 413
        assert sizes == {900: 502, 1500: 413, 5000: 413}, "the echo of 900 is over 1000: 502"
        assert serving.ask("GET", "/v1/health").status == 200


def test_an_answer_that_lambda_could_not_carry_is_502(
    application: Application, call_notes: Notes
) -> None:
    with Serving(application, limits=replace(AWS, invocation=4000)) as serving:
        statuses = [serving.ask("GET", f"/v1/large?size={size}").status for size in (3900, 4100)]
        assert statuses == [200, 502]


def test_a_slow_function_is_504_and_does_not_hold_up_others(
    application: Application, call_notes: Notes
) -> None:
    with Serving(application, limits=replace(AWS, request_seconds=0.2)) as serving:
        told = serving.ask("GET", "/v1/slow?seconds=1")
        assert (told.status, told.json()["code"]) == (504, "gateway.failed")
        assert told.headers["retry-after"] == "2"
        assert serving.ask("GET", "/v1/health").status == 200


def test_a_function_that_raises_or_answers_nonsense_is_502(application: Application) -> None:
    def raising(_event: Any, _request_id: Any) -> Any:
        raise RuntimeError("out of order")

    for function in (raising, lambda *_: "nonsense", lambda *_: {"statusCode": "soon"}):
        with Serving(replace(application, rest=function)) as serving:
            assert serving.ask("GET", "/v1/health").status == 502


def test_more_than_can_wait_is_429_and_nothing_breaks(application: Application) -> None:
    with Serving(application, workers=Workers(1, waiting_limit=0)) as serving:
        slow = Thread(target=hold_the_worker, args=(serving,))
        slow.start()
        told = refused_while_busy(serving)
        slow.join()
        assert (told.status, told.headers["retry-after"]) == (429, "1")
        assert serving.ask("GET", "/v1/health").status == 200


def hold_the_worker(serving: Serving) -> None:
    """Be slow in there, once the one worker isn't busy with somebody else's question."""
    while serving.ask("GET", "/v1/slow?seconds=0.5").status == 429:
        pass


def refused_while_busy(serving: Serving) -> Any:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        told = serving.ask("GET", "/v1/health")
        if told.status != 200:
            return told
    raise AssertionError("the slow request never held the worker")


def test_only_what_may_write_wakes_the_poller(application: Application, call_notes: Notes) -> None:
    woken: list[str] = []
    with Serving(application, wrote=lambda: woken.append("x")) as serving:
        serving.ask("GET", "/v1/echo")
        serving.ask("OPTIONS", "/v1/echo")
        assert woken == []
        serving.ask("POST", "/v1/echo", json.dumps({}).encode(), JSON)
        assert woken == ["x"]
