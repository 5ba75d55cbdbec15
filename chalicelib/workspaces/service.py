"""What can be asked of a workspace.

Other modules take `settings` and `get_by_widget_key`, both held in the process for at most ten
seconds, and `new_workspace` for a transaction of their own.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET

from chalicelib.kit import instants, text
from chalicelib.kit.actors import Context, Operator
from chalicelib.kit.cache import Cache
from chalicelib.kit.ids import new_id
from chalicelib.kit.problems import Missing, Stale
from chalicelib.platform.tables.commits import Write, commit, retry_on_conflict
from chalicelib.workspaces import domain, store
from chalicelib.workspaces.domain import IdentitySecret, Widget, Workspace
from chalicelib.workspaces.events import WorkspaceUpdated
from chalicelib.workspaces.schemas import (
    NAME_LIMIT,
    TEXT_LIMIT,
    IdentitySecretOut,
    WidgetChange,
    WorkspaceChange,
    WorkspaceOut,
)

__all__ = [
    "NoWorkspace", "Widget", "Workspace", "add_identity_secret", "change", "clean_name",
    "get", "get_by_widget_key", "new_workspace", "remove_identity_secret", "replace_widget_key",
    "settings",
]  # fmt: skip

CACHE_SECONDS = 10.0
"""Seconds in which another process may not yet have seen a change."""

_settings: Cache[str, Workspace] = Cache(size=512, life=CACHE_SECONDS)
_owners: Cache[str, str] = Cache(size=512, life=CACHE_SECONDS)

_TEXTS = {"greeting": True, "intro": False, "reply_expectation": False}
"""The widget's texts, and whether there must be one."""


class NoWorkspace(Missing):
    code = "workspace.not_found"
    title = "No such workspace"


def settings(workspace_id: str) -> Workspace:
    """A workspace as it was at most ten seconds ago. One read unit, or none while it is held.

    Raises:
        NoWorkspace: None with this id.
    """
    return _settings.recall(workspace_id, lambda: _get(workspace_id))


def get_by_widget_key(widget_key: str) -> Workspace:
    """The workspace whose widget has this key, as of at most ten seconds ago.

    One and a half read units in two round trips, or none while it is held.

    Raises:
        NoWorkspace: No widget has this key (any more).
    """
    workspace = settings(_owners.recall(widget_key, lambda: _get_owner(widget_key)))
    if workspace.widget_key != widget_key:
        raise NoWorkspace()
    return workspace


def new_workspace(name: str, now: datetime) -> tuple[Workspace, tuple[Write, ...]]:
    """A workspace that doesn't exist yet, and the writes that make it.

    Raises:
        Invalid: The name is blank, too long or has control characters.
    """
    workspace = Workspace(
        id=new_id("ws"),
        name=clean_name("workspace_name", name),
        widget_key=_new_widget_key(),
        created_at=now,
    )
    return workspace, (store.add(workspace),)


def clean_name(field: str, name: str) -> str:
    """A workspace's name as it is kept. Raises Invalid for `field`."""
    return text.one_line(field, name, limit=NAME_LIMIT)


def get(ctx: Context[Operator]) -> WorkspaceOut:
    """The caller's workspace, as of now. One read unit."""
    return WorkspaceOut.of(_get(ctx.workspace_id), ctx.actor.grants)


def change(ctx: Context[Operator], body: WorkspaceChange) -> WorkspaceOut:
    """Merge `body` into the settings. One read unit; four write units, none if nothing differs.

    Raises:
        Invalid: A name or text that can't be taken.
        Stale: The caller saw an older version.
    """
    return WorkspaceOut.of(_update(ctx, lambda current: _merge(current, body)), ctx.actor.grants)


def add_identity_secret(ctx: Context[Operator]) -> IdentitySecretOut:
    """Add a random secret of 256 bits.

    Raises:
        SecretsFull: There are two.
    """
    secret = IdentitySecret(new_id("sec"), secrets.token_hex(32), instants.to_text(ctx.now))
    _update(ctx, lambda current: domain.add_secret(current, secret))
    return IdentitySecretOut(**msgspec.structs.asdict(secret))


def remove_identity_secret(ctx: Context[Operator], secret_id: str) -> None:
    """Take a secret away; identities signed with it are refused within ten seconds.

    Raises:
        NoSecret: None with this id.
    """
    _update(ctx, lambda current: domain.remove_secret(current, secret_id))


def replace_widget_key(ctx: Context[Operator]) -> WorkspaceOut:
    """Give the widget another key; pages with the old one lose it within ten seconds."""
    key = _new_widget_key()
    workspace = _update(ctx, lambda current: msgspec.structs.replace(current, widget_key=key))
    return WorkspaceOut.of(workspace, ctx.actor.grants)


@retry_on_conflict
def _update(ctx: Context[Operator], step: Callable[[Workspace], Workspace]) -> Workspace:
    current = _get(ctx.workspace_id)
    if ctx.if_match not in (None, current.version):
        raise Stale()
    result = step(current)
    changes = domain.changes(current, result)
    if not changes:
        return current
    commit(store.replace(result), events=[WorkspaceUpdated(changed=changes)], by=ctx.source())
    _settings.forget(ctx.workspace_id)
    return msgspec.structs.replace(result, version=current.version + 1)


def _merge(current: Workspace, change: WorkspaceChange) -> Workspace:
    new: dict[str, Any] = {}
    if change.name is not UNSET:
        new["name"] = clean_name("name", change.name)
    if change.widget is not UNSET:
        new["widget"] = msgspec.structs.replace(current.widget, **_widget_values(change.widget))
    if change.identity is not UNSET and change.identity.mode is not UNSET:
        new["identity_mode"] = change.identity.mode
    if change.settings is not UNSET and change.settings.assign_on_reply is not UNSET:
        new["assign_on_reply"] = change.settings.assign_on_reply
    return msgspec.structs.replace(current, **new)


def _widget_values(change: WidgetChange) -> dict[str, Any]:
    values = {
        name: value for name, value in msgspec.structs.asdict(change).items() if value is not UNSET
    }
    for name in _TEXTS.keys() & values.keys():
        values[name] = text.multi_line(
            f"widget.{name}", values[name], limit=TEXT_LIMIT, required=_TEXTS[name]
        )
    return values


def _get(workspace_id: str) -> Workspace:
    workspace = store.find_workspace(workspace_id)
    if workspace is None:
        raise NoWorkspace()
    return workspace


def _get_owner(widget_key: str) -> str:
    workspace_id = store.find_id_by_widget_key(widget_key) if widget_key else None
    if workspace_id is None:
        raise NoWorkspace()
    return workspace_id


def _new_widget_key() -> str:
    return f"wk_{secrets.token_hex(16)}"
