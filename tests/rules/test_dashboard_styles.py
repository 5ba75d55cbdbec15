"""Whose a style is in the dashboard: layers in one order, and no class with two owners."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "dashboard/src"
ORDER = "@layer ui, modules, app;"
"""What comes later counts for more, however little its selectors say."""
LAYERS = {"ui": "ui", "app": "app"}
STATES = ("is-", "has-")
"""Classes that only say in which state another class's element is."""

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_IMPORT = re.compile(r'@import "([^"]+)"([^;]*);')
_SELECTOR = re.compile(r"([^{};]+)\{")
_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_USE = re.compile(r"\bclass=(\"[^\"]*\"|\{`[^`]*`)|\bclasses\(([^)]*)\)")
_COMPARED = re.compile(r"[!=]== \"[^\"]*\"")
_LITERAL = re.compile(r"[\"`]([^\"`]*)[\"`]?")

# A file, what is added to it, and the rule that it breaks.
BROKEN = (
    ("visitors/visitors.css", ".visitor-more { color: red; }", "no layer"),
    ("settings/settings.css", "@layer ui { .settings-more { color: red; } }", "no layer"),
    ("conversations/conversations.css", '@import "./more.css";', "no layer"),
    ("contacts/contacts.css", "@layer modules { .contact .thread { color: red; } }", "two owners"),
    ("app/app.css", "@layer app { .row { color: red; } }", "two owners"),
    ("settings/Team.tsx", 'const x = <p class="muted composer-text" />;', "another's class"),
    ("conversations/Row.tsx", 'const x = classes("row", "contact-seen");', "another's class"),
)


def test_the_order_of_the_layers_is_said_first() -> None:
    assert _COMMENT.sub("", (SOURCES / "ui/ui.css").read_text()).lstrip().startswith(ORDER)
    main = (SOURCES / "app/main.ts").read_text()
    assert re.findall(r'import "([^"]+\.css)"', main)[0] == "../ui/ui.css"


def test_every_style_has_one_owner() -> None:
    assert list(violations(SOURCES)) == []


@pytest.mark.parametrize(("path", "line", "rule"), BROKEN)
def test_a_rule_is_broken_by_what_it_forbids(
    tmp_path: Path, path: str, line: str, rule: str
) -> None:
    copy = tmp_path / "src"
    shutil.copytree(SOURCES, copy)
    with (copy / path).open("a") as file:
        file.write(f"\n{line}\n")
    assert {why for why, _ in violations(copy)} == {rule}


def violations(sources: Path) -> Iterator[tuple[str, str]]:
    """What breaks a rule: the rule's name, and where."""
    styles = {path: _COMMENT.sub("", path.read_text()) for path in sources.rglob("*.css")}
    layered = {
        (path.parent / name).resolve()
        for path, text in styles.items()
        for name, media in _IMPORT.findall(text)
        if media.strip() == f"layer({layer_of(folder_of(sources, path))})"
    }
    for path, text in styles.items():
        layer = layer_of(folder_of(sources, path))
        if path.resolve() not in layered and not is_in_layer(text, layer):
            yield "no layer", str(path.relative_to(sources))
    owners = owners_of(sources, styles)
    for name, folders in owners.items():
        if "ui" not in folders and len(folders) > 1:
            yield "two owners", f"{name}: {sorted(folders)}"
    for path in sorted(sources.rglob("*.tsx")):
        for name in sorted(classes_of(path.read_text())):
            if owners.get(name, {"ui"}).isdisjoint({"ui", folder_of(sources, path)}):
                yield "another's class", f"{path.relative_to(sources)}: {name}"


def is_in_layer(text: str, layer: str) -> bool:
    """Whether nothing stands outside a block of that layer, but imports into it and the order."""
    rest = _IMPORT.sub(lambda found: "" if f"layer({layer})" in found[2] else found[0], text)
    rest = rest.replace(ORDER, "")
    while (start := rest.find(f"@layer {layer} {{")) >= 0:
        rest = rest[:start] + rest[end_of_block(rest, start) :]
    return not rest.strip()


def end_of_block(text: str, start: int) -> int:
    depth = 0
    for at in range(text.index("{", start), len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return at + 1
    return len(text)


def owners_of(sources: Path, styles: dict[Path, str]) -> dict[str, set[str]]:
    """The folders whose styles name a class."""
    owners: dict[str, set[str]] = defaultdict(set)
    for path, text in styles.items():
        for selector in _SELECTOR.findall(text):
            for name in _CLASS.findall("" if selector.strip().startswith("@") else selector):
                if not name.startswith(STATES):
                    owners[name].add(folder_of(sources, path))
    return owners


def classes_of(text: str) -> set[str]:
    """The classes that a component gives, as far as they are written out."""
    uses = ("".join(use) for use in _USE.findall(_COMPARED.sub("", text)))
    literals = (literal for use in uses for literal in _LITERAL.findall(use))
    return {name for literal in literals for name in literal.split()}


def folder_of(sources: Path, path: Path) -> str:
    return path.relative_to(sources).parts[0]


def layer_of(folder: str) -> str:
    return LAYERS.get(folder, "modules")
