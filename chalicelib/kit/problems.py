"""Why a request can't be answered, as kinds.

Problem
├── Malformed            the bytes are not what the protocol says
├── Unauthenticated      no credential, or not a valid one
├── Forbidden            known, but not allowed
├── Missing              absent, or another tenant's (a stranger can't tell which)
├── Conflict             the current state forbids it
│   ├── Stale            the caller saw an older version (`If-Match`)
│   └── Underway         the same request, sent before, still runs: ask for its answer later
├── TooLarge             over a size limit
├── UnsupportedMedia     a content type we don't read
├── Invalid              well-formed, with values that can't be taken
├── TooMany              slow down
└── Unavailable          no refusal: trouble of ours that passes, so ask the same again
    └── Busy             too many change the same thing at this moment

Modules raise these and never name an HTTP status: `edge.http` maps kinds to statuses, once.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that can't be taken. `field` is a dotted path, empty for the whole body."""

    field: str
    message: str


class Problem(Exception):
    """A refusal that its receiver can act on.

    `code` is stable and dotted (`conversation.not_found`); `detail` is one sentence for a person.
    """

    code = "problem"
    title = "The request can't be answered"

    def __init__(self, detail: str = "", *, code: str | None = None) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        if code is not None:
            self.code = code


class Malformed(Problem):
    code = "request.malformed"
    title = "The request can't be read"


class Unauthenticated(Problem):
    code = "auth.unauthenticated"
    title = "Sign in first"


class Forbidden(Problem):
    code = "auth.forbidden"
    title = "Not allowed"


class Missing(Problem):
    code = "not_found"
    title = "Not found"


class Conflict(Problem):
    code = "conflict"
    title = "In conflict with the current state"


class Stale(Conflict):
    code = "version.stale"
    title = "Changed meanwhile"


class Underway(Conflict):
    """`retry_after` is in whole seconds."""

    code = "idempotency.in_progress"
    title = "The first request still runs"
    retry_after = 1


class TooLarge(Problem):
    code = "request.too_large"
    title = "Too large"


class UnsupportedMedia(Problem):
    code = "request.unsupported_media_type"
    title = "Send JSON"


class Invalid(Problem):
    """Values that can't be taken, each with its field."""

    code = "request.invalid"
    title = "Some values can't be taken"

    def __init__(self, *errors: FieldError, code: str | None = None) -> None:
        super().__init__("; ".join(_detail(error) for error in errors), code=code)
        self.errors = errors


class TooMany(Problem):
    """Asked too often. `retry_after` is in whole seconds."""

    code = "request.too_many"
    title = "Too many requests"

    def __init__(self, detail: str = "", *, retry_after: int, code: str | None = None) -> None:
        super().__init__(detail, code=code)
        self.retry_after = retry_after


class Unavailable(Problem):
    """Not done, or nobody knows; the same again will succeed. `retry_after` is in whole seconds."""

    code = "server.unavailable"
    title = "Not possible at this moment; try again"

    def __init__(self, detail: str = "", *, retry_after: int = 2, code: str | None = None) -> None:
        super().__init__(detail, code=code)
        self.retry_after = retry_after


class Busy(Unavailable):
    """Still racing with others after all tries."""

    code = "server.busy"
    title = "Too many changes at once; try again"

    def __init__(self, detail: str = "", *, retry_after: int = 1, code: str | None = None) -> None:
        super().__init__(detail, retry_after=retry_after, code=code)


def invalid(field: str, message: str) -> Invalid:
    """The common case: one field is wrong."""
    return Invalid(FieldError(field, message))


def _detail(error: FieldError) -> str:
    return f"{error.field}: {error.message}" if error.field else error.message
