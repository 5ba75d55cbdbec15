"""`Idempotency-Key`: the same key and request from the same caller get the first answer again.

Costs two writes and an item of the transaction, and only when a client sends the header. Refusals
(4xx) are kept as well as successes; after a failure of ours (5xx) and where waiting helps (429,
503) the key is free again, unless something was done whose answer got lost. Such an answer, and one
with credentials in it, can't be given again: a repetition is told that it was done. Public routes
ignore the header: there is nobody whose answer it could be.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from chalice.app import Response

from chalicelib.kit.actors import Actor, Nobody
from chalicelib.kit.problems import Conflict, Underway, invalid
from chalicelib.platform.observability.failures import describe
from chalicelib.platform.tables import attempts
from chalicelib.platform.transport import errors

log = logging.getLogger("foyer.edge")
KEY_LIMIT = 255


def once(
    key: str | None,
    actor: Actor,
    target: str,
    body: bytes,
    now: datetime,
    run: Callable[[], Response],
    *,
    secret: bool = False,
) -> Response:
    """`run`'s answer, or that of the first request with this key.

    `target` is the method and the path; `secret` says that a success answers with credentials.

    Raises:
        Invalid: The key is empty or too long.
        Conflict: The key was used for another request (`idempotency.mismatch`), or it was done
            and its answer wasn't kept (`idempotency.not_kept`).
        Underway: The first request is still running.
    """
    if key is None or isinstance(actor, Nobody):
        return run()
    if not key.strip() or len(key) > KEY_LIMIT:
        raise invalid("Idempotency-Key", f"must have 1 to {KEY_LIMIT} characters")
    attempt_id = _digest(type(actor).__name__, actor.workspace_id, actor.id, key)
    request = _digest(target, body)
    attempt, ours = attempts.begin(attempt_id, request, now)
    if not ours:
        return _repetition(attempt, request, now, secret=secret)
    try:
        with attempts.running(attempt):
            answer = run()
    except BaseException:
        with _trouble_passing("forgotten", attempt_id):
            attempts.forget(attempt)
        raise
    with _trouble_passing("kept", attempt_id):
        if answer.status_code == 429 or answer.status_code >= 500:
            attempts.forget(attempt)
        else:
            stored_body = "" if secret and answer.status_code < 400 else str(answer.body)
            attempts.finish(attempt, answer.status_code, stored_body)
    return answer


def _repetition(
    earlier: attempts.Attempt, request: str, now: datetime, *, secret: bool
) -> Response:
    if earlier.request_hash != request:
        raise Conflict("This key was used for another request", code="idempotency.mismatch")
    if attempts.has_lost_its_answer(earlier, now):
        raise Conflict("This was done; its answer was lost", code="idempotency.not_kept")
    if not earlier.status:
        raise Underway()
    status = int(earlier.status)
    if secret and status < 400:
        raise Conflict(
            "This was done; its answer held credentials and wasn't kept",
            code="idempotency.not_kept",
        )
    if status == 204:
        return Response("", {"Idempotency-Replayed": "true"}, status)
    kind = "application/json" if status < 400 else "application/problem+json"
    return Response(
        str(earlier.answer), {"Content-Type": kind, "Idempotency-Replayed": "true"}, status
    )


@contextmanager
def _trouble_passing(what: str, attempt_id: str) -> Iterator[None]:
    """Whether the attempt could be noted changes nothing about its answer."""
    try:
        yield
    except errors.KINDS as error:
        if errors.passing(error) is None:
            raise
        log.warning("attempt %s could not be %s: %s", attempt_id, what, describe(error))


def _digest(*parts: str | bytes) -> str:
    whole = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "replace") if isinstance(part, str) else part
        whole.update(len(raw).to_bytes(8))
        whole.update(raw)
    return whole.hexdigest()
