"""Powertools' Logger, set once: all of Foyer's loggers (`foyer.…`) speak through it.

In Lambda each line is a JSON object on stdout. On one machine it is a line for people on stderr,
unless FOYER_LOG=json. FOYER_LOG_LEVEL leaves out what is below it (INFO without), FOYER_LOG_SHARE
all but a share (0 to 1) of the lines of work that went well.
"""

from __future__ import annotations

import logging
import random
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TextIO

from aws_lambda_powertools.logging import Logger

from chalicelib.kit.buckets import Bucket
from chalicelib.platform.observability.formatters import Form, Json, Line, Text

NAME = "foyer"
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_FLOOD = Bucket(size=10, rate=1)
"""Lines of a process, at once and a second, about what was refused for want of budget."""
_flooded_until = 0.0


@dataclass(frozen=True, slots=True)
class Settings:
    """How this process logs."""

    in_lambda: bool
    as_json: bool
    level: str
    share: float


def read_settings(env: Mapping[str, str]) -> Settings:
    """What the environment says; nonsense counts as unsaid, for nobody shall be kept from working
    by how it is logged."""
    in_lambda = "AWS_LAMBDA_FUNCTION_NAME" in env
    form, level = env.get("FOYER_LOG"), env.get("FOYER_LOG_LEVEL", "").upper()
    try:
        share = float(env.get("FOYER_LOG_SHARE") or 1)
    except ValueError:
        share = 1.0
    as_json = in_lambda if form not in ("json", "text") else form == "json"
    return Settings(in_lambda, as_json, level if level in _LEVELS else "INFO", share)


class Stream(logging.StreamHandler[TextIO]):
    """Writes to where the process's output goes at that moment: it may be replaced."""

    def __init__(self) -> None:
        self.where = "stderr"
        self.form: Form = Text()
        super().__init__()

    def configure(self, settings: Settings) -> None:
        """Write as `settings` say."""
        self.where = "stdout" if settings.in_lambda else "stderr"
        self.form = Json() if settings.as_json else Text()
        self.setFormatter(self.form)

    def handleError(self, record: logging.LogRecord) -> None:
        """Go on where a line can't be written: the base class says so there, and fails again."""
        if not isinstance(sys.exc_info()[1], OSError | ValueError):
            super().handleError(record)

    def put(self, line: str) -> None:
        """Write a whole line; where it can't be written (a full disk, a closed terminal), work
        goes on without."""
        self.acquire()
        try:
            with suppress(OSError, ValueError):
                self.stream.write(line + self.terminator)
                self.flush()
        finally:
            self.release()

    @property
    def stream(self) -> TextIO:
        stream: TextIO = getattr(sys, self.where)
        return stream

    @stream.setter
    def stream(self, stream: TextIO) -> None:
        """The base class sets it once."""


settings = read_settings({})
_stream = Stream()
_log = logging.getLogger(NAME)
logger = Logger(service=NAME, logger_handler=_stream, logger_formatter=_stream.form)


def configure(env: Mapping[str, str]) -> None:
    """Log as the environment says; of other libraries, what they warn of.

    Lambda would keep all that they inform of, PynamoDB's settings at each cold start, say.
    """
    global settings, _flooded_until
    settings, _flooded_until = read_settings(env), 0.0
    logging.getLogger().setLevel(logging.WARNING)
    _stream.configure(settings)
    _log.setLevel(settings.level)


def take_in_others() -> None:
    """Write what other libraries warn of in the same form; for a process that is all ours."""
    others = Stream()
    others.configure(settings)
    others.addFilter(lambda record: record.name.partition(".")[0] != NAME)
    logging.getLogger().addHandler(others)


def wants(level: int, *, is_flood: bool) -> bool:
    """Whether a piece of work is to be logged: those that went well are only in their share, and
    of a flood that is refused some a second."""
    if level > logging.INFO:
        return _log.isEnabledFor(level)
    share = settings.share
    is_wanted = _log.isEnabledFor(level) and (share >= 1 or random.random() < share)
    return is_wanted and (not is_flood or _may_tell_of_flood())


def _may_tell_of_flood() -> bool:
    """Whoever sends without end writes no log without end. A race of threads tells one more."""
    global _flooded_until
    now = time.monotonic()
    after = _FLOOD.spend(_flooded_until, 1, now)
    if _FLOOD.wait(after, now):
        return False
    _flooded_until = after
    return True


def write(line: Line) -> None:
    """Log a piece of work. Not by a record of the standard library's: that takes three times as
    long as all the rest."""
    _stream.put(_stream.form.line(line))


def write_metrics(line: str) -> None:
    """Put a line of metrics among the others, whatever their level."""
    _stream.put(line)
