"""The file storage of a machine: SeaweedFS by S3's own client."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.local.demo.client import ApiClient
from infra.local.settings import ACCESS_KEY, REGION
from infra.local.testing import LocalFoyer

BUCKET = "foyer-files"


def storage_of(foyer: LocalFoyer, secret: str | None = None) -> Any:
    ports = json.loads((foyer.data / "run" / "storage-ports.json").read_text())
    return boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{ports['s3']}",
        region_name=REGION,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=secret or json.loads((foyer.data / "keys" / "storage").read_text()),
        config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
    )


def read_file(files: Any, key: str) -> bytes:
    """A file, once its volume has joined: that may be a moment after the first has."""
    deadline = time.monotonic() + 10
    while True:
        try:
            body: bytes = files.get_object(Bucket=BUCKET, Key=key)["Body"].read()
            return body
        except ClientError as error:
            if error.response["Error"]["Code"] != "InternalError" or time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def test_files_are_there_when_health_says_ok_and_survive_a_kill(tmp_path: Path) -> None:
    notes = {"FOYER_APP": "tests.local.tinyapp", "TINYAPP_NOTES": str(tmp_path / "notes")}
    with LocalFoyer(storage=True, env=notes, data=tmp_path / "data") as foyer:
        assert ApiClient(foyer.url).ask("GET", "/v1/health") == {"status": "ok"}
        files = storage_of(foyer)
        files.put_object(Bucket=BUCKET, Key="a/b.bin", Body=b"x" * 300_000)
        foyer.kill9()
        foyer.start()
        assert len(read_file(storage_of(foyer), "a/b.bin")) == 300_000
        with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
            storage_of(foyer, "another key").get_object(Bucket=BUCKET, Key="a/b.bin")
        began = time.monotonic()
        assert foyer.stop() == 0
        assert time.monotonic() - began < 5
        ports = json.loads((foyer.data / "run" / "storage-ports.json").read_text())
        left = {path.name for path in Path("/tmp").glob("seaweedfs-*.sock")}  # noqa: S108
        assert not {name for name in left for port in ports.values() if f"-{port}." in name}
