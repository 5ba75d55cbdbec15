"""The engines behind the application, asked as any page in a browser of this machine may ask: with
its origin, without credentials, by name of each door that the whole process tree has open."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from infra.local.settings import ACCESS_KEY, REGION, SECRET_KEY
from infra.local.testing import LocalFoyer
from tests.local.serving import Answer
from tests.local.test_storage import BUCKET, read_file, storage_of
from tests.support.listening import doors_of

PAGE = {"Origin": "https://attacker.example", "Referer": "https://attacker.example/"}
PARTS = ("dynamodb", "storage", "mail", "run", "log", "keys")
NAMEABLE = {"127.0.0.1", "::1", "0.0.0.0", "::"}  # noqa: S104 - addresses that a page can guess
ROOTS = ("/", "/buckets/", f"/buckets/{BUCKET}/", f"/{BUCKET}/", "/etc/", "/topics/")
OPERATIONS = (
    f"/col/delete?collection={BUCKET}",
    "/vol/grow?count=1",
    "/vol/vacuum?garbageThreshold=0",
    "/dir/assign",
    "/dir/status",
    "/submit",
    "/admin/assign_volume?volume=9",
    "/ui/index.html",
    "/debug/pprof/heap",
    "/metrics",
)
FORM = (
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="evil.html"\r\n'
    b"Content-Type: text/html\r\n\r\n<script>evil</script>\r\n--x--\r\n"
)


@pytest.fixture(scope="module")
def foyer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalFoyer]:
    """A machine with both engines, and a file that is to survive."""
    notes = tmp_path_factory.mktemp("notes") / "notes.jsonl"
    env = {"FOYER_APP": "tests.local.tinyapp", "TINYAPP_NOTES": str(notes)}
    with LocalFoyer(storage=True, env=env) as running:
        for name in ("a.txt", "unguessed.txt"):
            storage_of(running).put_object(Bucket=BUCKET, Key=name, Body=b"precious")
        yield running


@pytest.fixture
def doors(foyer: LocalFoyer) -> list[tuple[str, int]]:
    """Those of the engines and the machine whose address a page can know."""
    return sorted(place for place in doors_of(foyer.pid) if place[0] in NAMEABLE)


def ask(
    place: tuple[str, int],
    method: str,
    path: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> Answer | None:
    """An answer; None from a door that doesn't speak HTTP (the engines' gRPC)."""
    connection = http.client.HTTPConnection(*place, timeout=5)
    try:
        connection.request(method, path, body, {**PAGE, **(headers or {})})
        answer = connection.getresponse()
        named = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, named, answer.read())
    except (http.client.HTTPException, OSError):
        return None
    finally:
        connection.close()


def ask_engine(place: tuple[str, int], operation: str, body: Any) -> Answer | None:
    """DynamoDB's API with a signature that anybody can make up."""
    made_up = f"Credential={ACCESS_KEY}/20260101/us-east-1/dynamodb/aws4_request"
    headers = {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": f"DynamoDB_20120810.{operation}",
        "X-Amz-Date": "20260101T000000Z",
        "Authorization": f"AWS4-HMAC-SHA256 {made_up}, SignedHeaders=host, Signature=00",
    }
    return ask(place, "POST", "/", json.dumps(body).encode(), headers)


def test_every_door_is_on_this_machine_alone(foyer: LocalFoyer) -> None:
    everywhere = [place for place in doors_of(foyer.pid) if not place[0].startswith("127.")]
    assert everywhere == []


def test_the_database_answers_nowhere_that_a_page_can_name(
    foyer: LocalFoyer, doors: list[tuple[str, int]]
) -> None:
    hidden = [place for place in doors_of(foyer.pid) if place not in doors]
    assert len(hidden) == 1
    found = ask_engine(hidden[0], "ListTables", {})
    assert found is not None
    assert b"foyer-outbox" in found.body, "it is the database, and it believes anybody"
    for place in doors:
        for operation in ("ListTables", "Scan"):
            told = ask_engine(place, operation, {"TableName": "foyer-keys"})
            said = b"" if told is None else told.body
            assert b"TableNames" not in said, place
            assert b"foyer-outbox" not in said, place


def test_the_database_is_elsewhere_at_each_start(tmp_path: Path) -> None:
    env = {"FOYER_APP": "tests.local.tinyapp", "TINYAPP_NOTES": str(tmp_path / "notes")}
    seen = set()
    with LocalFoyer(env=env, data=tmp_path / "data") as foyer:
        for _ in range(3):
            seen |= {place for place in doors_of(foyer.pid) if place[0] not in NAMEABLE}
            foyer.restart()
    assert len({address for address, _ in seen}) == 3
    assert len({port for _, port in seen}) == 3


def test_no_page_deletes_or_writes_a_file(foyer: LocalFoyer, doors: list[tuple[str, int]]) -> None:
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    for place in doors:
        for path in OPERATIONS:
            for method in ("GET", "POST"):
                ask(place, method, path, b"" if method == "POST" else None)
        for root in ROOTS:
            ask(place, "POST", root, FORM, form)
            ask(place, "POST", f"{root}evil.html", b"evil", {"Content-Type": "text/plain"})
            ask(place, "PUT", f"{root}evil.html", b"evil")
            ask(place, "DELETE", f"{root}a.txt")
            ask(place, "DELETE", f"{root}?recursive=true&ignoreRecursiveError=true")
            ask(place, "POST", f"{root}a.txt?mv.from=/buckets/{BUCKET}/a.txt", b"")
    files = storage_of(foyer)
    listed = files.list_objects_v2(Bucket=BUCKET)["Contents"]
    assert {each["Key"] for each in listed} - {".foyer-was-here"} == {"a.txt", "unguessed.txt"}
    assert read_file(files, "a.txt") == b"precious"


def test_no_page_reads_a_file_or_of_files(foyer: LocalFoyer, doors: list[tuple[str, int]]) -> None:
    for place in doors:
        for root in ROOTS:
            for path in (root, f"{root}a.txt", f"{root}?metadata=true&limit=9"):
                told = ask(place, "GET", path, None, {"Accept": "application/json"})
                if told is not None:
                    assert b"precious" not in told.body, (place, path)
                    assert b"unguessed" not in told.body, (place, path)


@pytest.mark.parametrize("origin", ["https://attacker.example", "null", "http://127.0.0.1:3000"])
def test_no_engine_lets_a_page_of_elsewhere_read_a_files_answer(
    foyer: LocalFoyer, origin: str
) -> None:
    files = storage_of(foyer)
    url = files.generate_presigned_url("get_object", {"Bucket": BUCKET, "Key": "a.txt"})
    place, target = _split(url)
    foreign = ask(place, "GET", target, None, {"Origin": origin})
    assert foreign is not None
    assert foreign.headers.get("access-control-allow-origin") not in {origin, "*"}
    own = ask(place, "GET", target, None, {"Origin": foyer.url})
    assert own is not None
    assert (own.body, own.headers["access-control-allow-origin"]) == (b"precious", foyer.url)
    asked = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
    preflight = ask(place, "OPTIONS", f"/{BUCKET}/a.txt", None, asked)
    assert preflight is not None
    assert preflight.headers.get("access-control-allow-origin") not in {origin, "*"}


def test_the_key_in_the_source_opens_nothing(foyer: LocalFoyer) -> None:
    """What is signed by a key that everybody can read: a form that a page may send, and a link."""
    ports = json.loads((foyer.data / "run" / "storage-ports.json").read_text())
    endpoint = f"http://127.0.0.1:{ports['s3']}"
    published = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
        config=Config(s3={"addressing_style": "path"}, signature_version="s3v4"),
    )
    link = published.generate_presigned_url("get_object", {"Bucket": BUCKET, "Key": "a.txt"})
    place, target = _split(link)
    told = ask(place, "GET", target)
    assert told is not None
    assert (told.status, b"precious" in told.body) == (403, False)
    form = published.generate_presigned_post(BUCKET, "evil.html")
    fields = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in form["fields"].items()
    )
    body = fields.encode() + FORM
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    posted = ask(place, "POST", f"/{BUCKET}", body, kind)
    assert posted is not None
    assert posted.status == 403


def test_other_users_can_read_nothing_of_it(foyer: LocalFoyer) -> None:
    parts = [foyer.data / name for name in PARTS]
    assert [each for each in parts if each.stat().st_mode & 0o077] == []
    # The storage's own program opens a file or two again, in a folder that lets nobody through.
    files = [path for part in parts if part.name != "storage" for path in part.rglob("*")]
    assert len(files) > 5
    assert [path for path in files if path.lstat().st_mode & 0o077] == []
    ports = json.loads((foyer.data / "run" / "storage-ports.json").read_text())
    mine = {f"-{port}.sock" for port in ports.values()}
    sockets = list(Path("/tmp").glob("seaweedfs-*.sock"))  # noqa: S108
    ours = [each for each in sockets if any(each.name.endswith(name) for name in mine)]
    assert ours, "the test looks where they are"
    assert [each for each in ours if each.stat().st_mode & 0o077] == []


def test_what_an_earlier_version_left_open_is_closed_at_the_start(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "mail").mkdir(parents=True)
    old = data / "mail" / "01A.json"
    old.write_text("{}")
    old.chmod(0o644)
    outside = tmp_path / "elsewhere.txt"
    outside.write_text("another's")
    outside.chmod(0o644)
    (data / "mail" / "link").symlink_to(outside)
    data.chmod(0o755)
    env = {"FOYER_APP": "tests.local.tinyapp", "TINYAPP_NOTES": str(tmp_path / "notes")}
    with LocalFoyer(env=env, data=data):
        assert (old.stat().st_mode & 0o777, (data / "mail").stat().st_mode & 0o777) == (
            0o600,
            0o700,
        )
        assert outside.stat().st_mode & 0o777 == 0o644


def _split(url: str) -> tuple[tuple[str, int], str]:
    rest = url.removeprefix("http://")
    host, _, target = rest.partition("/")
    name, _, port = host.partition(":")
    return (name, int(port)), f"/{target}"
