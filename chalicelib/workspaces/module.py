"""What `wiring` collects of this module."""

from chalicelib.edge.modules import Module
from chalicelib.workspaces import routes

MODULE = Module(routes=routes.api, ids={"identity-secrets": ("sec",)})
