"""Settings from the environment, read once, on first use (importing needs none of them)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

MAILS_PER_DAY = 1000


@dataclass(frozen=True, slots=True)
class Config:
    """Where this deployment's things are. Every field has a default that suits one machine."""

    prefix: str
    region: str
    bucket: str
    queues: str
    socket_endpoint: str
    socket_url: str
    public_url: str
    mail_folder: Path | None
    mail_from: str
    smtp_url: str
    site_key: str
    site_only: bool
    version: str
    limits: float
    signup_open: bool
    mails_per_day: int


@lru_cache(maxsize=1)
def config() -> Config:
    """The process's settings; `config.cache_clear()` reads them again (tests)."""
    env = os.environ
    folder = env.get("FOYER_MAIL_DIR")
    return Config(
        prefix=env.get("FOYER_PREFIX", "foyer"),
        region=env.get("AWS_REGION", "us-east-1"),
        bucket=env.get("FOYER_BUCKET", "foyer"),
        queues=env.get("FOYER_QUEUES", ""),
        socket_endpoint=env.get("FOYER_SOCKET_ENDPOINT", "").rstrip("/"),
        socket_url=env.get("FOYER_SOCKET_URL", ""),
        public_url=env.get("FOYER_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"),
        mail_folder=Path(folder) if folder else None,
        mail_from=env.get("FOYER_MAIL_FROM", "Foyer <no-reply@foyer.local>"),
        smtp_url=env.get("FOYER_SMTP_URL", ""),
        site_key=env.get("FOYER_SITE_KEY", ""),
        site_only=env.get("FOYER_SITE_ONLY", "no") == "yes",
        version=env.get("FOYER_VERSION", "0.1.0"),
        limits=float(env.get("FOYER_LIMITS", "1")),
        signup_open=env.get("FOYER_SIGNUP", "first") == "open",
        mails_per_day=int(env.get("FOYER_MAILS_PER_DAY") or MAILS_PER_DAY),
    )


def table_name(table: str) -> str:
    """The full name of one of our tables. Read from the environment at import, by PynamoDB."""
    return f"{os.environ.get('FOYER_PREFIX', 'foyer')}-{table}"
