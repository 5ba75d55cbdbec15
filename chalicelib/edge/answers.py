"""Problems as clients are told of them: the one table from kinds to statuses (RFC 9457)."""

from __future__ import annotations

import logging

from chalicelib.edge import wire
from chalicelib.kit import problems
from chalicelib.kit.problems import Problem
from chalicelib.platform import observability
from chalicelib.platform.observability.failures import describe
from chalicelib.platform.transport.errors import passing

log = logging.getLogger("foyer.edge")

STATUS: dict[type[Problem], int] = {
    problems.Malformed: 400,
    problems.Unauthenticated: 401,
    problems.Forbidden: 403,
    problems.Missing: 404,
    problems.Conflict: 409,
    problems.Stale: 412,
    problems.TooLarge: 413,
    problems.UnsupportedMedia: 415,
    problems.Invalid: 422,
    problems.TooMany: 429,
    problems.Unavailable: 503,
}


class ErrorOut(wire.Output):
    """One field that can't be taken; `field` is a dotted path."""

    field: str
    message: str


class ProblemOut(wire.Output, omit_defaults=True):
    """`application/problem+json` (RFC 9457) with a stable `code`.

    `retry_after`, in seconds, is there when the same may be asked again after it (429, 503,
    `idempotency.in_progress`).
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[ErrorOut] = []
    retry_after: int | None = None


def problem(error: Problem, request_id: str) -> ProblemOut:
    """What a client is told of a refusal."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    errors = error.errors if isinstance(error, problems.Invalid) else ()
    observability.refuse(error.code)
    body = _problem_out(status, error.title, error.detail, error.code, request_id, errors)
    if isinstance(error, problems.TooMany | problems.Unavailable | problems.Underway):
        body.retry_after = error.retry_after
    return body


def failure(error: Exception, what: str, request_id: str) -> ProblemOut:
    """What a client is told when we failed, which is logged.

    Passing trouble of what we stand on (throttled, out of reach, an answer lost) is said to be
    that; anything else is a bug of ours, and nothing is said but the id to look for in the log.
    """
    trouble = passing(error)
    if trouble is not None:
        log.warning("%s is not possible now (%s): %s", what, request_id, describe(error))
        return problem(trouble, request_id)
    log.error("%s failed (%s)", what, request_id, exc_info=error)
    return _problem_out(
        500, "Something went wrong here", "It was logged; please try again.",
        "server.error", request_id,
    )  # fmt: skip


def gateway_refusal(status: int, request_id: str) -> ProblemOut:
    """Chalice's own refusals (405, 415 …), in the same form as ours."""
    title, code = {
        405: ("This method isn't available here", "request.method_not_allowed"),
        415: ("Send `Content-Type: application/json`", "request.unsupported_media_type"),
    }.get(status, ("The request can't be answered", "request.malformed"))
    observability.refuse(code)
    return _problem_out(status, title, title, code, request_id)


def _problem_out(
    status: int,
    title: str,
    detail: str,
    code: str,
    request_id: str,
    errors: tuple[problems.FieldError, ...] = (),
) -> ProblemOut:
    return ProblemOut(
        type=f"urn:foyer:problem:{code}",
        title=title,
        status=status,
        detail=_clean(detail),
        code=code,
        request_id=request_id,
        errors=[ErrorOut(field=_clean(e.field), message=_clean(e.message)) for e in errors],
    )


def _clean(text: str) -> str:
    """Details may quote what was sent, lone surrogates included; JSON can't carry those."""
    return text.encode("utf-8", "replace").decode()[:500]
