"""People who have just signed up, and whom they invite."""

from __future__ import annotations

from typing import Any

from tests.auth.people import (
    an_address,
    caller,
    person_of,
    sign_up_body,
)
from tests.support.api import Answer, Client
from tests.support.team import Person


def sign_up(**changed: Any) -> Answer:
    return caller().post("/v1/auth/signup", sign_up_body(**changed))


def new_person_unverified() -> Person:
    """Somebody who has just signed up."""
    return person_of(sign_up().ok())


def inviting(by: Client, email: str = "") -> Answer:
    return by.post("/v1/users", {"email": email or an_address(), "role": "operator"})
