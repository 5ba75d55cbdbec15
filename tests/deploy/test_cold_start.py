"""A cold start costs little more than the runtime itself."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.deploy.cold_start import BARE, measure
from tests.deploy.interpreters import clean_python
from tests.deploy.zip_cloud import environment
from tests.support.sockets import Management

# Of the CPU time of a handler that does nothing, so that a busy machine makes no difference.
# The clock's figures are in bench/cold-start.json.
TIMES_BARE = 7


@pytest.mark.slow("starts each function so often that one start is undisturbed")
def test_no_function_starts_seven_times_slower_than_nothing(
    task: Path, management: Management, tmp_path: Path
) -> None:
    engine = os.environ["FOYER_DYNAMODB_ENDPOINT"]
    settings = environment(engine, management.endpoint, tmp_path)
    seconds = measure(task, settings, rounds=3)
    times = {handler: took.cpu / seconds[BARE].cpu for handler, took in seconds.items()}
    assert max(times.values()) <= TIMES_BARE, times


def test_a_start_brings_no_sdk_client_and_whoever_wants_one_gets_it(task: Path) -> None:
    """PynamoDB would import botocore's client, which the thin transport replaces."""
    ask = """
import sys, app
assert "botocore.client" not in sys.modules and "urllib3" not in sys.modules
import boto3, botocore.session
from pynamodb.connection.base import Connection
boto3.client("sesv2", region_name="eu-central-1")
assert isinstance(Connection().session, botocore.session.Session)
"""
    run = subprocess.run(
        [str(clean_python()), "-c", ask],
        env={"PYTHONPATH": str(task), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.stderr, run.returncode) == ("", 0)
