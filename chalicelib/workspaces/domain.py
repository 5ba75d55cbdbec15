"""What a workspace is, and its rules."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from chalicelib.kit.problems import Conflict, Missing

MOST_SECRETS = 2
"""Two, so that a secret can be replaced while both the old and the new one are good."""

IdentityMode = Literal["off", "report", "required"]


class NoSecret(Missing):
    code = "identity_secret.not_found"
    title = "No such secret"


class SecretsFull(Conflict):
    code = "identity_secret.limit"
    title = "Two secrets are the most; delete one first"


class Widget(msgspec.Struct, frozen=True, kw_only=True):
    """How the widget looks and what it says. `colour` is `#rrggbb`."""

    colour: str = "#3b5bdb"
    position: Literal["right", "left"] = "right"
    greeting: str = "Hi there"
    intro: str = "Ask us anything, or tell us what you think."
    reply_expectation: str = "We reply as soon as we can."
    launcher_hidden: bool = False
    presence: bool = True
    theme: Literal["auto", "light", "dark"] = "auto"


class IdentitySecret(msgspec.Struct, frozen=True):
    """A key that the workspace's own server signs identities with."""

    id: str
    secret: str
    created_at: str


class Workspace(msgspec.Struct, frozen=True, kw_only=True):
    """A workspace as it is kept.

    `widget_key` is public (it stands in the page's source). `version` counts changes.
    """

    id: str
    name: str
    widget_key: str
    created_at: datetime
    widget: Widget = Widget()
    identity_mode: IdentityMode = "report"
    secrets: tuple[IdentitySecret, ...] = ()
    assign_on_reply: bool = True
    version: int = 0


def add_secret(workspace: Workspace, secret: IdentitySecret) -> Workspace:
    """Add a secret. Raises SecretsFull."""
    if len(workspace.secrets) >= MOST_SECRETS:
        raise SecretsFull()
    return msgspec.structs.replace(workspace, secrets=(*workspace.secrets, secret))


def remove_secret(workspace: Workspace, secret_id: str) -> Workspace:
    """Take a secret away. Raises NoSecret."""
    secrets = tuple(secret for secret in workspace.secrets if secret.id != secret_id)
    if len(secrets) == len(workspace.secrets):
        raise NoSecret()
    return msgspec.structs.replace(workspace, secrets=secrets)


def changes(before: Workspace, after: Workspace) -> list[str]:
    """The names of the settings in which the two differ."""
    return [
        field
        for field in ("name", "widget", "widget_key", "identity_mode", "secrets", "assign_on_reply")
        if getattr(before, field) != getattr(after, field)
    ]
