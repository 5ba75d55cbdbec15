from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.platform import sdk


def test_a_client_is_made_once_however_many_threads_ask() -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: sdk.client("ssm"), range(16)))
    assert len({id(client) for client in found}) == 1
    assert sdk.client("ssm", read_timeout=1) is not found[0]


def test_waits_are_shorter_than_the_gateways_patience() -> None:
    config: Any = sdk.client("ssm").meta.config
    longest = config.retries["total_max_attempts"] * (config.connect_timeout + config.read_timeout)
    assert longest < 29


def test_a_local_s3_has_buckets_in_its_paths_and_aws_has_them_in_its_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.delenv("FOYER_S3_ENDPOINT", raising=False)
    far = _upload_form()
    monkeypatch.setenv("FOYER_S3_ENDPOINT", "http://127.0.0.1:9")
    near = _upload_form()
    assert far["url"] == "https://files.s3.eu-central-1.amazonaws.com/"
    assert near["url"] == "http://127.0.0.1:9/files"
    assert {form["fields"]["x-amz-algorithm"] for form in (far, near)} == {"AWS4-HMAC-SHA256"}


def _upload_form() -> dict[str, Any]:
    form: dict[str, Any] = sdk.client("s3").generate_presigned_post("files", "key")
    return form
