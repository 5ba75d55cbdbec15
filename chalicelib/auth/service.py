"""What other modules may ask about people."""

from __future__ import annotations

from chalicelib.auth.domain import NoMember
from chalicelib.auth.members import Colleague, find_colleague, get_colleague, team
from chalicelib.auth.sessions import authenticate, check_session

__all__ = [
    "Colleague", "NoMember", "authenticate", "check_session", "find_colleague", "get_colleague",
    "team",
]  # fmt: skip
