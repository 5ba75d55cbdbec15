"""What a log may say of an exception: its kinds and places in the code, never its message.

Messages quote what was sent: a mail's address that SES refuses, the text that is no number.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from traceback import walk_tb

from botocore.exceptions import ClientError

from chalicelib.kit.problems import Problem

_ROOT = f"{Path(__file__).parents[3]}/"
_DEEPEST = 12
"""Frames of each exception: those nearest to where it was raised."""


def describe(error: BaseException) -> str:
    """The kind of an exception, and the code that it carries for machines."""
    kind = type(error).__name__
    if isinstance(error, ClientError):
        return f"{kind} {error.response['Error'].get('Code', '')} of {error.operation_name}"
    if isinstance(error, Problem):
        return f"{kind} {error.code}"
    if isinstance(error, OSError) and error.errno is not None:
        return f"{kind} {errno.errorcode.get(error.errno, error.errno)}"
    return kind


def trace(error: BaseException) -> list[str]:
    """`error`, and what it came of: each one's kind, then its frames, the innermost last."""
    return [line for each in _chain(error) for line in (describe(each), *_frames(each))]


def _chain(error: BaseException) -> Iterator[BaseException]:
    ids: set[int] = set()
    waiting = [error]
    while waiting:
        each = waiting.pop(0)
        if id(each) in ids:
            continue
        ids.add(id(each))
        yield each
        if isinstance(each, BaseExceptionGroup):
            waiting += each.exceptions
        cause = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
        if cause is not None:
            waiting.append(cause)


def _frames(error: BaseException) -> list[str]:
    frames = [(frame.f_code, line) for frame, line in walk_tb(error.__traceback__)]
    return [
        f"  {_short(code.co_filename)}:{line} {code.co_qualname}"
        for code, line in frames[-_DEEPEST:]
    ]


def _short(path: str) -> str:
    return path.removeprefix(_ROOT).rpartition("site-packages/")[2]
