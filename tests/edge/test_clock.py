"""The clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.edge import clock

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_a_failing_job_keeps_none_of_the_others_and_is_heard_of() -> None:
    done: list[datetime] = []

    def fail(now: datetime, ends: float) -> None:
        raise RuntimeError("out of order")

    def work(now: datetime, ends: float) -> None:
        done.append(now)

    with pytest.raises(ExceptionGroup) as failed:
        clock.tick([fail, work, fail], NOON)
    assert done == [NOON]
    assert [str(each) for each in failed.value.exceptions] == ["out of order"] * 2
