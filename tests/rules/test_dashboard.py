"""Who may import whom in the dashboard, and that each rule bites."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "dashboard/src"
ENDINGS = (".ts", ".tsx", ".css")

FLOORS = (
    {"app"},
    {"conversations", "settings"},
    {"visitors"},
    {"auth", "contacts"},
    {"core"},
    {"ui", "languages"},
)
"""The folders of `dashboard/src`, top to bottom: an import leads down or stays in its folder."""
MODULES = {name for floor in FLOORS[1:-2] for name in floor}
FOR_TESTS = "testing"
"""What tests are built from; it looks anywhere, and only tests look at it."""
COLLECTORS = {"app/modules.ts": "/module", "app/parts.ts": "/parts"}
"""Where the shell gets the modules' manifests and parts, and knows nothing else of them."""
UI_MAY_KNOW = {"@foyer/protocol/keys"}
"""Of our other packages: the lowest floor has no word of the domain."""

_IMPORT = re.compile(
    r"""(?:^\s*(?:import|export)\b[^"';(]*?|(\bimport\s*\()\s*|@import\s+(?:url\()?)["']([^"']+)["']""",
    re.MULTILINE,
)
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)

# A file (made if need be), what is added to it, and the rule that it breaks.
BROKEN = (
    ("ui/Icon.tsx", 'import { http } from "../core/session";', "upwards"),
    ("ui/Icon.tsx", 'import type { Contact } from "@foyer/protocol";', "the domain"),
    ("core/time.ts", 'export * from "../contacts/public/fieldValue";', "upwards"),
    ("contacts/model.ts", 'import { rows } from "../conversations/store";', "upwards"),
    (
        "auth/SignIn.tsx",
        'import { ProvenanceMark } from "../contacts/public/ProvenanceMark";',
        "sideways",
    ),
    ("conversations/store.ts", 'const late = () => import("../contacts/model");', "not public"),
    ("app/shell/NavRail.tsx", 'import { unread } from "../../conversations/unread";', "not public"),
    ("app/shell/NavRail.tsx", 'import { m } from "../../contacts/module";', "not public"),
    ("app/modules.ts", 'import { rows } from "../conversations/store";', "not public"),
    ("app/parts.ts", 'import { m } from "../contacts/module";', "not public"),
    ("contacts/module.ts", 'import Page from "./ContactsPage";', "not late"),
    ("contacts/parts.ts", 'import Page from "./ContactsPage";', "not late"),
    ("conversations/unread.ts", 'import { rows } from "./store";', "not late"),
    ("visitors/visitors.css", '@import "../contacts/contacts.css";', "not public"),
    ("visitors/store.ts", 'import { aVisitor } from "../testing/builders";', "only for tests"),
    ("surprise/Page.tsx", "export const x = 1;", "no floor"),
    ("surprise.ts", "export const x = 1;", "no floor"),
)


class Import(NamedTuple):
    """One import: by its file, of a path from `dashboard/src` or a package's name."""

    by: str
    of: str
    is_late: bool = False


def test_everybody_stays_on_their_floor() -> None:
    assert violations(SOURCES) == {}


@pytest.mark.parametrize(("path", "line", "rule"), BROKEN)
def test_a_rule_is_broken_by_what_it_forbids(
    tmp_path: Path, path: str, line: str, rule: str
) -> None:
    copy = tmp_path / "src"
    shutil.copytree(SOURCES, copy)
    (copy / path).parent.mkdir(exist_ok=True)
    with (copy / path).open("a") as file:
        file.write(f"\n{line}\n")
    assert [*violations(copy).values()] == [rule]


def violations(sources: Path) -> dict[str, str]:
    """The imports, and files, that break a rule, each with the rule's name."""
    odd = {path: "no floor" for path in files(sources) if floor_of(path) is None}
    imports = [
        one for path in files(sources) if path not in odd for one in imports_of(sources, path)
    ]
    heavy = {one.by.rpartition(".")[0] for one in imports if is_inside(one)}
    return odd | {
        f"{one.by} -> {one.of}": rule
        for one in imports
        if (rule := rule_broken_by(one, heavy)) is not None
    }


def rule_broken_by(one: Import, heavy: set[str]) -> str | None:
    """The rule that an import breaks; `heavy` files bring others of their module along."""
    by, of = folder_of(one.by), folder_of(one.of)
    if is_manifest(one.by) and is_inside(one) and one.of in heavy:
        return "not late"
    if one.of.startswith("@foyer/"):
        return "the domain" if by == "ui" and one.of not in UI_MAY_KNOW else None
    if by in (of, FOR_TESTS) or of == "..":
        return None
    if of == FOR_TESTS:
        return None if is_test(one.by) else "only for tests"
    above, below = floor_of(one.by), floor_of(one.of)
    if above is None or below is None:
        return "no floor"
    if below <= above:
        return "sideways" if below == above else "upwards"
    return None if of not in MODULES or is_public(one) else "not public"


def is_public(one: Import) -> bool:
    """Whether a module is looked at where it may be: the shell sees manifests, and in one place."""
    if folder_of(one.by) == "app":
        return one.of.endswith(COLLECTORS.get(one.by, " "))
    return one.of.split("/")[1] == "public"


def is_manifest(path: str) -> bool:
    """The only files of a module that are there before it is needed."""
    return folder_of(path) in MODULES and path.endswith(("/module.ts", "/parts.ts"))


def is_inside(one: Import) -> bool:
    """Whether it is of the same module, and comes along at once."""
    return folder_of(one.by) == folder_of(one.of) and not one.is_late


def is_test(path: str) -> bool:
    return ".test." in path


def files(sources: Path) -> list[str]:
    found = (path for path in sources.rglob("*") if path.suffix in ENDINGS)
    return sorted(path.relative_to(sources).as_posix() for path in found)


def folder_of(path: str) -> str:
    return path.partition("/")[0]


def floor_of(path: str) -> int | None:
    """How far down a file stands; that of the helpers of tests is below everything."""
    folder = folder_of(path)
    if folder == FOR_TESTS:
        return len(FLOORS)
    return next((at for at, names in enumerate(FLOORS) if folder in names), None)


def imports_of(sources: Path, path: str) -> Iterator[Import]:
    """What a file imports of its own package and of our others, late imports and types too."""
    text = _COMMENT.sub("", (sources / path).read_text())
    for late, name in _IMPORT.findall(text):
        if name.startswith("."):
            yield Import(path, resolve(path, name), is_late=bool(late))
        elif name.startswith("@foyer/"):
            yield Import(path, name)


def resolve(path: str, name: str) -> str:
    """`contacts/model` for `../contacts/model` in a file of another folder."""
    parts = path.split("/")[:-1]
    for part in name.split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
