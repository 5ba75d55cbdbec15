"""The root keys of one machine: moved out of the database, rotated.

    python -m infra.local.data.root_keys            a new key signs, former ones hold
    python -m infra.local.data.root_keys --retire   only the newest counts from now on

A running machine sees the change within five minutes (`platform.signing.keys`), a restarted one
at once.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from botocore.exceptions import ClientError

from chalicelib.platform.signing import key_places, key_ring
from chalicelib.platform.transport import DynamoClient
from infra.local.problems import CannotStart
from infra.local.settings import Settings, read_settings


def main(arguments: list[str] | None = None) -> int:
    """Rotate or retire; 1 with one sentence when it can't."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.data.root_keys", description=__doc__
    )
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--retire", action="store_true", help="let the former keys count no more")
    options = parser.parse_args(arguments)
    try:
        print(rotate(read_settings(os.environ), retire=options.retire))
    except (CannotStart, OSError, key_ring.NotARing) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def rotate(settings: Settings, *, retire: bool) -> str:
    """Put the next ring in place; what was done, for people.

    Raises:
        CannotStart: The data folder has no keys yet.
        NotARing: The file holds something else.
    """
    path = settings.root_keys
    if not path.exists():
        raise CannotStart(f"There are no root keys in {settings.data}: start Foyer there first.")
    with _alone(path.parent):
        ring = key_places.from_file(path)
        key_places.replace(path, ring.retire() if retire else ring.rotate())
    return key_ring.describe_rotation(retire=retire)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Of two rotations at once, one would lose the other's key, by which somebody has signed."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def move_out(client: DynamoClient, settings: Settings) -> bool:
    """Former versions kept the secret in a table: it goes to the file, and the table goes.

    Returns whether there was such a table.
    """
    table = f"{settings.prefix}-keys"
    try:
        answer = client.call("GetItem", {"TableName": table, "Key": {"id": {"S": "root"}}})
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return False
        raise
    if "Item" in answer:
        ring = key_ring.from_one_secret(bytes.fromhex(answer["Item"]["secret"]["S"]))
        key_places.write_new(settings.root_keys, ring)
    client.call("DeleteTable", {"TableName": table})
    return True


if __name__ == "__main__":
    sys.exit(main())
