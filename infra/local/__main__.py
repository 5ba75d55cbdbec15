"""`python -m infra.local`: Foyer on this machine, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

from chalicelib.platform.observability import logs
from infra.local.problems import CannotStart
from infra.local.start import start


def main() -> int:
    """Run; 0 after a clean stop, 1 when it can't start."""
    logs.take_in_others()
    signal.signal(signal.SIGTERM, _exit)
    try:
        start(os.environ, _say)
    except CannotStart as problem:
        print(f"Foyer can't start. {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


def _exit(number: int, frame: FrameType | None) -> None:
    """Before the event loop takes over, SIGTERM ends the start as Ctrl-C does."""
    del number, frame
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
