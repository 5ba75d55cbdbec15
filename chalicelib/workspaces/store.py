"""Where workspaces are kept.

| question                        | asked of                  | key        |
|---------------------------------|---------------------------|------------|
| one workspace                   | workspaces                | id         |
| whose widget key is this        | workspaces, by_widget_key | widget_key |

A row is about 1 kB: reading it costs one unit (strongly consistent), changing it in a
transaction two, or four with a second kilobyte of texts. Widget keys are 128 random bits, so
nothing has to keep them unique; the index holds keys only, so it costs nothing when other
settings change.
"""

from __future__ import annotations

from typing import cast

import msgspec
from pynamodb.exceptions import DoesNotExist
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.platform.config import table_name
from chalicelib.platform.tables import commits
from chalicelib.platform.tables.commits import Write
from chalicelib.platform.tables.rows import (
    BooleanAttribute,
    InstantAttribute,
    Model,
    UnicodeAttribute,
    VersionAttribute,
)
from chalicelib.workspaces.domain import IdentityMode, IdentitySecret, Widget, Workspace


class ByWidgetKey(GlobalSecondaryIndex["WorkspaceRow"]):
    class Meta:
        index_name = "by_widget_key"
        projection = KeysOnlyProjection()

    widget_key = UnicodeAttribute(hash_key=True)


class WorkspaceRow(Model):
    class Meta:
        table_name = table_name("workspaces")

    id = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute()
    widget_key = UnicodeAttribute()
    created_at = InstantAttribute()
    widget = UnicodeAttribute()
    identity_mode = UnicodeAttribute()
    secrets = UnicodeAttribute()
    assign_on_reply = BooleanAttribute()
    version = VersionAttribute()

    by_widget_key = ByWidgetKey()


def find_workspace(workspace_id: str) -> Workspace | None:
    """One workspace, as of now. One read unit."""
    try:
        return _from_row(WorkspaceRow.get(workspace_id, consistent_read=True))
    except DoesNotExist:
        return None


def find_id_by_widget_key(widget_key: str) -> str | None:
    """Whose key this is. Half a read unit."""
    for row in WorkspaceRow.by_widget_key.query(widget_key, limit=1):
        return str(row.id)
    return None


def add(workspace: Workspace) -> Write:
    """A new workspace."""
    return commits.put_new(_to_row(workspace))


def replace(workspace: Workspace) -> Write:
    """The workspace with its new values; its `version` must be the one that was read."""
    row = _to_row(workspace)
    row.version = workspace.version
    return commits.save(row)


def _to_row(workspace: Workspace) -> WorkspaceRow:
    return WorkspaceRow(
        id=workspace.id,
        name=workspace.name,
        widget_key=workspace.widget_key,
        created_at=workspace.created_at,
        widget=msgspec.json.encode(workspace.widget).decode(),
        identity_mode=workspace.identity_mode,
        secrets=msgspec.json.encode(workspace.secrets).decode(),
        assign_on_reply=workspace.assign_on_reply,
    )


def _from_row(row: WorkspaceRow) -> Workspace:
    return Workspace(
        id=row.id,
        name=row.name,
        widget_key=row.widget_key,
        created_at=row.created_at,
        widget=msgspec.json.decode(row.widget, type=Widget),
        identity_mode=cast(IdentityMode, row.identity_mode),
        secrets=msgspec.json.decode(row.secrets, type=tuple[IdentitySecret, ...]),
        assign_on_reply=row.assign_on_reply,
        version=row.version,
    )
