"""The zip: small, complete, of the right machine, the same every time."""

from __future__ import annotations

import hashlib
import re
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest

from infra.packaging import slim
from infra.packaging.build import build
from infra.packaging.paths import PYTHON, REQUIREMENTS, ROOT, Package
from tests.deploy.interpreters import clean_python

SIZE_LIMIT = 15_000_000  # bytes; cold starts fetch and unpack it
UNCHECKED = 0b01  # PEP 552: trusted without a look at the source
X86_64 = 0x3E  # e_machine in an ELF header


@pytest.fixture(scope="module")
def names(package: Package) -> list[str]:
    """Every file of the zip."""
    with zipfile.ZipFile(package.zip) as archive:
        return archive.namelist()


def test_the_zip_is_small(package: Package) -> None:
    assert package.zip.stat().st_size <= SIZE_LIMIT


def test_the_same_sources_make_the_same_bytes(package: Package, tmp_path: Path) -> None:
    again = build("prod", tmp_path)
    for first, second in ((package.zip, again.zip), (package.template, again.template)):
        assert _sha256(first) == _sha256(second)


def test_every_module_is_compiled_for_lambdas_python(task: Path) -> None:
    tag = f"cpython-{PYTHON.replace('.', '')}"
    for module in {*task.rglob("*.py")} - {task / "bare.py"}:  # the cold start's yardstick
        compiled = module.parent / "__pycache__" / f"{module.stem}.{tag}.pyc"
        assert compiled.is_file(), module
        flags = struct.unpack("<I", compiled.read_bytes()[4:8])[0]
        assert flags == UNCHECKED, module


def test_no_byte_code_of_another_origin_is_in_it(names: list[str]) -> None:
    tag = f"cpython-{PYTHON.replace('.', '')}.pyc"
    sources = {name for name in names if name.endswith(".py")}
    for name in names:
        if name.endswith(".pyc"):
            folder, _, file = name.partition("__pycache__/")
            assert file.endswith(f".{tag}")
            assert f"{folder}{file.removesuffix(f'.{tag}')}.py" in sources


def test_native_code_is_of_lambdas_processor(task: Path) -> None:
    libraries = list(task.rglob("*.so"))
    assert [library for library in libraries if "msgspec" in library.parts]
    for library in libraries:
        header = library.read_bytes()[:20]
        assert header[:4] == b"\x7fELF"
        assert struct.unpack("<H", header[18:20])[0] == X86_64


def test_the_pinned_versions_are_in_it(task: Path) -> None:
    pinned = dict(re.findall(r"^([a-z0-9]+)==([0-9.]+)", REQUIREMENTS.read_text("utf-8"), re.M))
    ask = "import boto3, botocore; print(boto3.__version__, botocore.__version__, boto3.__file__)"
    run = subprocess.run(
        [str(clean_python()), "-c", ask],
        env={"PYTHONPATH": str(task), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    home = task / "boto3" / "__init__.py"
    assert run.stdout.split() == [pinned["boto3"], pinned["botocore"], str(home)]


def test_only_services_that_the_code_calls_are_described(task: Path) -> None:
    described = {path.name for path in (task / "botocore" / "data").iterdir() if path.is_dir()}
    assert described == slim.NEEDED_SERVICES


def test_every_service_that_the_code_calls_is_described() -> None:
    calls = re.compile(r"\bclient\(\s*\"([a-z0-9]+)\"")
    called = {
        service
        for path in (ROOT / "chalicelib").rglob("*.py")
        for service in calls.findall(path.read_text(encoding="utf-8"))
    }
    assert called
    assert called <= slim.NEEDED_SERVICES


def test_logs_metrics_and_batches_load_from_it_without_the_sdk(task: Path) -> None:
    load = (
        "import sys; from aws_lambda_powertools import Logger, Metrics;"
        "from aws_lambda_powertools.utilities.batch import BatchProcessor;"
        "print(sorted({'boto3', 'botocore.session', 'botocore.client'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [str(clean_python()), "-c", load],
        env={"PYTHONPATH": str(task), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.stdout.strip(), run.stderr) == ("[]", "")


def test_nothing_but_the_application_and_its_dependencies_is_in_it(names: list[str]) -> None:
    assert not [name for name in names if ".dist-info/" in name or "/tests/" in name]
    top = {name.split("/")[0] for name in names} - {"__pycache__"}
    assert top == {
        *("app.py", "aws_lambda_powertools", "boto3", "botocore", "chalice", "chalicelib"),
        *("dateutil", "jmespath", "jwt", "msgspec", "phonenumbers", "pynamodb", "s3transfer"),
        *("six.py", "typing_extensions.py", "tzdata", "urllib3"),
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
