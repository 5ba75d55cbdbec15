"""Functions of the front ends are called by what they do or return, as Python's are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rules.test_names import ADVERBS, PARTICIPLES, PREPOSITIONS

ROOT = Path(__file__).parents[2]
FOLDERS = ("dashboard/src", "widget/src", "widget/tests", "protocol/src", "protocol/tests")
GENERATED = "protocol/src/api.ts"

PREDICATES = ("is", "has", "may", "can", "was", "are", "will", "should", "on", "use")
"""What answers yes or no, hears of an event (`onClose`), or is a hook goes on as it reads."""
VERBS = frozenset(("keep", "mark", "parse", "post", "read", "set", "to"))
"""What is done to something that has become so: `markSeen`, `readStored`, `toWellFormed`."""
COINED = {
    "hear": "receive, apply, on…",
    "hush": "close",
    "know": "merge, update",
    "learn": "merge, update",
    "say": "send, format",
    "speak": "setLanguage",
    "tell": "notify, report, send",
    "unhear": "unsubscribe",
}
"""Words that nobody looks for, each with those that people do."""

ALLOWED = {
    "VisuallyHidden": "what everybody calls text for screen readers alone",
    "at": "a time in a test's day: `at(9)`",
    "created": "a sort of the API",
    "hidden": "a message between the frame and its page, by its kind",
    "refused": "a message between the frame and its page, by its kind",
    "shown": "a message between the frame and its page, by its kind",
}
"""Names that may stay, each with why."""

_GENERIC = r"(?:<[^<>\n]*>)?"
_PARAMETERS = r"\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)"
_TYPE = r"(?:\s*:[^;{}()]+)?"
_MODIFIERS = r"(?:(?:async|get|set|static|override|readonly)\s+)*"
_FORMS = (
    # function told(…
    r"\bfunction\*?\s+(\w+)",
    # const told = async (…): string =>
    rf"\b(?:const|let)\s+(\w+)[^=;\n]*=\s*(?:async\s+)?{_GENERIC}(?:{_PARAMETERS}|\w+)"
    r"(?:\s*:[^=;]+)?\s*=>",
    # get told(): string {   told(…): string;
    rf"^\s+{_MODIFIERS}#?(\w+)\??{_GENERIC}{_PARAMETERS}(?:{_TYPE}\s*\{{$|\s*:[^;{{}}()]+;$)",
    # told: (…) => string   #told = (…) =>
    rf"^\s+#?(\w+)\??(?::|\s=)\s*(?:async\s+)?\(?{_GENERIC}{_PARAMETERS}(?:\s*:[^=;\n]+)?\s*=>",
)
_FUNCTION = re.compile("|".join(_FORMS), re.MULTILINE)
_NO_NAMES = frozenset(("catch", "constructor", "for", "function", "if", "switch", "while"))
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


def functions(text: str) -> list[str]:
    """The names of a script's functions, methods and callbacks."""
    found = ("".join(groups) for groups in _FUNCTION.findall(_COMMENT.sub("", text)))
    return [name for name in found if name not in _NO_NAMES]


def scripts(folder: str) -> Iterator[tuple[str, list[str]]]:
    for path in sorted((ROOT / folder).rglob("*.ts*")):
        name = path.relative_to(ROOT).as_posix()
        if name != GENERATED:
            yield name, functions(path.read_text())


def is_odd(name: str) -> bool:
    """Whether a function is named after what has happened, or by a word of ours alone."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower().split()
    if name in ALLOWED or words[0] in PREDICATES:
        return False
    if words[0] in COINED or words[0] in ADVERBS | PREPOSITIONS:
        return True
    return is_participle(words[-1]) and words[0] not in VERBS


def is_participle(word: str) -> bool:
    # `need`, `seed` and `feed` are none.
    return word in PARTICIPLES or (word.endswith("ed") and word[-3:-2] not in ("", "e"))


@pytest.mark.parametrize("folder", FOLDERS)
def test_functions_are_verbs_or_nouns_of_what_they_return(folder: str) -> None:
    names = dict(scripts(folder))
    assert names
    assert {path: odd for path, all_ in names.items() if (odd := [*filter(is_odd, all_)])} == {}


@pytest.mark.parametrize(
    "line",
    [
        "export function told(count: number): string {",
        "const parsed = (text: string) => text;",
        "  const told = async <T>(\n    one: T,\n  ): Promise<T> => one;",
        "  #scrolled = () => undefined;",
        "  opened(text?: string): void;",
        "  get untouched(): boolean {",
        "  held: () => readonly string[];",
        "  shutDown: (given: string) => void,\n  arrived({ id }: Message) {",
        "export function learn(timeline: Timeline): Timeline {",
        "const withQuery = (changes: Query) => changes;",
        "export function Unverified() {",
    ],
)
def test_a_name_that_nobody_looks_for_is_refused(line: str) -> None:
    assert any(map(is_odd, functions(line)))


def test_every_exception_is_needed() -> None:
    there = {name for folder in FOLDERS for _, names in scripts(folder) for name in names}
    assert set(ALLOWED) - there == set()
