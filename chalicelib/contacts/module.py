"""What `wiring` collects of this module."""

from chalicelib.contacts import frames, routes
from chalicelib.edge.modules import Module

MODULE = Module(routes=routes.api, pushes=frames.PUSHES, ids={"contacts": ("con",)})
