"""`docs/openapi.json`, written from the routes.

    python -m infra.openapi    rewrites it; then `npm run generate -w protocol` for the types

The file is kept in the repository so that a change of the contract shows in review; a test holds it
to the code, and the front ends' types to it.
"""

from __future__ import annotations

import json
from pathlib import Path

from chalicelib.edge import openapi
from chalicelib.edge.meta import ABOUT
from chalicelib.wiring import ACTIONS, IDS, PUSHES, ROUTES

PATH = Path(__file__).parents[1] / "docs" / "openapi.json"
VERSION = "1"
"""Of the contract; the served document has the deployment's own version instead."""


def render() -> str:
    """The document as it is kept."""
    document = openapi.document(ROUTES, ACTIONS.values(), PUSHES, IDS, version=VERSION, about=ABOUT)
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.write_text(render(), encoding="utf-8")
    print(f"wrote {PATH}")
