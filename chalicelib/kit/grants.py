"""What members of a workspace may do: all grants there are, and who has which.

A route declares the grant that it needs (`edge.http`); nothing else decides who may change what.
A role is a name for a set of grants. Which conversations a member may see is their scope.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Grant(StrEnum):
    """One thing that a member may be allowed to do. The names are part of the API."""

    CONVERSATIONS_REPLY = "conversations.reply"
    CONVERSATIONS_MANAGE = "conversations.manage"
    CONTACTS_EDIT = "contacts.edit"
    SETTINGS_MANAGE = "settings.manage"
    TEAM_MANAGE = "team.manage"

    @property
    def sentence(self) -> str:
        """What it allows, as people are told."""
        return _SENTENCES[self]


_SENTENCES: Mapping[Grant, str] = {
    Grant.CONVERSATIONS_REPLY: "Write to customers and begin conversations with them",
    Grant.CONVERSATIONS_MANAGE: "Open, close, snooze, assign, tag and rename conversations",
    Grant.CONTACTS_EDIT: (
        "Add contacts, change what is known of them, and block them or their browsers"
    ),
    Grant.SETTINGS_MANAGE: (
        "Change the workspace's settings, its widget's key and its identity secrets"
    ),
    Grant.TEAM_MANAGE: "Invite people, change their roles and remove them",
}


class Role(StrEnum):
    """A member's role, the most powerful first."""

    OWNER = "owner"
    ADMIN = "admin"
    OPERATOR = "operator"


class Scope(StrEnum):
    """Which conversations a member may see: all, their departments', or their own."""

    ALL = "all"
    DEPARTMENTS = "departments"
    ASSIGNED = "assigned"


_EVERYBODYS = frozenset(
    {Grant.CONVERSATIONS_REPLY, Grant.CONVERSATIONS_MANAGE, Grant.CONTACTS_EDIT}
)

GRANTS: Mapping[Role, frozenset[Grant]] = {
    Role.OWNER: frozenset(Grant),
    Role.ADMIN: frozenset(Grant),
    Role.OPERATOR: _EVERYBODYS,
}
"""What each role may. That only owners manage owners is a rule of its own (`auth.domain`)."""
