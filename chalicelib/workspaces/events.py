"""Facts about a workspace itself."""

from __future__ import annotations

from typing import ClassVar

from chalicelib.kit.events import Event


class WorkspaceUpdated(Event, frozen=True, kw_only=True):
    """Settings changed; `changed` names them (`name`, `widget`, `identity`, …)."""

    name: ClassVar[str] = "workspace.updated"
    changed: list[str]
