"""What the environment says about one machine, and what it tells the application in turn."""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path

from infra.local.problems import CannotStart

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
REGION = "us-east-1"
ACCESS_KEY = "foyer"
SECRET_KEY = "foyer-local-secret"  # noqa: S105 - guards nothing: every engine listens on loopback only
STORAGE_OFF = "off"

DEFAULT_PORT = 8000
DEFAULT_WORKERS = 16


@dataclass(frozen=True, slots=True)
class Settings:
    """One machine's settings.

    `port` serves dashboard, API, socket and widget; `demo_port` the demo site, another origin.
    `workers` is how many handlers run at once. An endpoint given from outside means that the
    engine behind it isn't started; `storage_endpoint` may be `off`: then there is no file storage.
    """

    port: int
    data: Path
    demo: bool
    workers: int
    prefix: str
    bucket: str
    dynamodb_endpoint: str | None
    storage_endpoint: str | None

    @property
    def demo_port(self) -> int:
        return self.port + 1

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def socket_origin(self) -> str:
        return f"ws://{HOST}:{self.port}"

    @property
    def demo_url(self) -> str:
        return f"http://{HOST}:{self.demo_port}"

    @property
    def mail(self) -> Path:
        return self.data / "mail"

    @property
    def root_keys(self) -> Path:
        """The file with the secrets that sign."""
        return self.data / "keys" / "root"

    @property
    def storage(self) -> bool:
        """Whether there is file storage at all."""
        return self.storage_endpoint != STORAGE_OFF


def read_settings(env: Mapping[str, str]) -> Settings:
    """The settings that the environment variables name; every one has a default.

    Raises:
        CannotStart: A value is not of its kind.
    """
    data = Path(env.get("FOYER_DATA") or ".foyer").expanduser()
    return Settings(
        port=_whole_number(env, "PORT", DEFAULT_PORT, 1, 65534),
        data=data if data.is_absolute() else Path.cwd() / data,
        demo=env.get("FOYER_DEMO", "1") != "0",
        workers=_whole_number(env, "FOYER_WORKERS", DEFAULT_WORKERS, 1, 256),
        prefix=env.get("FOYER_PREFIX") or "foyer",
        bucket=env.get("FOYER_BUCKET") or "foyer-files",
        dynamodb_endpoint=env.get("FOYER_DYNAMODB_ENDPOINT") or None,
        storage_endpoint=env.get("FOYER_S3_ENDPOINT") or None,
    )


def tell_application(
    settings: Settings,
    *,
    dynamodb_endpoint: str,
    storage_endpoint: str | None,
    management_port: int,
    env: MutableMapping[str, str] = os.environ,
) -> None:
    """Set the variables that the application reads, as a deployment's template would.

    Credentials are replaced: whatever keys the owner has for AWS must never reach an engine here,
    and nothing here may reach AWS.
    """
    env.update(
        AWS_REGION=REGION,
        AWS_DEFAULT_REGION=REGION,
        AWS_ACCESS_KEY_ID=ACCESS_KEY,
        AWS_SECRET_ACCESS_KEY=SECRET_KEY,
        AWS_EC2_METADATA_DISABLED="true",
        FOYER_PREFIX=settings.prefix,
        FOYER_BUCKET=settings.bucket,
        FOYER_DYNAMODB_ENDPOINT=dynamodb_endpoint,
        FOYER_SOCKET_ENDPOINT=f"http://{HOST}:{management_port}",
        FOYER_SOCKET_URL=f"{settings.socket_origin}/v1/socket",
        FOYER_PUBLIC_URL=settings.url,
        FOYER_MAIL_DIR=str(settings.mail),
        FOYER_ROOT_KEY_FILE=str(settings.root_keys),
    )
    for name in (
        *("AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL"),
        "FOYER_ROOT_KEY_PARAMETER",
    ):
        env.pop(name, None)
    if storage_endpoint is None:
        env.pop("FOYER_S3_ENDPOINT", None)
    else:
        env["FOYER_S3_ENDPOINT"] = storage_endpoint


def _whole_number(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise CannotStart(f"{name}={text} is not a whole number from {low} to {high}.")
    return int(text)
