"""The workspace over HTTP."""

from __future__ import annotations

from chalicelib.edge.http import Api
from chalicelib.kit.actors import Context, Operator
from chalicelib.kit.grants import Grant
from chalicelib.workspaces import service
from chalicelib.workspaces.schemas import IdentitySecretOut, WorkspaceChange, WorkspaceOut

api = Api("workspaces")


@api.get("/v1/workspace", by=(Operator,), answers=WorkspaceOut)
def get_workspace(ctx: Context[Operator]) -> WorkspaceOut:
    """The caller's workspace.

    `identity.secrets` is empty for operators: owners and admins see them.
    """
    return service.get(ctx)


@api.patch(
    "/v1/workspace",
    by=(Operator,),
    needs=Grant.SETTINGS_MANAGE,
    body=WorkspaceChange,
    answers=WorkspaceOut,
    secret=True,
)
def change_workspace(ctx: Context[Operator], body: WorkspaceChange) -> WorkspaceOut:
    """Change settings; what is left out stays. Widgets show the change within seconds."""
    return service.change(ctx, body)


@api.post(
    "/v1/workspace/widget-key",
    by=(Operator,),
    needs=Grant.SETTINGS_MANAGE,
    answers=WorkspaceOut,
    secret=True,
)
def replace_widget_key(ctx: Context[Operator]) -> WorkspaceOut:
    """Replace the widget's key; pages that have the old one lose the widget."""
    return service.replace_widget_key(ctx)


@api.post(
    "/v1/workspace/identity-secrets",
    status=201,
    by=(Operator,),
    needs=Grant.SETTINGS_MANAGE,
    answers=IdentitySecretOut,
    secret=True,
)
def add_identity_secret(ctx: Context[Operator]) -> IdentitySecretOut:
    """Add a secret to sign identities with; at most two are active."""
    return service.add_identity_secret(ctx)


@api.delete("/v1/workspace/identity-secrets/{id}", by=(Operator,), needs=Grant.SETTINGS_MANAGE)
def remove_identity_secret(ctx: Context[Operator], id: str) -> None:
    """Delete a secret; identities signed with it are no longer believed."""
    service.remove_identity_secret(ctx, id)
