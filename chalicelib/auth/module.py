"""What `wiring` collects of this module."""

from chalicelib.auth import routes
from chalicelib.edge.modules import Module

MODULE = Module(routes=routes.api, ids={"users": ("usr", "inv")})
