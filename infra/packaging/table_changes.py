"""Which changes to tables a deployment can make, and which it can't, in one release.

    python -m infra.packaging.table_changes    note the tables of this release (when it is made)

CloudFormation makes or removes one global index per table and update, and changes keys, attributes
and local indexes only by making an empty table. The engine on one machine makes any index at once,
so nothing there would tell. infra/released/tables.json is what the last release had.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from infra.packaging.paths import INFRA, ROOT
from infra.packaging.template import load

Properties = Mapping[str, Any]

RECORD = INFRA / "released" / "tables.json"
_TABLE = "AWS::DynamoDB::Table"
_STREAM = ("StreamSpecification", "StreamViewType")
_EXPIRY = ("TimeToLiveSpecification", "AttributeName")
_RELEASE = re.compile(r"^## \[(\d+\.\d+\.\d+)\]", re.MULTILINE)


def main() -> None:
    """Write the record of the release that CHANGELOG.md begins with."""
    version = last_release()
    record = {"version": version, "tables": current() if version else {}}
    RECORD.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def last_release() -> str | None:
    """The newest version that CHANGELOG.md has; None before the first."""
    heading = _RELEASE.search((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    return heading.group(1) if heading else None


def current() -> dict[str, dict[str, Any]]:
    """Logical id → what counts of each table, as infra/tables.yaml has it."""
    resources = load(INFRA / "tables.yaml")["Resources"]
    return {
        logical_id: {**resource["Properties"], "Kept": resource.get("DeletionPolicy") == "Retain"}
        for logical_id, resource in resources.items()
        if resource["Type"] == _TABLE
    }


def problems(former: Mapping[str, Properties], target: Mapping[str, Properties]) -> list[str]:
    """Why tables can't go from `former` to `wanted` in one release; nothing if they can."""
    return [
        f"{logical_id}: {problem}"
        for logical_id in sorted(former.keys() & target.keys())
        for problem in _problems(former[logical_id], target[logical_id])
    ]


def _problems(former: Properties, target: Properties) -> Iterator[str]:
    if _keys(former) != _keys(target):
        yield "another key makes another, empty table: make a new table and move the rows."
    was, will = _attributes(former), _attributes(target)
    for name in sorted(was.keys() & will.keys()):
        if was[name] != will[name]:
            yield f"another type of {name} makes another, empty table: use another attribute."
    if _indexes(former, "Local") != _indexes(target, "Local"):
        yield "local indexes come with their table and stay as they are: use a global one."
    changes = list(_index_changes(former, target))
    if len(changes) > 1:
        yield f"one index at a time: {', '.join(changes)}. Spread them over as many releases."
    if former.get("Kept") and not target.get("Kept"):
        yield "what was kept when its stack goes must be kept."
    for setting, key in (_STREAM, _EXPIRY):
        before, after = (one.get(setting, {}).get(key) for one in (former, target))
        if before and after and before != after:
            yield (
                f"{setting} can't go from {before} to {after} at once: "
                "leave it out for one release."
            )


def _index_changes(former: Properties, target: Properties) -> Iterator[str]:
    """Each making or removing of a global index; a changed one is both."""
    was, will = _indexes(former, "Global"), _indexes(target, "Global")
    for name in sorted(was.keys() | will.keys()):
        if was.get(name) != will.get(name):
            if name in was:
                yield f"remove {name}"
            if name in will:
                yield f"make {name}"


def _keys(table: Properties) -> dict[str, str]:
    return {key["KeyType"]: key["AttributeName"] for key in table["KeySchema"]}


def _attributes(table: Properties) -> dict[str, str]:
    return {one["AttributeName"]: one["AttributeType"] for one in table["AttributeDefinitions"]}


def _indexes(table: Properties, kind: str) -> dict[str, Any]:
    """Index name → keys and projection, in whatever order they are said."""
    return {
        index["IndexName"]: (
            _keys(index),
            index["Projection"]["ProjectionType"],
            sorted(index["Projection"].get("NonKeyAttributes", [])),
        )
        for index in table.get(f"{kind}SecondaryIndexes", [])
    }


if __name__ == "__main__":
    main()
