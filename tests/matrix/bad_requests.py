"""Requests that nobody should send: broken bodies, odd ids, foreign cursors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

DEEP = 2_000
LONG = 10_001

UNREADABLE: dict[str, bytes] = {
    "nothing": b"",
    "blank": b"  ",
    "half": b'{"text": ',
    "two values": b"{} {}",
    "NaN": b'{"text": NaN}',
    "infinite": b'{"text": Infinity}',
    "comment": b'{/* */"text": "x"}',
    "single quotes": b"{'text': 'x'}",
    "trailing comma": b'{"text": "x",}',
    "lone surrogate, escaped": b'{"text": "\\ud800"}',
    "lone surrogate, raw": b'{"text": "\xed\xa0\x80"}',
    "not UTF-8": b'{"text": "\xff\xfe"}',
    "byte order mark": b'\xef\xbb\xbf{"text": "x"}',
    "UTF-16": '{"text": "x"}'.encode("utf-16"),
    "raw null byte": b'{"text": "\x00"}',
    "raw control character": b'{"text": "\x01"}',
    "deep lists": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"text":' * DEEP + b"1" + b"}" * DEEP,
    "open for ever": b"[" * 100_000,
}
"""Not JSON, or none that we read: 400 whatever the route (or 422 where the shape fails first)."""

NOT_OBJECTS: dict[str, bytes] = {
    "null": b"null",
    "list": b"[]",
    "text": b'"x"',
    "number": b"1",
    "huge number": b"1e400",
    "true": b"true",
}
"""JSON, but not what any route takes: 422 (a number beyond a double is not JSON to us: 400)."""

WRONG: dict[str, Any] = {
    "object": {"a": 1},
    "list": [[]],
    "number": 12,
    "fraction": 1.5,
    "big integer": 2**70,
    "negative": -1,
    "true": True,
    "empty": "",
    "blank": "   ",
    "null byte": "a\x00b",
    "control characters": "\x1b[31m\x7f\x85",
    "directions": "\u202eabc\u2066",
    "beyond the plane": "\U0001f600" * 3,
    "long": "x" * LONG,
    "an instant out of range": "99999-01-01T00:00:00.000Z",
    "the first instant": "0001-01-01T00:00:00+14:00",
}
"""Values for any field: what a field takes is taken, but never answered with a failure of ours."""

ODD_IDS = (
    "%00", "%2e%2e%2f", "..%2F..%2Fetc", "%", "%zz", "%F0%9F%98%80", "%ED%A0%80", "%FF", "%20",
    "x" * 5_000, "cnv_" + "0" * 200, "%0A", "cnv_%0d%0aX-Evil:1", "{id}", "%7B%7D", "*", "%23",
    "%3F", "+", "%C2%85", "%E2%80%AE", "null", "undefined", "-1", "0",
)  # fmt: skip
"""For a path's parameter, as they are on the wire."""

ODD_CURSORS = (
    "", "x", "%00", "=", "====", "AAAA", "A" * 3_000, "%F0%9F%98%80", "bnVsbA", "-", "_",
    "%ED%A0%80",
)  # fmt: skip

ODD_QUERIES = (
    "limit=0", "limit=101", "limit=-1", "limit=1e400", "limit=NaN", "limit=1.5", "limit=",
    "limit=ten", "limit=99999999999999999999999999", "limit=1&limit=2", "limit=%00", "limit[]=1",
    "nothing=1",
)  # fmt: skip
"""For every list: each is refused (422)."""

ODD_VERSIONS = ("", "x", "-1", "1.5", "9" * 400, "\u00b2", '"1" "2"', "W/")

ODD_CREDENTIALS = (
    "", "Bearer", "Bearer ", "Basic b3duZXI6cGFzcw==", "Bearer a.b.c", "Bearer \u2603", "x" * 9_000,
    "Bearer eyJhbGciOiJIUzI1NiIsImtpZCI6Im9wZXJhdG9yIn0.W10.x", "Bearer " + "." * 5_000,
    "Bearer eyJhbGciOiJub25lIiwia2lkIjoib3BlcmF0b3IifQ.eyJzdWIiOiJ1c3JfMSJ9.",
)  # fmt: skip

FRAMES: dict[str, str] = {
    **{kind: body.decode("utf-8", "surrogateescape") for kind, body in UNREADABLE.items()},
    **{kind: body.decode() for kind, body in NOT_OBJECTS.items()},
    "no action": "{}",
    "action of another type": '{"action": 1}',
    "no such action": '{"action": "explode"}',
    "action of odd name": '{"action": "\\u0000\\u202e"}',
    "too large": '{"action": "ping"}' + " " * 32 * 1024,
    "far too large": "x" * 1_000_000,
}
"""None of these is a frame: each is answered with a problem."""


def bodies(good: Any) -> Iterator[tuple[str, bytes]]:
    """A good body made bad in one place at a time, with what was done to it."""
    yield "unknown field", _json({**good, "nothing_known": 1})
    yield "unknown field of odd name", _json({**good, "\u202e\x00" + "n" * 300: 1})
    for path in _places(good):
        yield f"{path} missing", _json(_remove(good, path))
        yield f"{path} null", _json(_set(good, path, None))
        for kind, value in WRONG.items():
            yield f"{path}: {kind}", _json(_set(good, path, value))
        yield f"{path}: 1e400", _raw(good, path, b"1e400")
        yield f"{path}: lone surrogate", _raw(good, path, b'"\\udfff"')
        yield f"{path}: deep", _raw(good, path, b"[" * DEEP + b"]" * DEEP)
    first = next(iter(good), None)
    if first is not None:
        twice = _json(good)[:-1] + b"," + _json({first: {"again": 1}})[1:]
        yield f"{first} twice", twice


def _places(good: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in good.items():
        yield (*at, name)
        if isinstance(value, dict):
            yield from _places(value, (*at, name))


def _set(good: Any, path: tuple[str, ...], value: Any) -> Any:
    head, *rest = path
    return {**good, head: _set(good[head], tuple(rest), value) if rest else value}


def _remove(good: Any, path: tuple[str, ...]) -> Any:
    head, *rest = path
    if rest:
        return {**good, head: _remove(good[head], tuple(rest))}
    return {name: value for name, value in good.items() if name != head}


def _raw(good: Any, path: tuple[str, ...], value: bytes) -> bytes:
    mark = "\u2603place\u2603"
    return _json(_set(good, path, mark)).replace(_json(mark), value)


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()
