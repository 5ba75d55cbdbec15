"""Who asks, and the context of one request.

The workspace always comes from the credential, never from a path or a body.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

import msgspec

from chalicelib.kit.grants import Grant, Role, Scope

AuthorType = Literal["contact", "operator", "workflow", "system"]


class Author(msgspec.Struct, frozen=True):
    """Who wrote or did something, as shown to people."""

    type: AuthorType
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Source:
    """Whose doing an event is, where and when."""

    workspace_id: str
    actor: Author
    at: datetime

    @classmethod
    def of(cls, actor: Doer, at: datetime) -> Source:
        """What an actor does."""
        return cls(actor.workspace_id, actor.author, at)


@dataclass(frozen=True, slots=True)
class Nobody:
    """Somebody without a credential."""

    id: str = ""
    workspace_id: str = ""


@dataclass(frozen=True, slots=True)
class Operator:
    """A member of the workspace, signed in, with what they may do and see.

    `departments` are ids of those that they are in; `scope` says which conversations they see.
    """

    id: str
    workspace_id: str
    name: str
    role: Role
    session_id: str
    grants: frozenset[Grant] = frozenset()
    departments: frozenset[str] = frozenset()
    scope: Scope = Scope.ALL

    @property
    def author(self) -> Author:
        """As people see who did something."""
        return Author("operator", self.id, self.name)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A program that acts for the workspace, within the grants that its key was given."""

    id: str
    workspace_id: str
    name: str
    grants: frozenset[Grant] = frozenset()

    @property
    def author(self) -> Author:
        """As people see who did something."""
        return Author("system", self.id, self.name)


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser with the widget.

    `contact_id` is the contact it acts as: its own anonymous one (which may not exist yet) or,
    when `verified`, the known contact that its identity proved.

    `admitted_by` is a mark of the widget's key, `vouched_by` the id of the secret that the proof
    stands on. `names_itself` says that its page said whose it is; `claims` (what the page said
    without proof), `locale` and `time_zone` wait here for a first message to take them along.
    """

    id: str
    workspace_id: str
    contact_id: str
    verified: bool
    admitted_by: str
    vouched_by: str = ""
    names_itself: bool = False
    locale: str = ""
    time_zone: str = ""
    claims: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class System:
    """Foyer itself: schedules and reactions."""

    workspace_id: str
    id: str = "system"
    name: str = "Foyer"

    @property
    def author(self) -> Author:
        """As people see who did something."""
        return Author("system", self.id, self.name)


Actor = Nobody | Operator | ApiKey | Visitor | System
Doer = Operator | ApiKey | System
"""Who does things under a name of their own; a visitor does them as its contact."""
ActorT = TypeVar("ActorT", bound=Actor, covariant=True)


@dataclass(frozen=True, slots=True)
class Client:
    """What the network tells of the caller; `country` is ISO 3166, empty when unknown."""

    ip: str = ""
    agent: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Context(Generic[ActorT]):
    """One request: who asks, when, and under which id it is logged.

    `if_match` is the version that the caller saw (`If-Match`), None when not sent.
    """

    actor: ActorT
    now: datetime
    request_id: str
    if_match: int | None = None
    client: Client = Client()

    @property
    def workspace_id(self) -> str:
        return self.actor.workspace_id

    @property
    def author(self: Context[Doer]) -> Author:
        """The caller as people see who did something. A visitor's name is its contact's."""
        return self.actor.author

    def source(self: Context[Doer]) -> Source:
        """The caller, as whose doing an event is."""
        return Source.of(self.actor, self.now)
