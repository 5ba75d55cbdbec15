"""What `wiring` collects of this module."""

from chalicelib.edge.modules import Module
from chalicelib.realtime import actions, routes

MODULE = Module(routes=routes.api, actions=actions.ACTIONS)
