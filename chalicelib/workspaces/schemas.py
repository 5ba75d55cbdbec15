"""Wire shapes of a workspace."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.edge.wire import Input, Output
from chalicelib.kit.grants import Grant
from chalicelib.kit.instants import Instant
from chalicelib.workspaces.domain import IdentityMode, Workspace

NAME_LIMIT = 80
TEXT_LIMIT = 500

Colour = Annotated[str, msgspec.Meta(pattern=r"^#[0-9a-fA-F]{6}\Z", description="`#rrggbb`")]
# Twice the limit, because blanks at the ends don't count; the service checks the rest.
Text = Annotated[str, msgspec.Meta(max_length=TEXT_LIMIT * 2)]
Name = Annotated[str, msgspec.Meta(max_length=NAME_LIMIT * 2)]


class WidgetOut(Output):
    """How the widget looks and what it says."""

    colour: str
    position: Literal["right", "left"]
    greeting: str
    intro: str
    reply_expectation: str
    launcher_hidden: bool
    presence: bool
    theme: Literal["auto", "light", "dark"]


class IdentitySecretOut(Output):
    """A secret that identities may be signed with."""

    id: str
    secret: str
    created_at: Instant


class IdentityOut(Output):
    """How identities are checked; `secrets` is empty for operators."""

    mode: IdentityMode
    secrets: list[IdentitySecretOut]


class SettingsOut(Output):
    """How the workspace works."""

    assign_on_reply: bool


class WorkspaceOut(Output):
    """The caller's workspace."""

    id: str
    name: str
    widget_key: str
    widget: WidgetOut
    identity: IdentityOut
    settings: SettingsOut
    version: int

    @staticmethod
    def of(workspace: Workspace, grants: frozenset[Grant]) -> WorkspaceOut:
        """As somebody with these grants may see it."""
        secrets = workspace.secrets if Grant.SETTINGS_MANAGE in grants else ()
        return WorkspaceOut(
            id=workspace.id,
            name=workspace.name,
            widget_key=workspace.widget_key,
            widget=WidgetOut(**msgspec.structs.asdict(workspace.widget)),
            identity=IdentityOut(
                mode=workspace.identity_mode,
                secrets=[IdentitySecretOut(**msgspec.structs.asdict(one)) for one in secrets],
            ),
            settings=SettingsOut(assign_on_reply=workspace.assign_on_reply),
            version=workspace.version,
        )


class WidgetChange(Input):
    """What of the widget to change; what is left out stays."""

    colour: Colour | UnsetType = UNSET
    position: Literal["right", "left"] | UnsetType = UNSET
    greeting: Text | UnsetType = UNSET
    intro: Text | UnsetType = UNSET
    reply_expectation: Text | UnsetType = UNSET
    launcher_hidden: bool | UnsetType = UNSET
    presence: bool | UnsetType = UNSET
    theme: Literal["auto", "light", "dark"] | UnsetType = UNSET


class IdentityChange(Input):
    """How identities are to be checked."""

    mode: IdentityMode | UnsetType = UNSET


class SettingsChange(Input):
    """What of the settings to change; what is left out stays."""

    assign_on_reply: bool | UnsetType = UNSET


class WorkspaceChange(Input):
    """What of the workspace to change; what is left out stays."""

    name: Name | UnsetType = UNSET
    widget: WidgetChange | UnsetType = UNSET
    identity: IdentityChange | UnsetType = UNSET
    settings: SettingsChange | UnsetType = UNSET
