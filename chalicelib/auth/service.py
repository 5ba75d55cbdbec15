"""What other modules may ask about people."""

from __future__ import annotations

from chalicelib.auth.domain import NoMember
from chalicelib.auth.members import Colleague, find, team
from chalicelib.auth.members import colleague as member
from chalicelib.auth.sessions import authenticate, still_signed_in

__all__ = [
    "Colleague", "NoMember", "authenticate", "find", "member", "still_signed_in",
    "team",
]  # fmt: skip
