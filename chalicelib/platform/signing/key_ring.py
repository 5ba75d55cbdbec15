"""The secrets of one deployment, as they are kept and as they change.

One text of lines, each `<name> <64 hex digits>`:

    names     3f…       what lasting ids are derived with; never changes
    9c41d0e2  a7…       signs what is signed now
    51b0ffee  08…       still checks what it signed before it was replaced

A rotation adds a line above the others; retiring leaves the first one alone. Pure: where the text
is kept is for `key_places`.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace

_NAMES = "names"
_LINE = re.compile(r"([a-z0-9]{1,16}) +([0-9a-f]{64})")


class NotARing(ValueError):
    """The text is something else; nothing of it is told, for it may hold secrets."""


@dataclass(frozen=True, slots=True)
class Ring:
    """`names` derives lasting ids; `signing` has (id, secret) pairs, the one that signs first."""

    names: bytes
    signing: tuple[tuple[str, bytes], ...]

    def rotate(self) -> Ring:
        """With a new secret to sign with; the former ones still check."""
        return replace(self, signing=(_fresh(), *self.signing))

    def retire(self) -> Ring:
        """Only what signs now checks, too."""
        return replace(self, signing=self.signing[:1])

    def to_text(self) -> str:
        """The text to keep."""
        lines = ((_NAMES, self.names), *self.signing)
        return "".join(f"{name} {secret.hex()}\n" for name, secret in lines)

    def __repr__(self) -> str:
        """Ids alone: a ring may get into a log or a traceback."""
        return f"Ring({', '.join(name for name, _ in self.signing)})"


def fresh() -> Ring:
    """The ring of a new deployment."""
    return Ring(secrets.token_bytes(32), (_fresh(),))


def from_one_secret(root: bytes) -> Ring:
    """The ring of a deployment that had a single secret for everything: all stays valid."""
    return Ring(root, (("1", root),))


def from_text(text: str) -> Ring:
    """The ring that `to_text` wrote.

    Raises:
        NotARing: It isn't one.
    """
    matches = [_LINE.fullmatch(line.strip()) for line in text.splitlines() if line.strip()]
    pairs = [(match[1], bytes.fromhex(match[2])) for match in matches if match]
    names = [secret for name, secret in pairs if name == _NAMES]
    signing = tuple(pair for pair in pairs if pair[0] != _NAMES)
    ids = {name for name, _ in signing}
    if len(pairs) != len(matches) or len(names) != 1 or not signing or len(ids) != len(signing):
        raise NotARing("these are no root keys of Foyer")
    return Ring(names[0], signing)


def describe_rotation(*, retire: bool) -> str:
    """What a rotation did, for whoever asked for it."""
    if retire:
        return "Only the newest key counts now; running processes follow within five minutes."
    return "A new key signs; retire the former ones when you like, at once if one leaked."


def _fresh() -> tuple[str, bytes]:
    return secrets.token_hex(4), secrets.token_bytes(32)
