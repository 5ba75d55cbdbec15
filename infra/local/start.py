"""From nothing to a serving machine, one line of progress at a time."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.platform.transport import DynamoClient
from infra.local.application import Application, load_application
from infra.local.data import root_keys
from infra.local.data.folder import DataFolder, write_whole
from infra.local.demo.demo_site import demo_facts
from infra.local.demo.seed import DEMO_LOGIN, seed_once
from infra.local.engines.bucket import ensure_bucket
from infra.local.engines.engine import Engine, start_dynamodb, start_storage
from infra.local.engines.http_door import PipedEngine
from infra.local.engines.upkeep import keep_up, vacuum
from infra.local.gateway.doors import Doors, open_doors, room_for_connections
from infra.local.gateway.management import new_secret
from infra.local.machine import Ground, Machine
from infra.local.problems import CannotStart
from infra.local.settings import SECRET_KEY, Settings, read_settings, tell_application
from infra.local.stream import queue
from infra.local.stream.records import checkpoints
from infra.packaging import first_owner
from infra.packaging.tables import OtherKeys, ensure_tables

log = logging.getLogger("foyer.local")

try:
    import uvloop
except ImportError:  # there is none for every platform; asyncio's own loop is slower, no more
    uvloop = None  # type: ignore[assignment]

Say = Callable[[str], None]


def start(env: Mapping[str, str], say: Say) -> None:
    """Run the machine until it is told to stop.

    Raises:
        CannotStart: Something in the way; the message says how to mend it.
    """
    began = time.monotonic()
    os.umask(0o077)
    settings = read_settings(env)
    with closing(DataFolder(settings.data)) as folder:
        _refuse_known_password(settings)
        with closing(_doors(settings, folder)) as doors:
            _serve(settings, folder, doors, say, began)
    say(f"Stopped. The data is in {settings.data}.")


def _doors(settings: Settings, folder: DataFolder) -> Doors:
    doors = open_doors(
        settings, local_token=folder.secret("local-pages"), management_secret=new_secret()
    )
    write_whole(folder.local_pages, {"url": doors.local_url})
    return doors


def _serve(settings: Settings, folder: DataFolder, doors: Doors, say: Say, began: float) -> None:
    with _engines(settings, folder, say) as ground:
        application = _load(ground, doors.management_url, say)
        machine = Machine(ground, application, doors, room_for_connections())
        with asyncio.Runner(loop_factory=uvloop.new_event_loop if uvloop else None) as runner:
            runner.run(machine.run(lambda machine: _welcome(machine, ground, say, began)))


def _refuse_known_password(settings: Settings) -> None:
    """The demo's owner has a password that everybody knows: no folder for others to reach."""
    if settings.is_public and demo_facts(settings.data).exists():
        raise CannotStart(
            f"The data folder {settings.data} has the demo workspace in it, whose password "
            "everybody knows: name another folder by FOYER_DATA, for others are to reach this one."
        )


@contextmanager
def _engines(settings: Settings, folder: DataFolder, say: Say) -> Iterator[Ground]:
    """The engines that no endpoint was given for, stopped again at the end."""
    started: list[Engine | PipedEngine] = []
    dynamodb, storage = settings.dynamodb_endpoint, settings.storage_endpoint
    secret = folder.secret("storage") if storage is None else SECRET_KEY
    say("Starting the engines…")
    try:
        if dynamodb is None:
            started.append(start_dynamodb(folder, piped=settings.piped))
            dynamodb = started[-1].endpoint
        if settings.storage and storage is None:
            started.append(start_storage(folder, secret, settings.public_url))
            storage = started[-1].endpoint
        storage = storage if settings.storage else None
        yield Ground(settings, folder, started, dynamodb, storage, secret)
    finally:
        stopping = [threading.Thread(target=engine.stop) for engine in started]
        for each in stopping:
            each.start()
        for each in stopping:
            each.join()


def _load(ground: Ground, socket_endpoint: str, say: Say) -> Application:
    """Import the application and make its tables, while the engines come up."""
    settings = ground.settings
    tell_application(
        settings,
        dynamodb_endpoint=ground.dynamodb_endpoint,
        storage_endpoint=ground.storage_endpoint,
        storage_secret=ground.storage_secret,
        socket_endpoint=socket_endpoint,
    )
    application = load_application(os.environ.get("FOYER_APP", "app"))
    for engine in ground.engines:
        if engine.name == "dynamodb":
            engine.wait()
            keep_up(ground.folder.database, checkpoints(ground.folder.stream))
    try:
        client = DynamoClient(endpoint=ground.dynamodb_endpoint)
        created = ensure_tables(client, settings.prefix)
        created += ensure_tables(client, settings.prefix, queue.TABLES)
    except OtherKeys as problem:
        raise CannotStart(
            f"The data folder {settings.data} is of another version of Foyer ({problem}): name "
            "another folder by FOYER_DATA, or move that one away."
        ) from None
    except (BotoCoreError, ClientError) as problem:
        raise CannotStart(
            f"The tables can't be made at {ground.dynamodb_endpoint} ({problem}): start what "
            "should listen there, or unset FOYER_DYNAMODB_ENDPOINT to use Foyer's own engine."
        ) from None
    if created:
        say(f"Created {len(created)} tables")
    if root_keys.move_out(client, settings) and settings.dynamodb_endpoint is None:
        vacuum(ground.folder.database)
    first_owner.note(client.call, settings.prefix)
    return application


def _welcome(machine: Machine, ground: Ground, say: Say, began: float) -> None:
    """Make the bucket, seed the demo workspace on the first run, then say where everything is."""
    settings = ground.settings
    for engine in ground.engines:
        engine.wait()
    if ground.storage_endpoint is not None:
        ensure_bucket(ground.storage_endpoint, settings.bucket, ground.storage_secret)
    if settings.demo:
        seed_once(settings, say)
    machine.front.ready = True
    say(f"Ready in {time.monotonic() - began:.1f} s")
    say("")
    say(f"  Dashboard   {settings.public_url}/")
    if settings.demo:
        say(f"  Sign in     {DEMO_LOGIN}")
    else:
        say("  Sign up     at the dashboard; whoever does so first owns this Foyer")
    if not settings.is_public:
        say(f"  Demo site   {settings.demo_url}/")
    if settings.smtp_url is None:
        say(f"  Mail        {machine.local_url}/mail")
        say("              No mail leaves this machine: links to confirm an address, to join a")
        say("              team and for a new password are there. Whoever has that page's address")
        say("              can sign in as anybody: keep it to yourself.")
    if settings.is_public and settings.smtp_url is None:
        say("              To send them set FOYER_SMTP_URL (docs/small-server.md).")
    say("")
    sys.stdout.flush()
