"""What `wiring` collects of this module."""

from chalicelib.edge.modules import Module
from chalicelib.realtime.service import Topic
from chalicelib.visitors import actions, frames, routes, service

MODULE = Module(
    routes=routes.api,
    actions=actions.ACTIONS,
    pushes=frames.PUSHES,
    ids={"visitors": ("vis",)},
    topics={"visitors": Topic(service.may_watch)},
)
