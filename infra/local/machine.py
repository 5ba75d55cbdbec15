"""The whole machine: what is started, in which order, and how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from chalicelib.platform.observability import listen
from chalicelib.platform.transport import DynamoClient
from infra.local.application import Application, Function
from infra.local.clock import Clock, Sweep
from infra.local.data.folder import DataFolder
from infra.local.demo.demo_site import DemoSite
from infra.local.engines.engine import Engine
from infra.local.engines.http_door import PipedEngine
from infra.local.gateway.doors import Doors
from infra.local.gateway.front import Front
from infra.local.gateway.hosts import HostCheck, SameOriginSignIn, names_of
from infra.local.gateway.limits import AWS, Limits
from infra.local.gateway.management import Management
from infra.local.gateway.proxies import TrustedProxies
from infra.local.gateway.rest import Gateway
from infra.local.gateway.server import Server
from infra.local.gateway.sockets import Sockets
from infra.local.gateway.workers import Workers
from infra.local.pages import sites
from infra.local.pages.local_pages import LocalPages
from infra.local.pages.parked_page import ParkedPage
from infra.local.pages.recent_page import Recent
from infra.local.settings import Settings
from infra.local.stream.given_up import GivenUpEvents
from infra.local.stream.lateness import rest_for
from infra.local.stream.poller import Poller
from infra.local.stream.queue import Queue
from infra.local.stream.records import Stream
from infra.packaging.tables import ttl_attributes

log = logging.getLogger("foyer.local")

_WATCH_EVERY = 0.5


@dataclass(frozen=True)
class Ground:
    """What the machine stands on: its data folder and the engines that it started."""

    settings: Settings
    folder: DataFolder
    engines: list[Engine | PipedEngine]
    dynamodb_endpoint: str
    storage_endpoint: str | None
    storage_secret: str


class Machine:
    """Everything that runs in this process, around one loaded application."""

    def __init__(
        self,
        ground: Ground,
        application: Application,
        doors: Doors,
        limits: Limits = AWS,
    ) -> None:
        settings = ground.settings
        client = DynamoClient(endpoint=ground.dynamodb_endpoint)
        self._ground = ground
        self.local_url = doors.local_url
        self._queues = [Queue(lane, application.handle_queue) for lane in application.lanes]
        consume = _chain(application.consume_outbox, self._kick_queues)
        given_up = GivenUpEvents(ground.folder.path / "log" / "given-up-events.jsonl")
        self._poller = Poller(
            Stream(client, f"{settings.prefix}-outbox", ground.folder.stream),
            consume,
            given_up,
        )
        wrote = self._poller.kick
        self._workers = Workers(settings.workers)
        self._writers = Workers(
            settings.workers, rest=lambda: rest_for(self._poller.late()), name="writer"
        )
        sweep = Sweep(client, ttl_attributes(settings.prefix))
        every_minute = _chain(application.every_minute, self._kick_queues)
        self._clock = Clock(every_minute, sweep, wrote)
        public = urlsplit(settings.public_url)
        port = public.port or {"http": 80, "https": 443}[public.scheme]
        gateway = Gateway(application, self._workers, self._writers, port, wrote)
        sockets = Sockets(application, self._workers, port, wrote, limits)
        names = [*names_of(settings.public_url), *settings.hosts]
        self.front = Front(
            api=gateway if settings.is_public else SameOriginSignIn(gateway, names),
            socket=sockets,
            dashboard=sites.dashboard(settings, ground.storage_endpoint),
            widget=sites.widget(settings, ground.storage_endpoint),
        )
        front = HostCheck(TrustedProxies(self.front, settings.trusted_proxies), names)
        parked = ParkedPage(given_up, consume, self._clock)
        self._recent = Recent(self._poller.late)
        local = HostCheck(
            LocalPages(settings.mail, self._clock, parked, self._recent, doors.local_token)
        )
        self._public = [
            (Server(front, sockets=True, limits=limits), doors.front),
            (Server(local), doors.local),
        ]
        if doors.demo is not None:
            self._public.append((Server(HostCheck(DemoSite(settings))), doors.demo))
        management = Management(sockets, doors.management_secret)
        self._management = (Server(HostCheck(management)), doors.management)

    async def run(self, once_up: Callable[[Machine], None]) -> None:
        """Serve until SIGINT or SIGTERM. `once_up` runs in a thread when requests are answered.

        Raises:
            Whatever `once_up` raises, after a clean end.
        """
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, self._end)
        async with self._background():
            doors = [server.serve([bound]) for server, bound in self._public]
            serving = asyncio.gather(*doors)
            welcoming = _run_in_thread(lambda: once_up(self))
            either: set[asyncio.Future[Any]] = {serving, welcoming}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if welcoming.done() and welcoming.exception() is not None:
                self._end()
            await serving
        if welcoming.done():
            welcoming.result()

    def _kick_queues(self) -> None:
        for queue in self._queues:
            queue.kick()

    def _end(self) -> None:
        for server, _ in self._public:
            server.end()

    @asynccontextmanager
    async def _background(self) -> AsyncIterator[None]:
        """What outlives the public servers: the last requests' events still want delivery."""
        self._workers.start()
        self._writers.start()
        self._poller.start()
        for queue in self._queues:
            queue.start()
        self._clock.start()
        watcher = asyncio.create_task(self._watch())
        management, bound = self._management
        managing = asyncio.create_task(management.serve([bound]))
        try:
            with listen(self._recent.note):
                yield
        finally:
            watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watcher
            await asyncio.to_thread(self._clock.stop)
            await asyncio.to_thread(self._poller.stop)
            for queue in self._queues:
                await asyncio.to_thread(queue.stop)
            management.end()
            await managing
            self._workers.stop()
            self._writers.stop()

    async def _watch(self) -> None:
        """Start an engine again that ended by itself; its data is on disk."""
        while True:
            await asyncio.sleep(_WATCH_EVERY)
            for engine in self._ground.engines:
                if engine.revive():
                    log.error("the %s engine ended by itself and was started again", engine.name)


def _chain(function: Function, then: Callable[[], None]) -> Function:
    """The function, after each run of which something else is done."""

    def run(event: Mapping[str, Any], request_id: Any) -> Any:
        try:
            return function(event, request_id)
        finally:
            then()

    return run


def _run_in_thread(work: Callable[[], None]) -> asyncio.Future[None]:
    """A future of what runs in a thread that nobody waits for at the end."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[None] = loop.create_future()

    def run() -> None:
        try:
            work()
        except Exception as problem:  # whatever it is belongs to whoever awaits the future
            _tell(loop, future.set_exception, problem)
        else:
            _tell(loop, future.set_result, None)

    threading.Thread(target=run, name="welcome", daemon=True).start()
    return future


def _tell(loop: asyncio.AbstractEventLoop, how: Callable[[Any], None], what: Any) -> None:
    with contextlib.suppress(RuntimeError):  # the loop has ended: nobody asks any more
        loop.call_soon_threadsafe(how, what)
