"""The sockets that the machine listens on, and how many may come."""

from __future__ import annotations

import resource
import socket
from dataclasses import dataclass, replace

from infra.local.engines.ports import listen
from infra.local.gateway.limits import AWS, Limits
from infra.local.problems import CannotStart
from infra.local.settings import HOST, Settings

_OWN_FILES = 512
"""Descriptors for the engines' connections, the log and the application's own calls."""
_NONE_FREE = "there is none free."


@dataclass(frozen=True)
class Doors:
    """The public door, the local pages', the management API's, and the demo site's if any.

    `local_token` and `management_secret` are what the latter two ask for.
    """

    front: socket.socket
    local: socket.socket
    management: socket.socket
    demo: socket.socket | None
    local_token: str
    management_secret: str

    @property
    def local_url(self) -> str:
        """Where the local pages are; whoever knows it can read the mail."""
        return f"http://{HOST}:{_port(self.local)}/{self.local_token}/_local"

    @property
    def management_url(self) -> str:
        return f"http://{HOST}:{_port(self.management)}/{self.management_secret}"

    def close(self) -> None:
        for each in (self.front, self.local, self.management, self.demo):
            if each is not None:
                each.close()


def open_doors(settings: Settings, *, local_token: str, management_secret: str) -> Doors:
    """Bind them all; a machine that others reach has no demo site.

    Raises:
        CannotStart: A port is taken.
    """
    mend = "stop what listens there, or choose another by PORT (the demo site takes the one after)."
    front = listen(settings.port, mend=mend)
    try:
        demo = None if settings.is_public else listen(settings.demo_port, mend=mend)
    except CannotStart:
        front.close()
        raise
    management = listen(0, mend=_NONE_FREE)
    return Doors(front, _local(settings), management, demo, local_token, management_secret)


def room_for_connections() -> Limits:
    """As many connections as the system lets this process have, but for some files of its own."""
    soft_limit = AWS.connections + _OWN_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = soft_limit if hard == resource.RLIM_INFINITY else min(hard, soft_limit)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        soft = most
    if soft == resource.RLIM_INFINITY or soft >= soft_limit:
        return AWS
    room = max(soft - _OWN_FILES, soft // 2)
    return replace(AWS, connections=room, waiting_connections=min(room // 2, 1024))


def _local(settings: Settings) -> socket.socket:
    """Its port where that is free, else any: what the start prints is where it is."""
    try:
        return listen(settings.local_port, mend="")
    except CannotStart:
        return listen(0, mend=_NONE_FREE)


def _port(door: socket.socket) -> int:
    return int(door.getsockname()[1])
