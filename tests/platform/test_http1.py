"""The reader of HTTP responses, beside the standard library's."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Callable
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.platform.transport.http1 import (
    BODYLESS,
    Malformed,
    Response,
    read_response,
    request_bytes,
)

bodies = st.binary(max_size=200)
names = st.sampled_from(["Date", "X-Amz-Crc32", "x-amzn-RequestId", "Server"])
headers = st.dictionaries(names, st.text("abc 123:;,=", max_size=20).map(str.strip), max_size=3)


def _receive(data: bytes, pieces: list[int], read: Callable[[socket.socket], object]) -> object:
    """What `read` makes of `data` that arrives in pieces, after which the peer hangs up."""
    ours, theirs = socket.socketpair()
    with ours, theirs:

        def send() -> None:
            rest = data
            for size in pieces:
                theirs.sendall(rest[:size])
                rest = rest[size:]
            theirs.sendall(rest)
            theirs.shutdown(socket.SHUT_WR)

        sender = threading.Thread(target=send)
        sender.start()
        try:
            return read(ours)
        finally:
            sender.join()


def _ours(sock: socket.socket) -> Response:
    return read_response(sock, monotonic() + 5)


def _standard(sock: socket.socket) -> tuple[int, dict[str, str], bytes]:
    with http.client.HTTPResponse(sock, method="POST") as response:
        response.begin()
        body = response.read()
        fields = {name.lower(): value.strip() for name, value in response.getheaders()}
        return response.status, fields, body


@st.composite
def responses(draw: st.DrawFn) -> bytes:
    """A response as a server may frame it: by length, in chunks, or until it hangs up."""
    status = draw(st.sampled_from([200, 204, 304, 400, 410, 500]))
    lines = [f"HTTP/1.1 {status} {draw(st.sampled_from(['OK', '', 'Not So Good']))}"]
    lines += [f"{name}: {value}" for name, value in draw(headers).items()]
    body = b"" if status in BODYLESS else draw(bodies)
    framing = "length" if status in BODYLESS else draw(st.sampled_from(["length", "chunks", "end"]))
    if framing == "length":
        lines.append(f"content-length: {len(body)}")
    elif framing == "chunks":
        lines.append("Transfer-Encoding: chunked")
        size = draw(st.integers(1, 50))
        parts = [body[start : start + size] for start in range(0, len(body), size)]
        chunks = b"".join(b"%x;ext=1\r\n%b\r\n" % (len(part), part) for part in parts)
        body = chunks + b"0\r\nTrailer: 1\r\n\r\n"
    interim = draw(st.sampled_from(["", "HTTP/1.1 100 Continue\r\n\r\n"]))
    return (interim + "\r\n".join(lines) + "\r\n\r\n").encode() + body


@given(responses(), st.lists(st.integers(1, 40), max_size=6))
def test_any_response_is_read_as_the_standard_library_reads_it(
    data: bytes, pieces: list[int]
) -> None:
    ours = _receive(data, pieces, _ours)
    assert isinstance(ours, Response)
    assert (ours.status, ours.headers, ours.body) == _receive(data, [], _standard)


@given(responses(), st.data())
def test_a_response_cut_short_is_never_taken_for_a_whole_one(
    data: bytes, choice: st.DataObject
) -> None:
    cut = data[: choice.draw(st.integers(0, len(data) - 1))]
    try:
        found = _receive(cut, [], _ours)
    except Malformed:
        return
    assert isinstance(found, Response)
    assert not found.reusable


@pytest.mark.parametrize(
    ("data", "reusable"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: Close\r\n\r\nhi", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi and more", False),
        (b"HTTP/1.1 200 OK\r\n\r\nhi", False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", True),
    ],
)
def test_a_connection_is_kept_only_after_an_answer_with_a_clear_end(
    data: bytes, reusable: bool
) -> None:
    found = _receive(data, [], _ours)
    assert isinstance(found, Response)
    assert (found.body, found.reusable) == (b"hi", reusable)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi!\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000,
    ],
)
def test_what_is_no_response_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        _receive(data, [], _ours)


def test_a_header_with_a_line_break_is_never_sent() -> None:
    for headers in ({"X": "a\r\nEvil: 1"}, {"X\n": "a"}, {"X": "a\rb"}):
        with pytest.raises(ValueError, match="line break"):
            request_bytes("POST", "/", headers, b"")
