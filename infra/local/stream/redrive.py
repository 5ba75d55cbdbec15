"""What failed on this machine: listed, and tried again, by asking the machine that runs.

python -m infra.local.stream.redrive                    what failed, how much, and why
python -m infra.local.stream.redrive --yes              try it again now
… --yes --waiting                                what still waits too
… --yes --reaction auth.reactions.send_invitation    one reaction's alone
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import urllib.request
from typing import Any
from urllib.parse import urlencode

from infra.local.data.folder import read_whole
from infra.local.problems import CannotStart
from infra.local.settings import read_settings
from infra.parked import Group, to_table

_WITHIN = 120.0


def main(arguments: list[str] | None = None) -> int:
    """List, or redrive; 1 with one sentence when it can't."""
    parser = argparse.ArgumentParser("python -m infra.local.stream.redrive", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--yes", action="store_true", help="try again, instead of only listing")
    parser.add_argument("--waiting", action="store_true", help="also what is tried again anyway")
    parser.add_argument("--reaction", default="", help="only this one")
    options = parser.parse_args(arguments)
    try:
        pages = _pages()
        listing = _ask(f"{pages}/parked.json")
        print(to_table([Group(**group) for group in listing["data"]]))
        print(f"{listing['events']} events were taken by no run of the consumer.")
        if options.yes:
            form = {"reaction": options.reaction, "waiting": "1" if options.waiting else ""}
            done = _ask(f"{pages}/parked/redrive", urlencode(form).encode())
            print(f"{done['reactions']} reactions and {done['events']} events were tried again.")
    except (CannotStart, OSError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _pages() -> str:
    """Where the running machine's own pages are.

    Raises:
        CannotStart: No machine has run on the data folder.
    """
    data = read_settings(os.environ).data
    recorded = read_whole(data / "run" / "local-pages.json")
    if recorded is None:
        raise CannotStart(f"Nothing has run on {data}: name the folder by FOYER_DATA.")
    return str(recorded["url"])


def _ask(url: str, form: bytes | None = None) -> Any:
    with urllib.request.urlopen(url, form, timeout=_WITHIN) as answer:
        return json.load(answer)


if __name__ == "__main__":
    sys.exit(main())
