"""How a machine bears that very much is due at once: how soon all is done, in which order, and how
much later something else is done that falls due meanwhile.

    python -m tests.bench.due [--number 20000]

So many snoozes of one workspace end within the same second; every five seconds a follow-up, another
kind, falls due. An idle machine does one within a minute, when its clock strikes.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

_folder = tempfile.TemporaryDirectory(prefix="foyer-due-")
_ENGINE = Path(_folder.name) / "engine"

from infra.local.engines.engine import (  # noqa: E402
    dynoxide_binary,
    dynoxide_command,
    dynoxide_place,
)

_place = dynoxide_place()
os.environ.update(
    AWS_ACCESS_KEY_ID="foyer",
    AWS_SECRET_ACCESS_KEY="foyer-local-secret",
    FOYER_DYNAMODB_ENDPOINT="http://{}:{}".format(*_place),
)

from chalicelib.conversations import service as conversations  # noqa: E402 - after the environment
from chalicelib.conversations import store  # noqa: E402
from chalicelib.conversations.rows import Conversation  # noqa: E402
from chalicelib.kit import instants  # noqa: E402
from chalicelib.kit.ids import new_id  # noqa: E402
from chalicelib.platform.tables import due  # noqa: E402
from chalicelib.platform.tables.due import Due  # noqa: E402
from chalicelib.platform.tables.outbox import OutboxRow  # noqa: E402
from infra.local.testing import LocalFoyer  # noqa: E402
from tests.bench.due_app import FOLLOW_UP, NOTES  # noqa: E402
from tests.bench.live import ask  # noqa: E402
from tests.bench.machine import cpu_seconds  # noqa: E402

_WITHIN = 600.0
_AHEAD = timedelta(seconds=2)


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--number", type=int, default=20_000)
    number = options.parse_args().number
    notes = Path(_folder.name) / "notes"
    engine = subprocess.Popen(
        dynoxide_command(dynoxide_binary(), _place, _ENGINE), stdout=subprocess.DEVNULL
    )
    env = {
        "FOYER_APP": "tests.bench.due_app",
        "FOYER_DYNAMODB_ENDPOINT": os.environ["FOYER_DYNAMODB_ENDPOINT"],
        "FOYER_LIMITS": "0",
        "FOYER_LOG_LEVEL": "WARNING",
        NOTES: str(notes),
    }
    try:
        time.sleep(1)
        with LocalFoyer(env=env) as foyer:
            _measure(foyer, number, notes, engine.pid)
    finally:
        engine.kill()
        engine.wait()
        _folder.cleanup()


def _measure(foyer: LocalFoyer, number: int, notes: Path, engine: int) -> None:
    snoozed = _a_snoozed_conversation(foyer)
    began = time.monotonic()
    _plan_follow_ups(instants.now(), int(_WITHIN) // 5)
    ends = instants.now() + _AHEAD + timedelta(seconds=number / 4000)
    ids = _snooze_copies(snoozed, number, ends)
    print(f"{number} rows written in {time.monotonic() - began:.1f} s", flush=True)
    started = instants.now()
    spent = [cpu_seconds(foyer.pid), cpu_seconds(engine)]
    wakes = len(ids)
    while wakes and instants.now() < started + timedelta(seconds=_WITHIN):
        time.sleep(15 if wakes > 2000 else 3)
        wakes = sum(_waiting(shard) for shard in range(due.SHARDS))
        print(f"{(instants.now() - ends).total_seconds():6.1f} s  {wakes} wait", flush=True)
    took = (instants.now() - ends).total_seconds()
    rate = number / max(1.0, took)
    print(f"all done {took:.0f} s after they were due ({rate:.0f} a second)")
    each = [
        1000 * (now - before) / number
        for now, before in zip([cpu_seconds(foyer.pid), cpu_seconds(engine)], spent, strict=True)
    ]
    print(f"CPU each: application {each[0]:.1f} ms, engine {each[1]:.1f} ms, events included")
    order = {each: place for place, each in enumerate(ids)}
    woken = [
        order[row.data.partition('"conversation_id":"')[2].partition('"')[0]]
        for row in OutboxRow.query(snoozed.workspace_id)
        if row.name == "conversation.opened"
    ]
    ahead = max((place - turn for turn, place in enumerate(woken)), default=0)
    print(f"{len(woken)} woken; none more than {ahead} places before its turn")
    late = [_seconds(*line.split()) for line in notes.read_text().splitlines()]
    print(f"follow-ups: {len(late)} done, the latest {max(late, default=0):.1f} s after its time")


def _a_snoozed_conversation(foyer: LocalFoyer) -> Conversation:
    body = {
        "email": "olga@bench.example",
        "password": "correct horse 7",
        "name": "Olga",
        "workspace_name": "Bench",
    }
    owner = ask(foyer, "POST", "/v1/auth/signup", body=body)
    token = owner["access_token"]
    key = ask(foyer, "GET", "/v1/workspace", token)["widget_key"]
    page = {"url": "https://shop.example/", "title": "Shop", "referrer": ""}
    visitor = ask(foyer, "POST", "/v1/widget/session", body={"widget_key": key, "page": page})[
        "token"
    ]
    first = {"text": "Hello", "client_id": "first-000001"}
    talk = ask(foyer, "POST", "/v1/widget/conversations", visitor, first)["conversation"]["id"]
    until = instants.to_text(instants.now() + timedelta(days=9))
    ask(foyer, "POST", f"/v1/conversations/{talk}/snooze", token, {"until": until})
    row = store.conversation(owner["workspace"]["id"], talk)
    if row is None:
        raise RuntimeError("the conversation isn't there")
    return row


def _snooze_copies(row: Conversation, number: int, ends: datetime) -> list[str]:
    """So many like `row`, whose snoozes end one after the other in the second before `ends`."""
    ids = []
    with Conversation.batch_write() as conversations_of, Due.batch_write() as dues:
        for place in range(number):
            when = ends - timedelta(milliseconds=int(1000 * (number - place) / number))
            row.id = new_id("cnv")
            row.data.snoozed_until = instants.to_text(when)
            copy = Conversation()
            copy.attribute_values = dict(row.attribute_values)
            conversations_of.save(copy)
            write = due.at(when, conversations.WAKE, row.workspace_id, row.id)
            dues.save(write.row)
            ids.append(str(row.id))
    return ids


def _plan_follow_ups(now: datetime, number: int) -> None:
    with Due.batch_write() as batch:
        for place in range(number):
            when = now + timedelta(seconds=5 * place)
            batch.save(due.at(when, FOLLOW_UP, "ws_bench", f"f{place}").row)


def _waiting(shard: int) -> int:
    return sum(
        1
        for row in Due.query(str(shard), Due.id <= f"{instants.to_text(instants.now())}~")
        if row.call.kind != FOLLOW_UP
    )


def _seconds(planned: str, done: str) -> float:
    return (instants.from_text(done) - instants.from_text(planned)).total_seconds()


if __name__ == "__main__":
    main()
