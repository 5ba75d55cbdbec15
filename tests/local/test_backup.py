"""Backups while everything runs, and putting them back whole or not at all."""

from __future__ import annotations

import gzip
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
import time_machine

from infra.local.data.archive import pack
from infra.local.data.backup import Refused, make_backup, restore
from infra.local.data.snapshot import NotReadable
from infra.local.settings import ROOT
from infra.local.testing import LocalFoyer
from tests.local.conftest import Notes
from tests.local.serving import ask, until
from tests.local.test_poller import name_of
from tests.local.test_storage import BUCKET, read_file, storage_of


def run(*arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    """The command as `make backup` and `make restore` give it."""
    return subprocess.run(
        [sys.executable, "-m", "infra.local.data.backup", *arguments],
        cwd=ROOT,
        env={**os.environ, "FOYER_DATA": str(data), "FOYER_PUBLIC_URL": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@contextmanager
def writing(write: Callable[[int], None]) -> Iterator[list[int]]:
    """Somebody who writes all the while; the numbers that were acknowledged so far."""
    done: list[int] = []
    ended = threading.Event()

    def go_on() -> None:
        while not ended.is_set():
            write(len(done))
            done.append(len(done))

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield done
    finally:
        ended.set()
        thread.join(20)


def test_what_was_acknowledged_before_a_backup_is_there_after_all_is_lost(tmp_path: Path) -> None:
    notes = {"FOYER_APP": "tests.local.tinyapp", "TINYAPP_NOTES": str(tmp_path / "notes")}
    archive = tmp_path / "kept.tar.gz"
    with LocalFoyer(storage=True, env=notes, data=tmp_path / "data") as foyer:
        files = storage_of(foyer)

        def write(number: int) -> None:
            assert ask(foyer.port, "PUT", f"/v1/facts/f{number}").status == 200
            if number % 20 == 0:
                files.put_object(Bucket=BUCKET, Key=f"{number}.bin", Body=b"%d" % number * 5000)

        (foyer.data / "keys" / "root").write_text("what signs")
        with writing(write) as done:
            until(lambda: len(done) > 100)
            before = len(done)
            told = run("create", str(archive), data=foyer.data)
            assert told.returncode == 0, told.stderr
            until(lambda: len(done) > before + 20)
        assert archive.stat().st_mode & 0o777 == 0o600
        assert not list((foyer.data / "run").glob("backup-*"))
        foyer.kill9()
        for part in foyer.data.iterdir():
            subprocess.run(["rm", "-rf", part], check=True)
        told = run("restore", str(archive), data=foyer.data)
        assert told.returncode == 0, told.stderr
        foyer.start()
        for number in range(before):
            assert ask(foyer.port, "GET", f"/v1/facts/f{number}").status == 200, number
            if number % 20 == 0:
                body = read_file(storage_of(foyer), f"{number}.bin")
                assert body == b"%d" % number * 5000
        assert (foyer.data / "keys" / "root").read_text() == "what signs"


def test_events_of_the_backups_time_reach_the_consumer_again_not_never(
    tiny: tuple[LocalFoyer, Notes], tmp_path: Path
) -> None:
    foyer, call_notes = tiny
    foyer.start()
    ask(foyer.port, "PUT", "/v1/facts/first")
    until(lambda: len(call_notes("event")) == 1)
    archive = make_backup(foyer.data, tmp_path / "kept.tar.gz")
    ask(foyer.port, "PUT", "/v1/facts/lost")
    until(lambda: len(call_notes("event")) == 2)
    foyer.stop()
    restore(foyer.data, archive, replace=True)
    foyer.start()
    ask(foyer.port, "PUT", "/v1/facts/later")
    until(lambda: "later" in {name_of(record) for record in call_notes("event")})


def test_a_folder_in_use_or_with_data_in_it_is_left_alone(
    tiny: tuple[LocalFoyer, Notes], tmp_path: Path
) -> None:
    foyer, _ = tiny
    foyer.start()
    ask(foyer.port, "PUT", "/v1/facts/first")
    archive = make_backup(foyer.data, tmp_path / "kept.tar.gz")
    with pytest.raises(Refused, match="runs on"):
        restore(foyer.data, archive, replace=True)
    assert ask(foyer.port, "GET", "/v1/facts/first").status == 200
    foyer.stop()
    before = contents(foyer.data)
    with pytest.raises(Refused, match="has data in it"):
        restore(foyer.data, archive, replace=False)
    assert contents(foyer.data) == before
    said = restore(foyer.data, archive, replace=True)
    (aside,) = foyer.data.parent.glob(f"{foyer.data.name}.before-*")
    assert str(aside) in said
    assert contents(aside) == before
    foyer.start()
    assert ask(foyer.port, "GET", "/v1/facts/first").status == 200


@pytest.fixture(scope="module")
def kept_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder at rest, with enough in it that a restore takes a moment."""
    data = tmp_path_factory.mktemp("kept") / "data"
    for part in ("run", "dynamodb", "storage", "keys", "mail", "log"):
        (data / part).mkdir(parents=True)
    with sqlite3.connect(data / "dynamodb" / "foyer.db") as engine:
        engine.execute("CREATE TABLE facts (name TEXT)")
        engine.execute("INSERT INTO facts VALUES ('there')")
    engine.close()
    (data / "keys" / "root").write_text("what signs")
    (data / "storage" / "foyer-files_1.dat").write_bytes(os.urandom(64_000_000))
    return data


@pytest.fixture(scope="module")
def archive(kept_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_backup(kept_folder, tmp_path_factory.mktemp("archive") / "kept.tar.gz")


@pytest.mark.parametrize("after", [0.0, 0.1, 0.2, 0.3])
def test_a_restore_that_is_killed_leaves_the_old_data(
    archive: Path, tmp_path: Path, after: float
) -> None:
    data = tmp_path / "data"
    (data / "mail").mkdir(parents=True)
    (data / "mail" / "old.json").write_text("old")
    child = subprocess.Popen(
        [sys.executable, "-m", "infra.local.data.backup", "restore", str(archive), "--replace"],
        cwd=ROOT,
        env={**os.environ, "FOYER_DATA": str(data), "FOYER_PUBLIC_URL": ""},
        stdout=subprocess.PIPE,
    )
    until(lambda: list(tmp_path.glob(".data.restoring-*")) or child.poll() is not None)
    time.sleep(after)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    whole = {"mail/old.json": sha256(b"old").hexdigest()}
    if (data / "keys" / "root").exists():  # it was quicker
        whole = contents(next(tmp_path.glob("data.before-*")))
        assert (data / "keys" / "root").read_text() == "what signs"
    else:
        assert contents(data) == whole
    assert whole == {"mail/old.json": sha256(b"old").hexdigest()}
    again = run("restore", str(archive), "--replace", data=data)
    assert again.returncode == 0, again.stderr
    assert (data / "keys" / "root").read_text() == "what signs"


def test_restores_within_one_second_each_keep_what_was_there(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    with time_machine.travel("2026-11-28T16:50:52Z", tick=False):
        for number in range(3):
            data.mkdir(exist_ok=True)
            (data / "mark").write_text(str(number))
            restore(data, archive, replace=True)
        monkeypatch.setattr("infra.local.data.backup._exchange", lambda *_: False)
        (data / "mark").write_text("3")
        restore(data, archive, replace=True)
    marks = [(each / "mark").read_text() for each in sorted(tmp_path.glob("data.before-*"))]
    assert marks == ["0", "1", "2", "3"]
    assert (data / "keys" / "root").read_text() == "what signs"
    assert sorted(each.name for each in tmp_path.iterdir() if each.name[0] == ".") == []


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def changed(content: bytes) -> bytes:
    whole = bytearray(gzip.decompress(content))
    whole[2_000_000] ^= 1
    return gzip.compress(bytes(whole), 1)


@pytest.mark.parametrize("harm", [cut, changed, lambda _: b"", lambda _: b"no archive" * 999])
def test_a_damaged_backup_changes_nothing(
    archive: Path, tmp_path: Path, harm: Callable[[bytes], bytes]
) -> None:
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(harm(archive.read_bytes()))
    data = tmp_path / "data"
    (data / "mail").mkdir(parents=True)
    (data / "mail" / "old.json").write_text("old")
    told = run("restore", str(broken), "--replace", data=data)
    assert (told.returncode, told.stderr.startswith("That can't be done: ")) == (1, True)
    assert "Traceback" not in told.stderr
    assert contents(tmp_path / "data") == {"mail/old.json": sha256(b"old").hexdigest()}
    assert not list(tmp_path.glob(".data.restoring-*"))


def test_a_backup_with_a_damaged_database_changes_nothing(
    kept_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "made"
    (folder / "dynamodb").mkdir(parents=True)
    (folder / "dynamodb" / "foyer.db").write_bytes(b"SQLite format 3\0" + b"x" * 9000)
    broken = tmp_path / "broken.tar.gz"
    with broken.open("wb") as file:
        pack(folder, ["dynamodb/foyer.db"], file, about={"at": "now"})
    with pytest.raises(NotReadable, match="damaged"):
        restore(tmp_path / "data", broken, replace=False)
    assert not (tmp_path / "data").exists()


def test_a_backup_overwrites_nothing_and_leaves_nothing_when_it_fails(
    kept_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.tar.gz").write_text("mine")
    assert run("create", str(tmp_path / "mine.tar.gz"), data=kept_folder).returncode == 1
    assert (tmp_path / "mine.tar.gz").read_text() == "mine"
    told = run("create", str(tmp_path / "none.tar.gz"), data=tmp_path / "nowhere")
    assert (told.returncode, "nowhere" in told.stderr) == (1, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.tar.gz"]


def test_a_backup_tells_what_is_in_it(archive: Path) -> None:
    with tarfile.open(archive) as tar:
        last = tar.getmembers()[-1]
        listed = tar.extractfile(last)
        assert listed is not None
        about = json.loads(listed.read())
    assert last.name == "backup.json"
    assert {"dynamodb/foyer.db", "keys/root", "storage/foyer-files_1.dat"} == set(about["files"])
