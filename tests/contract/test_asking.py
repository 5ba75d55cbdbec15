"""The contract, tested by asking: what it allows is understood, what it doesn't is refused.

Cases come from the document, the same ones on every run (`derandomize`): each boundary of each
field, what is just beyond it, and some made-up ones.
"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from tests.contract.doors import wsgi
from tests.support.sockets import Management
from tests.support.team import Team, sign_up

CHECKS = [
    schemathesis.checks.not_a_server_error,
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
]
# These would end the session or replace the widget key that the next case asks with.
ENDS = ["/v1/auth/logout", "/v1/auth/switch", "/v1/workspace/widget-key"]

contract = schemathesis.openapi.from_wsgi("/v1/openapi.json", wsgi).exclude(path=ENDS)
# A stale `If-Match` or too large a body may be found before what else is wrong with a request.
refusals = contract.config.checks.negative_data_rejection
refusals.expected_statuses = [*refusals.expected_statuses, "412", "413"]
# What visitors may not ask is refused before anything is read: tests/matrix sees to that.
for_visitors = contract.include(path_regex="^/v1/(widget/|socket-tickets)")
bounded = settings(
    max_examples=5,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def asking_team(management: Management) -> Team:
    """One workspace for all cases."""
    return sign_up(management, "Ottoline")


@pytest.fixture(scope="module")
def visitor_token(asking_team: Team) -> str:
    token = asking_team.guest().token
    assert token
    return token


@contract.parametrize()
@bounded
def test_an_owner_is_answered_as_the_contract_says(
    case: schemathesis.Case[Any], asking_team: Team
) -> None:
    ask(case, str(asking_team.owner.token))


@for_visitors.parametrize()
@bounded
def test_a_visitor_is_answered_as_the_contract_says(
    case: schemathesis.Case[Any], visitor_token: str
) -> None:
    ask(case, visitor_token)


def ask(case: schemathesis.Case[Any], token: str) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)
