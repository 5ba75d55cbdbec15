"""What a module brings along: its manifest, which `wiring` collects.

Each package has a `module.py` with a `MODULE`. What connects modules with each other (who reacts to
whose events) isn't in it: that stands on one screen, in `wiring.py` and `lanes.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from chalicelib.edge.clock import Handler, Job
from chalicelib.edge.frames import Action, Push
from chalicelib.edge.http import Api

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One module's declarations; what it doesn't have is left out."""

    routes: Api
    actions: Sequence[Action] = ()
    """Frames that clients may send."""
    pushes: Sequence[Push] = ()
    """Frames that it sends."""
    ids: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """How the ids begin that stand behind a collection in a path: `{"conversations": ["cnv"]}`."""
    topics: Mapping[str, Any] = field(default_factory=dict)
    """What sockets may subscribe to (`realtime.Topic`), by the first part of the name."""
    due: Mapping[str, Handler] = field(default_factory=dict)
    """What it lets wait for the clock (`platform.tables.due`), by its kind."""
    jobs: Sequence[Job] = ()
    """What it does each minute."""


def merge(parts: Iterable[Mapping[str, T]]) -> dict[str, T]:
    """All of them in one.

    Raises:
        ValueError: Two modules declare the same.
    """
    whole: dict[str, T] = {}
    for part in parts:
        if twice := whole.keys() & part.keys():
            raise ValueError(f"declared by two modules: {', '.join(sorted(twice))}")
        whole |= part
    return whole
