"""What the contract's tests need of pytest."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each case of the contract a node id of its own.

    schemathesis names its cases by their operation but leaves that out of their node ids; xdist
    then takes all of a function's cases for one and runs only the last.
    """
    for item in items:
        parent, _, last = item.nodeid.rpartition("::")
        if type(item).__name__ == "SchemathesisFunction" and last != item.name:
            item._nodeid = f"{parent}::{item.name}"
