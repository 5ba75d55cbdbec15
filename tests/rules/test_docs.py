"""What must not exist without a line of documentation, and the other way round."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from chalicelib import wiring
from chalicelib.edge.answers import STATUS
from chalicelib.kit import problems
from chalicelib.kit.events import Event
from chalicelib.platform.observability import Metric
from infra.packaging.template import join_templates

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
VARIABLE = re.compile(r"FOYER_[A-Z0-9_]+")


def all_events(kind: type[Event] = Event) -> Iterator[type[Event]]:
    """Every fact that has a name; `ConversationEvent` and the like have none."""
    for each in kind.__subclasses__():
        if "name" in vars(each):
            yield each
        yield from all_events(each)


def sections(text: str) -> dict[str, str]:
    """Headings of the third level with what stands under them."""
    parts = re.split(r"^### `([a-z_.]+)`$", re.sub(r"(?m)^## .*$", "", text), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def raised_codes() -> set[str]:
    """Codes of problems in the sources: `code = "…"`, `code="…"`, and the edge's own tables.

    An f-string stands as a pattern with `*` for what is filled in.
    """
    found: set[str] = set()
    for file in (ROOT / "chalicelib").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if any(isinstance(each, ast.Name) and each.id == "code" for each in targets):
                    found |= texts(node.value)
            elif isinstance(node, ast.keyword) and node.arg == "code":
                found |= texts(node.value)
    told = (ROOT / "chalicelib" / "edge" / "answers.py").read_text()
    return found | set(re.findall(r'"((?:request|server)\.[a-z_]+)"', told))


def texts(node: ast.expr | None) -> set[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.JoinedStr):
        parts = (str(each.value) if isinstance(each, ast.Constant) else "*" for each in node.values)
        return {"".join(parts)}
    return set()


def documented_problems() -> dict[str, str]:
    """Code → status, from the tables."""
    rows = re.findall(
        r"^\| `([a-z_.]+)` *\| (\S+)", (DOCS / "problems.md").read_text(), re.MULTILINE
    )
    assert len(rows) == len(dict(rows)), "a code is listed twice"
    return dict(rows)


def test_every_event_is_documented_with_its_fields() -> None:
    told = sections((DOCS / "events.md").read_text())
    events = {kind.name: kind for kind in all_events()}
    assert set(told) == set(events)
    for name, kind in events.items():
        missing = [field for field in kind.__struct_fields__ if f"`{field}`" not in told[name]]
        assert missing == [], name
        assert kind.__doc__, name


def test_every_event_has_somebody_who_reacts_or_is_for_the_feed_only() -> None:
    subscribed, feed_only = set(wiring.SUBSCRIBERS), set(wiring.FEED_ONLY)
    assert subscribed | feed_only == set(all_events())
    assert subscribed & feed_only == set()


def test_every_code_of_a_problem_is_documented_and_none_is_left_over() -> None:
    documented = documented_problems()
    patterns = {re.escape(code).replace(r"\*", "[a-z_]+") for code in raised_codes()}
    undocumented = {p for p in patterns if not any(re.fullmatch(p, code) for code in documented)}
    stale = {code for code in documented if not any(re.fullmatch(p, code) for p in patterns)}
    assert (undocumented, stale) == (set(), set())


def test_the_documented_statuses_are_those_of_the_kinds() -> None:
    documented = documented_problems()
    kinds = {kind.code: str(status) for kind, status in STATUS.items()}
    assert {code: documented[code] for code in kinds} == kinds
    assert set(STATUS) >= set(problems.Problem.__subclasses__())


def test_every_table_is_in_the_docstring_of_a_store() -> None:
    resources = yaml.safe_load((ROOT / "infra" / "tables.yaml").read_text())["Resources"]
    tables = {
        each["Properties"]["TableName"]["Fn::Sub"].partition("}-")[2]: name
        for name, each in resources.items()
    }
    files = [
        *(ROOT / "chalicelib").glob("*/store.py"),
        ROOT / "chalicelib/auth/counters.py",
        *(ROOT / "chalicelib/platform/tables").glob("*.py"),
    ]
    told = [ast.get_docstring(ast.parse(file.read_text())) or "" for file in files]
    rows = {row.split("|")[2].split()[0].rstrip(",") for doc in told for row in table_rows(doc)}
    assert rows - {"asked", "stream"} == set(tables)


def table_rows(docstring: str) -> list[str]:
    return [line for line in docstring.splitlines() if line.startswith("| ")]


def test_every_route_has_a_summary() -> None:
    for api in wiring.ROUTES:
        for route in api.routes:
            assert re.fullmatch(r"[A-Z`].{3,110}\.", route.summary), (route.path, route.summary)


@pytest.mark.parametrize("folder", ["chalicelib", "infra"])
def test_every_setting_is_documented(folder: str) -> None:
    used = {
        variable
        for file in (ROOT / folder).rglob("*")
        if file.suffix in (".py", ".yaml", ".json") and "node_modules" not in file.parts
        for variable in VARIABLE.findall(file.read_text())
    }
    documented = set(VARIABLE.findall("".join(file.read_text() for file in DOCS.glob("*.md"))))
    assert used - documented == set()


def test_every_metric_and_alarm_is_documented_and_counted_among_the_costs() -> None:
    resources = join_templates()["Resources"].values()
    alarms = [each["Properties"] for each in resources if each.get("Type", "").endswith("::Alarm")]
    told = (DOCS / "operations.md").read_text()
    metrics = re.findall(r"`([A-Z]\w+)`", told)
    assert {metric.label for metric in Metric} <= {*metrics}
    for alarm in alarms:
        name = alarm["AlarmName"]["Fn::Sub"].removeprefix("${Prefix}-")
        assert f"`{name}`" in told or f"`{name.removesuffix('errors')}`" in told, name
    costs = (DOCS / "costs.md").read_text()
    watched = sum(max(1, len(alarm.get("Metrics", ())) - 1) for alarm in alarms)
    assert f"The {len(Metric)} metrics are $0.30 a month" in costs
    assert f"The alarms look at {watched} metrics" in costs
