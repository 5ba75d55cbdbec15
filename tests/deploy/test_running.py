"""The package at work: once as a zip in Lambda's runtime client, once as a whole stack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from infra.packaging import policies
from tests.deploy.clouds import Cloud
from tests.deploy.recorder import Deed
from tests.deploy.scenarios import SCENARIOS
from tests.deploy.stack_cloud import StackCloud
from tests.deploy.templates import Template, to_text
from tests.deploy.test_permissions import covers
from tests.deploy.zip_cloud import ZipCloud, running_zip
from tests.support.sockets import Management

Scenario = Callable[[Cloud], None]


@pytest.fixture(scope="module")
def zip_cloud(
    task: Path,
    template: Template,
    management: Management,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[ZipCloud]:
    """The zip, running."""
    paths = list(template.properties("RestAPI")["Body"]["paths"])
    with running_zip(task, tmp_path_factory.mktemp("zip"), management, paths) as cloud:
        yield cloud


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_in_the_zip(zip_cloud: ZipCloud, scenario: Scenario) -> None:
    _go_through(scenario, zip_cloud)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_in_the_stack(stack_cloud: StackCloud, scenario: Scenario) -> None:
    scenario(stack_cloud)


@pytest.mark.slow("goes through every scenario that this worker has not")
def test_functions_do_what_they_may_and_may_what_they_do(zip_cloud: ZipCloud) -> None:
    """Every table of a policy is used by its function, and every use is in the policy."""
    for scenario in SCENARIOS:
        if scenario.__name__ not in zip_cloud.gone_through:
            _go_through(scenario, zip_cloud)
    for function, own in policies.grants().items():
        done = zip_cloud.recorders[function].deeds
        grant = policies.grant_of(function)
        assert {deed for deed in done if not _is_allowed(deed, grant)} == set(), function
        read = {_table(resource) for _, resource in done}
        written = {_table(resource) for action, resource in done if action in policies.WRITE}
        for used, names in ((read, own.get("reads", [])), (written, own.get("writes", []))):
            idle = {name for name in names if not any(covers({name}, table) for table in used)}
            assert idle == set(), function


def _go_through(scenario: Scenario, cloud: ZipCloud) -> None:
    scenario(cloud)
    cloud.gone_through.add(scenario.__name__)


def _is_allowed(deed: Deed, grant: policies.Grant) -> bool:
    action, resource = deed
    name = resource.replace("foyer-", "${Prefix}-", 1)
    return any(
        action in statement["Action"]
        and fnmatchcase(f"table/{name}", to_text(allowed).split(":")[-1])
        for statement in policies.policy(grant)["Statement"]
        for allowed in statement["Resource"]
    )


def _table(resource: str) -> str:
    return resource.partition("/")[0].removeprefix("foyer-")
