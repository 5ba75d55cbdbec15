"""What the environment says about one machine, and what it tells the application in turn."""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from chalicelib.platform import sdk
from infra.local.problems import CannotStart

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
REGION = "us-east-1"
ACCESS_KEY = "foyer"
SECRET_KEY = "foyer-local-secret"  # noqa: S105 - for engines of the owner's own; ours have another
STORAGE_OFF = "off"
Network = IPv4Network | IPv6Network

DEFAULT_PORT = 8000
DEFAULT_WORKERS = 16


@dataclass(frozen=True, slots=True)
class Settings:
    """One machine's settings.

    `port` serves dashboard, API, socket and widget; `demo_port` the demo site, another origin;
    `local_port` the pages for whoever sits at this machine. `workers` is how many handlers run at
    once. An endpoint given from outside means that the engine behind it isn't started;
    `storage_endpoint` may be `off`: then there is no file storage.

    `public_url` is how people reach the dashboard, through `trusted_proxies` where it isn't this
    machine's own address; `hosts` are further names that the public door answers to.
    `piped` gives the database no port, even where it could be hidden.
    """

    port: int
    local_port: int
    data: Path
    demo: bool
    workers: int
    prefix: str
    bucket: str
    dynamodb_endpoint: str | None
    storage_endpoint: str | None
    public_url: str
    trusted_proxies: tuple[Network, ...]
    hosts: tuple[str, ...]
    smtp_url: str | None
    piped: bool

    @property
    def demo_port(self) -> int:
        return self.port + 1

    @property
    def url(self) -> str:
        """The public door as this machine itself reaches it."""
        return f"http://{HOST}:{self.port}"

    @property
    def socket_origin(self) -> str:
        """Where browsers open their sockets."""
        return "ws" + self.public_url.removeprefix("http")

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

    @property
    def is_public(self) -> bool:
        """Whether people reach it from elsewhere, through a proxy: docs/small-server.md."""
        return not _is_loopback(urlsplit(self.public_url).hostname or "")


def read_settings(env: Mapping[str, str]) -> Settings:
    """The settings that the environment variables name; every one has a default.

    Raises:
        CannotStart: A value is not of its kind, or two of them don't go together.
    """
    data = Path(env.get("FOYER_DATA") or ".foyer").expanduser()
    port = _whole_number(env, "PORT", DEFAULT_PORT, 1, 65533)
    public_url = _origin(env, f"http://{HOST}:{port}")
    alone = _is_loopback(urlsplit(public_url).hostname or "") and not env.get("FOYER_SMTP_URL")
    settings = Settings(
        port=port,
        local_port=_whole_number(env, "FOYER_LOCAL_PORT", port + 2, 1, 65535),
        data=data if data.is_absolute() else Path.cwd() / data,
        demo=(env.get("FOYER_DEMO") or ("1" if alone else "0")) != "0",
        workers=_whole_number(env, "FOYER_WORKERS", DEFAULT_WORKERS, 1, 256),
        prefix=env.get("FOYER_PREFIX") or "foyer",
        bucket=env.get("FOYER_BUCKET") or "foyer-files",
        dynamodb_endpoint=env.get("FOYER_DYNAMODB_ENDPOINT") or None,
        storage_endpoint=env.get("FOYER_S3_ENDPOINT") or None,
        public_url=public_url,
        trusted_proxies=_networks(env),
        hosts=tuple(_list_items(env.get("FOYER_HOSTS"))),
        smtp_url=env.get("FOYER_SMTP_URL") or None,
        piped=(env.get("FOYER_DYNAMODB_PIPED") or "0") != "0",
    )
    _check(settings, env)
    return settings


def tell_application(
    settings: Settings,
    *,
    dynamodb_endpoint: str,
    storage_endpoint: str | None,
    storage_secret: str,
    socket_endpoint: str,
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
        AWS_SECRET_ACCESS_KEY=storage_secret,
        AWS_EC2_METADATA_DISABLED="true",
        FOYER_PREFIX=settings.prefix,
        FOYER_BUCKET=settings.bucket,
        FOYER_DYNAMODB_ENDPOINT=dynamodb_endpoint,
        FOYER_SOCKET_ENDPOINT=socket_endpoint,
        FOYER_SOCKET_URL=f"{settings.socket_origin}/v1/socket",
        FOYER_PUBLIC_URL=settings.public_url,
        FOYER_ROOT_KEY_FILE=str(settings.root_keys),
    )
    variables = {
        "FOYER_S3_ENDPOINT": storage_endpoint,
        "FOYER_SMTP_URL": settings.smtp_url,
        "FOYER_MAIL_DIR": None if settings.smtp_url else str(settings.mail),
    }
    unwanted = (
        "AWS_SESSION_TOKEN",
        "AWS_PROFILE",
        "AWS_ENDPOINT_URL",
        "FOYER_ROOT_KEY_PARAMETER",
        "FOYER_QUEUES",
    )
    for name, value in {**variables, **dict.fromkeys(unwanted)}.items():
        if value is None:
            env.pop(name, None)
        else:
            env[name] = value


def _check(settings: Settings, env: Mapping[str, str]) -> None:
    if settings.is_public:
        if not settings.public_url.startswith("https://"):
            raise CannotStart(
                f"FOYER_PUBLIC_URL={settings.public_url} has no TLS, so passwords would travel in "
                "clear: put a proxy with a certificate in front and name its https address."
            )
        if not settings.trusted_proxies:
            raise CannotStart(
                f"FOYER_PUBLIC_URL={settings.public_url} means that a proxy stands in front: name "
                f"its address by FOYER_TRUSTED_PROXIES ({HOST} if it runs on this machine), or "
                "everybody would count as this machine itself, which has no limits."
            )
    if settings.demo and (settings.is_public or settings.smtp_url):
        raise CannotStart(
            "FOYER_DEMO=1 goes with neither FOYER_SMTP_URL nor a FOYER_PUBLIC_URL that others "
            "reach: everybody knows the demo's password. Leave FOYER_DEMO out."
        )
    if settings.smtp_url:
        _check_mail(settings.smtp_url, env)


def _check_mail(smtp_url: str, env: Mapping[str, str]) -> None:
    try:
        sdk.smtp().server_of(smtp_url)
    except ValueError as problem:
        raise CannotStart(f"{problem} See docs/small-server.md.") from None
    if not env.get("FOYER_MAIL_FROM"):
        raise CannotStart(
            "FOYER_SMTP_URL needs FOYER_MAIL_FROM as well, an address that the mail server may "
            'send from: FOYER_MAIL_FROM="Support <support@example.com>".'
        )


def _origin(env: Mapping[str, str], default: str) -> str:
    text = (env.get("FOYER_PUBLIC_URL") or default).rstrip("/")
    try:
        parts = urlsplit(text)
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        whole = None
    if not whole or text != f"{parts.scheme}://{parts.netloc}" or "@" in parts.netloc:
        raise CannotStart(
            f"FOYER_PUBLIC_URL={text} is not scheme, host and port alone, as in "
            "https://help.example.com."
        )
    return text.lower()


def _networks(env: Mapping[str, str]) -> tuple[Network, ...]:
    listed = _list_items(env.get("FOYER_TRUSTED_PROXIES"))
    try:
        return tuple(ip_network(each) for each in listed)
    except ValueError as problem:
        raise CannotStart(
            f"FOYER_TRUSTED_PROXIES has something that is no address or network ({problem})."
        ) from None


def _list_items(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _whole_number(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise CannotStart(f"{name}={text} is not a whole number from {low} to {high}.")
    return int(text)
