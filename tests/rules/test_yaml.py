"""YAML of ours says each thing once: PyYAML keeps the last of two equal keys and tells nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
OTHERS = {".git", ".venv", "node_modules", "build", "dist"}
FILES = sorted(
    path
    for pattern in ("*.yaml", "*.yml")
    for path in ROOT.rglob(pattern)
    if not any(part in OTHERS or part.startswith(".venv") for part in path.relative_to(ROOT).parts)
)


def test_the_tables_are_among_the_files_that_are_looked_at() -> None:
    assert ROOT / "infra" / "tables.yaml" in FILES


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_mapping_has_a_key_twice(path: Path) -> None:
    assert list(duplicates(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("a: 1\nb: {c: 1, d: 2}\n", []),
        ("a: 1\nb: 2\na: 3\n", ["3: a"]),
        ("a: [{b: 1, c: {d: 1, d: 2}}]\n", ["1: d"]),
        ("- !Sub 'x'\n---\n'a': 1\na: 2\n", ["4: a"]),
    ],
)
def test_a_doubled_key_is_found_however_deep(text: str, keys: list[str]) -> None:
    assert list(duplicates(text)) == keys


def duplicates(text: str) -> Iterator[str]:
    """The keys that a mapping has twice, each as `line: key` of its last place."""
    for document in yaml.compose_all(text, Loader=yaml.SafeLoader):
        yield from _duplicates_in(document)


def _duplicates_in(node: yaml.Node) -> Iterator[str]:
    if isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _duplicates_in(each)
    if isinstance(node, yaml.MappingNode):
        keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        lines = {key.value: key.start_mark.line + 1 for key in keys}
        times = Counter(key.value for key in keys)
        yield from (f"{lines[name]}: {name}" for name in times if times[name] > 1)
        for _, value in node.value:
            yield from _duplicates_in(value)
