"""ministack: AWS on this machine, with every function's own IAM role enforced."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from infra.local.engines.ports import free_ports
from tests.deploy.interpreters import clean_python, ministack_python

ACCOUNT = "000000000000"
REGION = "us-east-1"
ACCESS_KEY = "foyer"
SECRET_KEY = "foyer-local-secret"

_READY_WITHIN = 60.0

# ministack runs functions with its own interpreter, whose packages would stand in for what the
# zip lacks; it finds it in `sys.executable`. And a minute of its scheduler takes two seconds here.
_LAUNCH = """
import sys
sys.executable = sys.argv.pop(1)
from ministack.app import main
from ministack.services import eventbridge
seconds = eventbridge._parse_rate_seconds
eventbridge._parse_rate_seconds = lambda rate: seconds(rate) and seconds(rate) / 30
eventbridge._SCHEDULER_TICK_INTERVAL = 0.5
main()
"""


@dataclass(frozen=True, slots=True)
class Ministack:
    """A running ministack, with as much of a boto3 session as the deployer asks for."""

    endpoint: str
    log: Path
    region_name: str = REGION

    def get_credentials(self) -> Any:
        """The account's root keys."""
        return _session().get_credentials()

    def client(self, service: str) -> Any:
        """A boto3 client of `service`, with the account's root keys."""
        config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
        return _session().client(service, endpoint_url=self.endpoint, config=config)

    def reset(self) -> None:
        """Forget everything: an empty account."""
        request = urllib.request.Request(f"{self.endpoint}/_ministack/reset", method="POST")
        with urllib.request.urlopen(request, timeout=30):
            pass

    def mails(self) -> list[dict[str, Any]]:
        """What was sent by SES: `To` (a list), `Source`, `Subject`, `BodyText`, `BodyHtml`."""
        with urllib.request.urlopen(f"{self.endpoint}/_ministack/ses/messages", timeout=5) as told:
            messages: dict[str, list[dict[str, Any]]] = json.load(told)["messages"]
        return messages.get(ACCOUNT, [])


@functools.cache
def _session() -> Any:
    """One, since the models of AWS's services take long to read."""
    return boto3.Session(
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
        region_name=REGION,
    )


@contextmanager
def running(folder: Path) -> Iterator[Ministack]:
    """Run ministack on a free loopback port, with its files in `folder`."""
    port = free_ports(1)[0]
    log = folder / "ministack.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(ministack_python()), "-c", _LAUNCH, str(clean_python())],
            env=_environment(folder, port),
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    stack = Ministack(f"http://127.0.0.1:{port}", log)
    try:
        _wait_until_ready(stack, process)
        yield stack
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _environment(folder: Path, port: int) -> dict[str, str]:
    """Nothing of ours but the way to Node: functions inherit ministack's environment."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "AUTH": "true",
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "MINISTACK_REGION": REGION,
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "S3_DATA_DIR": str(folder / "s3"),
        "STATE_DIR": str(folder / "state"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONTZPATH": "",  # Lambda's system has no time zones either
    }


def _wait_until_ready(stack: Ministack, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _READY_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{stack.endpoint}/_ministack/health", timeout=2):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"ministack did not start:\n{stack.log.read_text()[-2000:]}")
