"""Functions are called by what they do, or by what they return: not by what has happened.

`list_contacts`, `to_out`, `find_summary`, `check_session`; not `listed`, `shown`, `known`,
`still_signed_in`, which tell nobody what to look for. Fields and parameters are called by what is
in them: `payload`, `body`, `is_known`; not `said`, `given`, `known`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLACES = tuple(
    str(path.relative_to(ROOT))
    for top in ("chalicelib", "infra")
    for path in sorted((ROOT / top).iterdir())
    if (path / "__init__.py").is_file() or (path.suffix == ".py" and path.stem != "__init__")
)
"""Packages, and files beside them."""

PARTICIPLES = frozenset(
    """
    become begun born broken brought built chosen drawn driven fallen felt found forgotten forgot
    given gone grown had heard held hidden kept known laid left lost made meant met paid proven said
    seen sent shown sold spent spoken stood taken taught thought told torn understood woken worn
    written
    """.split()  # noqa: SIM905
)
"""Those that don't end in `ed`."""
SAYINGS = frozenset(("asked", "wanted"))
"""As a field or parameter no better; other regular ones may be, such as `blocked`."""
NO_PARTICIPLES = frozenset(("embed", "need", "seed"))
PREDICATES = ("is_", "has_", "may_", "can_", "was_", "needs_")
"""What answers yes or no goes on as it reads: `is_blocked`, `has_changed`."""
ADVERBS = frozenset(("already", "lately", "not", "still", "yet"))
PREPOSITIONS = frozenset(
    ("as", "at", "before", "beside", "by", "in", "into", "of", "with", "without")
)
"""They name no deed: `into`, `by_hash`, `with_secret`."""
VERBS = frozenset(("check", "post", "publish", "retry", "see", "send"))
"""What is done to something that has become so: `check_not_blocked`, `publish_gone`."""

ALLOWED = {
    "connection_lost": "asyncio calls it so",
    "connection_made": "asyncio calls it so",
    "data_received": "asyncio calls it so",
    "at": "`due.at(when, …)`: what waits for a time",
    "by": "`observability.by(actor)`: whose work it is",
    "entered": "what a decorator puts in a function's place",
    "forgot": "an operation's id, which clients know",
    "in_chat": "a field of the wire",
    "shared": "what a decorator puts in a function's place",
    "tried": "what a decorator puts in a function's place",
    "of": "`Newcomer.of(visitor)`: another way to make one",
    "with_browser": "a copy with another value, as `replace` makes it",
}
"""Names that may stay, each with why."""


def files(place: str) -> list[Path]:
    path = ROOT / place
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def functions(place: str) -> Iterator[tuple[str, str]]:
    """Every function of a place, with where it is."""
    for path in files(place):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.name, f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"


def names(node: ast.AST) -> list[str]:
    """The fields, or the parameter, that a node declares."""
    match node:
        case ast.arg(arg=name) | ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case ast.Attribute(attr=name, ctx=ast.Store()):
            return [name]
        case ast.ClassDef(body=body):
            assignments = [each for each in body if isinstance(each, ast.Assign)]
            targets = [target for each in assignments for target in each.targets]
            return [target.id for target in targets if isinstance(target, ast.Name)]
    return []


def is_participle(word: str) -> bool:
    return word in PARTICIPLES or (
        word.endswith("ed") and len(word) > 3 and word not in NO_PARTICIPLES
    )


def tells_a_state(name: str) -> bool:
    """Whether a function is named after what has happened, or after how something stands."""
    if name.startswith("__") or name.lstrip("_") in ALLOWED:
        return False
    words = name.strip("_").split("_")
    if name.lstrip("_").startswith(PREDICATES):
        return False
    # `released_claims` is a thing; `claims_released` and `released` are what became of one.
    ends_so = is_participle(words[-1]) and words[0] not in VERBS
    begins_so = len(words) > 1 and is_participle(words[0]) and words[1] in PREPOSITIONS | {"to"}
    is_time = words[1:] == ["at"]  # `created_at`, `connected_at`
    return words[0] in ADVERBS | PREPOSITIONS or ends_so or (begins_so and not is_time)


@pytest.mark.parametrize("place", PLACES)
def test_functions_are_verbs_or_nouns_of_what_they_return(place: str) -> None:
    names = list(functions(place))
    assert [where for name, where in names if tells_a_state(name)] == []


@pytest.mark.parametrize("place", PLACES)
def test_fields_and_parameters_are_nouns_of_what_is_in_them(place: str) -> None:
    assert [
        f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)} {name}"
        for path in files(place)
        for node in ast.walk(ast.parse(path.read_text()))
        for name in names(node)
        if name.strip("_") in PARTICIPLES | SAYINGS
    ] == []


def test_every_exception_is_needed() -> None:
    there = {name.strip("_") for place in PLACES for name, _ in functions(place)}
    assert set(ALLOWED) - there == set()
