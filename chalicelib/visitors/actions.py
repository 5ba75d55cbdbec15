"""Socket frames of visitors."""

from __future__ import annotations

from chalicelib.edge.frames import Action
from chalicelib.kit.actors import Visitor
from chalicelib.visitors import service
from chalicelib.visitors.frames import PresenceFrame

ACTIONS = (Action("presence", PresenceFrame, (Visitor,), service.record_presence, cost=2),)
