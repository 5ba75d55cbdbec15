"""From nothing to a serving machine, one line of progress at a time."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.platform.transport import DynamoClient
from infra.local import root_keys
from infra.local.application import Application, load_application
from infra.local.bucket import ensure_bucket
from infra.local.engines import Engine, start_dynamodb, start_storage
from infra.local.folder import DataFolder
from infra.local.machine import Doors, Ground, Machine
from infra.local.ports import listen
from infra.local.problems import CannotStart
from infra.local.seed import DEMO_LOGIN, seed_once
from infra.local.settings import Settings, read_settings, tell_application
from infra.local.stream import checkpoints
from infra.local.upkeep import keep_up
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
    settings = read_settings(env)
    folder = DataFolder(settings.data)
    doors = _open_doors(settings)
    try:
        with _engines(settings, folder, say) as ground:
            management = doors.management.getsockname()[1]
            application = _load(ground, management, say)
            machine = Machine(ground, application, doors)
            with asyncio.Runner(loop_factory=uvloop.new_event_loop if uvloop else None) as runner:
                runner.run(machine.run(lambda machine: _welcome(machine, ground, say, began)))
        say(f"Stopped. The data is in {settings.data}.")
    finally:
        doors.close()
        folder.release()


def _open_doors(settings: Settings) -> Doors:
    mend = "stop what listens there, or choose another by PORT (the demo site takes the one after)."
    front = listen(settings.port, mend=mend)
    try:
        demo = listen(settings.demo_port, mend=mend)
    except CannotStart:
        front.close()
        raise
    return Doors(front, demo, listen(0, mend="there is none free."))


@contextmanager
def _engines(settings: Settings, folder: DataFolder, say: Say) -> Iterator[Ground]:
    """The engines that no endpoint was given for, stopped again at the end."""
    started: list[Engine] = []
    dynamodb, storage = settings.dynamodb_endpoint, settings.storage_endpoint
    say("Starting the engines…")
    try:
        if dynamodb is None:
            started.append(start_dynamodb(folder))
            dynamodb = started[-1].endpoint
        if settings.storage and storage is None:
            started.append(start_storage(folder))
            storage = started[-1].endpoint
        yield Ground(settings, folder, started, dynamodb, storage if settings.storage else None)
    finally:
        stopping = [threading.Thread(target=engine.stop) for engine in started]
        for each in stopping:
            each.start()
        for each in stopping:
            each.join()


def _load(ground: Ground, management_port: int, say: Say) -> Application:
    """Import the application and make its tables, while the engines come up."""
    settings = ground.settings
    tell_application(
        settings,
        dynamodb_endpoint=ground.dynamodb_endpoint,
        storage_endpoint=ground.storage_endpoint,
        management_port=management_port,
    )
    application = load_application(os.environ.get("FOYER_APP", "app"))
    for engine in ground.engines:
        if engine.name == "dynamodb":
            engine.wait()
            keep_up(ground.folder.database, checkpoints(ground.folder.stream))
    try:
        created = ensure_tables(DynamoClient(endpoint=ground.dynamodb_endpoint), settings.prefix)
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
    root_keys.move_out(DynamoClient(endpoint=ground.dynamodb_endpoint), settings)
    return application


def _welcome(machine: Machine, ground: Ground, say: Say, began: float) -> None:
    """Make the bucket, seed the demo workspace on the first run, then say where everything is."""
    settings = ground.settings
    for engine in ground.engines:
        engine.wait()
    if ground.storage_endpoint is not None:
        ensure_bucket(ground.storage_endpoint, settings.bucket)
    if settings.demo:
        seed_once(settings, say)
    machine.front.ready = True
    say(f"Ready in {time.monotonic() - began:.1f} s")
    say("")
    say(f"  Dashboard   {settings.url}/")
    say(f"  Demo site   {settings.demo_url}/")
    say(f"  Mail        {settings.url}/_local/mail")
    if settings.demo:
        say(f"  Sign in     {DEMO_LOGIN}")
    say("")
    sys.stdout.flush()
