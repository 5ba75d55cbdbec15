"""A test that takes long says why, beside it: `@pytest.mark.slow("starts three machines")`.

With `--slowest SECONDS`, as `make test` gives it, one that takes longer without a reason fails.
What a fixture takes that others share isn't counted.
"""

from __future__ import annotations

from collections.abc import Generator

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slowest", type=float, help="seconds that a test may take without a reason")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow(reason): takes longer than others, and why")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    limit = item.config.getoption("--slowest")
    mark = item.get_closest_marker("slow")
    has_reason = mark is not None and bool(mark.args)
    if limit and report.when == "call" and call.duration > limit and not has_reason:
        report.outcome = "failed"
        report.longrepr = f"took {call.duration:.0f} s: make it quicker, or say why it is slow"
    return report
