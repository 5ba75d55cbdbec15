"""Which of the application's resources a path is, as API Gateway decides it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Match:
    """`resource` as declared; `parameters` percent-encoded as they came, None when it has none."""

    resource: str
    parameters: dict[str, str] | None


@dataclass(slots=True)
class _Node:
    """One segment of the declared paths."""

    literal: dict[str, _Node] = field(default_factory=dict)
    name: str = ""
    parameter: _Node | None = None
    resource: str | None = None


class Routes:
    """Declared paths such as `/v1/conversations/{id}`; a literal segment wins over a parameter."""

    def __init__(self, resources: Iterable[str]) -> None:
        self._root = _Node()
        for resource in resources:
            self._add(resource)

    def match(self, path: str) -> Match | None:
        """The resource of a raw (still encoded) path; a slash at its end doesn't count."""
        node = self._root
        parameters: dict[str, str] = {}
        for segment in path.removeprefix("/").removesuffix("/").split("/"):
            child = node.literal.get(segment)
            if child is None:
                if node.parameter is None or not segment:
                    return None
                parameters[node.name] = segment
                child = node.parameter
            node = child
        if node.resource is None:
            return None
        return Match(node.resource, parameters or None)

    def _add(self, resource: str) -> None:
        node = self._root
        for segment in resource.strip("/").split("/"):
            if segment.startswith("{"):
                node.name = segment[1:-1]
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node = node.literal.setdefault(segment, _Node())
        node.resource = resource
