"""Frames that any socket may send."""

from __future__ import annotations

from typing import Any

from chalicelib.edge.frames import Action, PongFrame, SubscribedFrame
from chalicelib.kit.actors import Context, Operator, Visitor
from chalicelib.realtime import service
from chalicelib.realtime.schemas import PingFrame, TopicFrame


def subscribe(ctx: Context[Any], connection_id: str, frame: TopicFrame) -> SubscribedFrame:
    """Listen to a topic; the answer says that what happens from now on will be heard."""
    service.subscribe(ctx, connection_id, frame.topic)
    return SubscribedFrame(topic=frame.topic)


def unsubscribe(ctx: Context[Any], connection_id: str, frame: TopicFrame) -> None:
    """Stop listening to a topic."""
    service.unsubscribe(ctx, connection_id, frame.topic)


def ping(ctx: Context[Any], connection_id: str, frame: PingFrame) -> PongFrame:
    """Keep the connection from idling out, and see that it works."""
    del ctx, connection_id, frame
    return PongFrame()


ACTIONS = (
    Action("subscribe", TopicFrame, (Operator,), subscribe, cost=2),
    Action("unsubscribe", TopicFrame, (Operator,), unsubscribe),
    Action("ping", PingFrame, (Operator, Visitor), ping),
)
