"""The rows of the counts that `counting` keeps."""

from __future__ import annotations

import msgspec

from chalicelib.conversations.domain import Tally
from chalicelib.platform.config import table_name
from chalicelib.platform.tables.rows import (
    Model,
    NumberAttribute,
    StructAttribute,
    UnicodeAttribute,
    VersionAttribute,
)


class Count(Model):
    """Some of a workspace's counts: of a queue (`queue#<whose>`) or a reader in it
    (`reader#<mark>#<whose>`). The row `queue` alone says that all is counted."""

    class Meta:
        table_name = table_name("conversations-counts")

    workspace_id = UnicodeAttribute(hash_key=True, attr_name="ws")
    key = UnicodeAttribute(range_key=True)
    open = NumberAttribute(default=0)
    unanswered = NumberAttribute(default=0)
    read = NumberAttribute(default=0)


class TallyData(msgspec.Struct, array_like=True):
    """A `domain.Tally`, as it is kept."""

    queue: str | None = None
    is_unanswered: bool = False
    readers: tuple[str, ...] = ()


class TallyRow(Model):
    """What a conversation has added to the counts; in their table, apart from them."""

    class Meta:
        table_name = table_name("conversations-counts")

    conversation_id = UnicodeAttribute(hash_key=True, attr_name="ws")
    key = UnicodeAttribute(range_key=True, default="counted")
    data = StructAttribute(TallyData, attr_name="d")
    version = VersionAttribute(attr_name="v")

    @property
    def tally(self) -> Tally:
        """As the rules have it."""
        return Tally(self.data.queue, self.data.is_unanswered, frozenset(self.data.readers))

    @tally.setter
    def tally(self, new: Tally) -> None:
        self.data = TallyData(new.queue, new.is_unanswered, tuple(sorted(new.readers)))
