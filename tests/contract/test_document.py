"""The contract as it is kept: current, valid, whole; and the front ends' types made from it."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from chalicelib.wiring import ROUTES
from infra.openapi import PATH, render
from tests.support.api import Client

PROTOCOL = Path(__file__).parents[2] / "protocol"

PUBLIC_READS = ("/v1/health", "/v1/openapi.json")


def stored_document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
    return document


def operations() -> list[tuple[str, dict[str, Any]]]:
    paths = stored_document()["paths"]
    return [(f"{m} {path}", told) for path, methods in paths.items() for m, told in methods.items()]


def test_the_kept_document_is_what_the_code_says() -> None:
    assert PATH.read_text(encoding="utf-8") == render(), "run `python -m infra.openapi`"


def test_the_document_is_valid_openapi_3_1() -> None:
    assert [error.message for error in OPENAPI_31_VALIDATOR.iter_errors(stored_document())] == []


def test_the_served_document_is_the_kept_one_but_for_its_version() -> None:
    served = Client().get("/v1/openapi.json").ok()
    assert {**served, "info": None} == {**stored_document(), "info": None}


def test_every_route_is_described_and_refers_to_shapes_that_are_there() -> None:
    document = stored_document()
    declared = {f"{r.method.lower()} {r.path}" for api in ROUTES for r in api.routes}
    assert {name for name, _ in operations()} == declared
    referred = set(re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', json.dumps(document)))
    assert referred == set(document["components"]["schemas"])
    names = [told["operationId"] for _, told in operations()]
    assert len(names) == len(set(names))


def test_every_id_in_a_path_says_what_it_looks_like() -> None:
    for name, told in operations():
        places = [each for each in told["parameters"] if each["in"] == "path"]
        assert {each["name"] for each in places} == set(re.findall(r"\{(\w+)\}", name))
        for each in places:
            assert re.fullmatch(each["schema"]["pattern"], each["example"]), name


def test_reading_in_public_is_not_refused_for_who_asks() -> None:
    told = dict(operations())
    for path in PUBLIC_READS:
        assert set(told[f"get {path}"]["responses"]) == {"200", "429", "503"}


def test_the_front_ends_types_are_generated_from_the_kept_document(tmp_path: Path) -> None:
    made = tmp_path / "api.ts"
    script = json.loads((PROTOCOL / "package.json").read_text())["scripts"]["generate"]
    command = [str(made) if word == "src/api.ts" else word for word in shlex.split(script)]
    generator = PROTOCOL / "node_modules" / ".bin" / command[0]
    subprocess.run(
        [generator, *command[1:]], cwd=PROTOCOL, check=True, capture_output=True, timeout=60
    )
    current = (PROTOCOL / "src" / "api.ts").read_text()
    assert made.read_text() == current, "run `npm run generate -w protocol`"
