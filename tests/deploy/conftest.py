"""The package under test, built and deployed once per test process from the checkout."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.packaging.build import build
from infra.packaging.paths import Package
from tests.deploy import local_stack, ministack
from tests.deploy.stack_cloud import StackCloud
from tests.deploy.templates import Template


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """The zip and the templates, as `make package` makes them."""
    return build("prod", tmp_path_factory.mktemp("package"))


@pytest.fixture(scope="session")
def template(package: Package) -> Template:
    """The CloudFormation template that gets deployed."""
    return Template(json.loads(package.template.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def task(package: Package, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip as Lambda unpacks it."""
    folder = tmp_path_factory.mktemp("lambda") / "task"
    with zipfile.ZipFile(package.zip) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="session")
def stack_cloud(package: Package, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackCloud]:
    """The stack, deployed on ministack by the deployer's own code."""
    folder = tmp_path_factory.mktemp("ministack")
    with ministack.running(folder) as aws:
        here = folder / "package"
        here.mkdir()
        yield StackCloud(local_stack.deploy(aws, package, here))
