"""What the application logs, as Lambda keeps it."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any

from chalicelib.platform.observability import logs

LAMBDA = {"AWS_LAMBDA_FUNCTION_NAME": "foyer-test"}


class Written:
    """The lines that were written since."""

    def __init__(self) -> None:
        self.out = io.StringIO()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.getvalue().splitlines()]

    def of(self, door: str) -> list[dict[str, Any]]:
        """The pieces of work that came in there."""
        return [line for line in self.lines if line.get("door") == door]

    def figures(self, name: str) -> list[float]:
        """Every value of a metric."""
        return [value for line in self.lines if "_aws" in line for value in line.get(name, [])]


@contextmanager
def log_as_lambda(**env: str) -> Iterator[Written]:
    """Log as in Lambda, with the variables given besides."""
    written = Written()
    logs.configure({**LAMBDA, **env})
    try:
        with redirect_stdout(written.out):
            yield written
    finally:
        logs.configure(os.environ)
