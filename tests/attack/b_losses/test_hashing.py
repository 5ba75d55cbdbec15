"""A flood of sign-ins on one machine, and who else is served meanwhile."""

from __future__ import annotations

import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from infra.local.testing import LocalFoyer

LONGEST = 4.0
"""Seconds that a visitor waits at most, on a machine that does something else as well."""


def test_sixty_wrong_passwords_at_once_keep_no_visitor_waiting() -> None:
    numbers = count()

    def log_in(foyer: LocalFoyer) -> tuple[int, str | None]:
        body = {"email": f"ben{next(numbers)}@people.example", "password": "not my password"}
        status, retry_after, _ = ask(foyer, "POST", "/v1/auth/login", body)
        return status, retry_after

    with LocalFoyer() as foyer, ThreadPoolExecutor(60) as pool:
        ask(foyer, "GET", "/v1/openapi.json")
        flood = [pool.submit(log_in, foyer) for _ in range(60)]
        waits = []
        while not all(each.done() for each in flood):
            status, _, waited = ask(foyer, "GET", "/v1/openapi.json")
            assert status == 200
            waits.append(waited)
        answers = [each.result() for each in flood]
    assert {status for status, _ in answers} == {401, 503}
    assert {retry_after for status, retry_after in answers if status == 503} == {"2"}
    assert waits
    assert max(waits) < LONGEST


def ask(
    foyer: LocalFoyer, method: str, path: str, body: object = None
) -> tuple[int, str | None, float]:
    """Status, `Retry-After` and the seconds that it took."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", foyer.port, timeout=60)
    sent = None if body is None else json.dumps(body)
    connection.request(method, path, sent, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers["Retry-After"], time.monotonic() - began
