"""What can stop the one-machine runtime from starting, said in one sentence."""

from __future__ import annotations


class CannotStart(Exception):
    """Foyer can't run here as asked. The message is one sentence that says how to mend it."""
