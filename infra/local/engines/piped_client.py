"""dynoxide as a child that has no port: it is spoken to over its standard input and output.

For systems whose only address is 127.0.0.1 (macOS), where every port can be found by a page. Its
language there is the Model Context Protocol: a line of JSON-RPC for each operation, named
`get_item` for GetItem, with snake_case names for the parameters and DynamoDB's own JSON inside.
"""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from typing import Any

_WITHIN = 10.0
_HANDSHAKE = {
    "protocolVersion": "2025-03-26",
    "capabilities": {},
    "clientInfo": {"name": "foyer", "version": "1"},
}
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_REASONS = re.compile(r"\[([^\]]*)\]\s*$")
_FAILED = "ConditionalCheckFailed"


class Failed(Exception):
    """The engine refused: DynamoDB's error as it would be in the answer's body."""

    def __init__(self, kind: str, message: str, more: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.body = {
            "__type": f"com.amazonaws.dynamodb.v20120810#{kind}",
            "message": message,
            "Message": message,
            **(more or {}),
        }


class PipedClient:
    """Calls operations on a child; from any thread, several at once."""

    def __init__(self, start: Callable[[], subprocess.Popen[bytes]]) -> None:
        self._start = start
        self._lock = threading.Lock()
        self._waiting: dict[int, Future[Any]] = {}
        self._number = 0
        self._keys: dict[str, list[str]] = {}
        self.child = self._begin()

    def call(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """One operation of DynamoDB or its Streams, shapes as in the API reference's JSON.

        Raises:
            Failed: The engine refused, or went.
        """
        arguments = {_snake(name): value for name, value in params.items()}
        if operation == "DescribeTable":
            arguments["raw"] = True
        try:
            return self._tool(_snake(operation), arguments)
        except Failed as failure:
            raise self._complete(failure, operation, params) from None

    def begin_again(self) -> None:
        """Start another child after the last one has ended."""
        self.child = self._begin()

    def _begin(self) -> subprocess.Popen[bytes]:
        child = self._start()
        threading.Thread(target=self._read, args=(child,), name="piped-client", daemon=True).start()
        self.child = child
        self._ask("initialize", _HANDSHAKE)
        self._send({"jsonrpc": "2.0", "method": "notifications/initialized"})
        return child

    def _tool(self, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        answer = self._ask("tools/call", {"name": name, "arguments": arguments})
        if "error" in answer:
            raise Failed("ValidationException", str(answer["error"].get("message", "")))
        result = answer["result"]
        content = json.loads(result["content"][0]["text"])
        if result.get("isError"):
            raise Failed(content.get("error_type", "InternalServerError"), content["message"])
        return dict(content)

    def _ask(self, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        future: Future[Any] = Future()
        with self._lock:
            self._number += 1
            number = self._number
            self._waiting[number] = future
        try:
            self._send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
            answer: dict[str, Any] = future.result(_WITHIN)
        except (OSError, TooLate, ValueError):
            raise Failed("InternalServerError", "The engine doesn't answer.") from None
        finally:
            self._waiting.pop(number, None)
        return answer

    def _send(self, message: Mapping[str, Any]) -> None:
        line = json.dumps(message, separators=(",", ":")).encode() + b"\n"
        pipe = self.child.stdin
        if pipe is None:
            raise OSError("the engine has no pipe")
        with self._lock:
            pipe.write(line)
            pipe.flush()

    def _read(self, child: subprocess.Popen[bytes]) -> None:
        """Hand each answer to whoever waits for it; when the child ends, nobody waits any more."""
        for line in child.stdout or ():
            try:
                message = json.loads(line)
            except ValueError:
                continue
            future = self._waiting.get(message.get("id"))
            if future is not None and not future.done():
                future.set_result(message)
        for future in list(self._waiting.values()):
            if not future.done():
                future.set_exception(OSError("the engine has ended"))

    def _complete(self, failure: Failed, operation: str, params: Mapping[str, Any]) -> Failed:
        """What the pipe leaves out of a refusal: why each part of a transaction failed, and the
        items that failed their conditions, read again."""
        message = failure.body["message"]
        if failure.kind == "ConditionalCheckFailedException":
            item = self._failed_item(params)
            return Failed(failure.kind, message, {"Item": item}) if item else failure
        listed = _REASONS.search(message)
        if operation != "TransactWriteItems" or listed is None:
            return failure
        reasons: list[dict[str, Any]] = []
        codes = [code.strip() for code in listed[1].split(",")]
        for code, part in zip(codes, params["TransactItems"], strict=False):
            reasons.append({"Code": code})
            if code == _FAILED:
                reasons[-1]["Message"] = "The conditional request failed"
                if item := self._failed_item(next(iter(part.values()))):
                    reasons[-1]["Item"] = item
        return Failed(failure.kind, message, {"CancellationReasons": reasons})

    def _failed_item(self, params: Mapping[str, Any]) -> dict[str, Any] | None:
        if params.get("ReturnValuesOnConditionCheckFailure") != "ALL_OLD":
            return None
        table = params["TableName"]
        if table not in self._keys:
            schema = self.call("DescribeTable", {"TableName": table})["Table"]["KeySchema"]
            self._keys[table] = [key["AttributeName"] for key in schema]
        attributes = params.get("Key") or params["Item"]
        key = {name: attributes[name] for name in self._keys[table]}
        item: dict[str, Any] | None = self.call("GetItem", {"TableName": table, "Key": key}).get(
            "Item"
        )
        return item


def _snake(name: str) -> str:
    return _WORD.sub("_", name).lower()
