"""What a stage gave up on: listed, and tried again.

    python -m infra.packaging.redrive --stage prod          what failed, how much, and why
    … --yes                                                 try what was given up again
    … --yes --waiting                                       what still waits too, now
    … --yes --reaction auth.reactions.send_invitation       one reaction's alone

Reactions come from the table `<stack>-parked`; whole events that no run of the consumer took come
from the failure queue, and are given to the consumer again.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from typing import Any

from boto3 import Session
from botocore.exceptions import BotoCoreError, ClientError

from infra.packaging.failed_events import Failures
from infra.packaging.stages import NoStage, stack_name


def main(arguments: list[str] | None = None) -> int:
    """List, or redrive; 1 with one sentence when it can't."""
    parser = argparse.ArgumentParser("python -m infra.packaging.redrive", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--stage", default="prod", help="the deployment's name (default: prod)")
    parser.add_argument("--yes", action="store_true", help="try again, instead of only listing")
    parser.add_argument("--waiting", action="store_true", help="also what is tried again anyway")
    parser.add_argument("--reaction", default="", help="only this one")
    options = parser.parse_args(arguments)
    try:
        prefix, session = stack_name(options.stage), Session()
        parked = _parked_module(prefix, session.region_name)
        print(parked.to_table(parked.groups()))
        failures = Failures(session, prefix)
        print(f"{failures.waiting()} messages are in the failure queue.")
        if options.yes:
            number = parked.redrive(options.reaction, waiting=options.waiting)
            print(f"{number} reactions are tried again within a minute.")
            if not options.reaction:
                print(f"{failures.redeliver()} events were given to the consumer again.")
    except (BotoCoreError, ClientError, NoStage) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _parked_module(prefix: str, region: str) -> Any:
    """`infra.parked` for this stage: tables learn their names when they are imported."""
    os.environ.update(FOYER_PREFIX=prefix, FOYER_TRANSPORT="boto3", AWS_REGION=region)
    return importlib.import_module("infra.parked")


if __name__ == "__main__":
    sys.exit(main())
