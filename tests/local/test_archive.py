"""A backup's file that somebody has made up: whoever puts it back loses nothing by it."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from infra.local.data.archive import NotABackup, unpack


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry


def plain(name: str) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size = 4
    return entry


@pytest.mark.parametrize(
    "entries",
    [
        [plain("../evil")],
        [plain("/etc/evil")],
        [plain("mail/../../evil")],
        [plain("mail/./evil")],
        [plain("mail//evil")],
        [plain("mail\\..\\evil")],
        [plain("elsewhere/evil")],
        [plain("evil")],
        [link("mail/out", "/tmp"), plain("mail/out/evil")],  # noqa: S108
        [link("mail/out", "../../evil", tarfile.LNKTYPE)],
        [link("mail/pipe", "", tarfile.FIFOTYPE)],
        [link("mail/disk", "", tarfile.BLKTYPE)],
        [plain("mail/twice"), plain("mail/twice")],
    ],
)
def test_an_archive_cannot_write_outside_or_anything_but_files(
    tmp_path: Path, entries: list[tarfile.TarInfo]
) -> None:
    target = tmp_path / "deep" / "target"
    target.mkdir(parents=True)
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as tar:
        for entry in entries:
            tar.addfile(entry, io.BytesIO(b"evil") if entry.isreg() else None)
    content.seek(0)
    with pytest.raises(NotABackup):
        unpack(content, target)
    assert [path for path in tmp_path.rglob("*evil*") if "evil" in path.name] == []


@pytest.mark.parametrize(
    "content", [b"[" * 200_000, b'{"format": 1, "files": {}}', b"[]", b'{"at": "now"}', b"\xff"]
)
def test_an_archive_whose_list_is_none_is_no_backup(tmp_path: Path, content: bytes) -> None:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        entry = tarfile.TarInfo("backup.json")
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
    archive.seek(0)
    with pytest.raises(NotABackup):
        unpack(archive, tmp_path)


def test_an_archive_that_does_not_unzip_is_no_backup(tmp_path: Path) -> None:
    """The first block says of itself that it is of a kind that there isn't."""
    (tmp_path / "into").mkdir()
    head = b"\x1f\x8b\x08" + bytes(7)
    with pytest.raises(NotABackup):
        unpack(io.BytesIO(head + b"\xff" * 99), tmp_path / "into")
