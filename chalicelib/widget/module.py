"""What `wiring` collects of this module."""

from chalicelib.edge.modules import Module
from chalicelib.widget import routes

MODULE = Module(routes=routes.api)
