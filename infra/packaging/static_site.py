"""The files that browsers load, brought to the site's bucket."""

from __future__ import annotations

import json
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from infra.packaging.paths import ROOT

# Each front end's build and its folder in the bucket (infra/site.yaml has the origins).
BUILDS = {"dashboard": ROOT / "dashboard" / "dist", "widget": ROOT / "widget" / "dist"}

# Vite's names: assets/index-B1xM5gW0.js. Such a name never has other contents.
_NAMED_BY_CONTENT = re.compile(r"(^|/)assets/.+-[A-Za-z0-9_-]{8}\.[a-z0-9.]+$")
_FOREVER = "public, max-age=31536000, immutable"
# Pages ask every time whether they changed: a release is seen at the next load.
_ASK_EVERY_TIME = "no-cache"
# The widget's loader is asked for by every page of every customer: five minutes of reuse.
_FIVE_MINUTES = "public, max-age=300"

# Tabs opened before a release still load the parts of theirs, so each file stays so long after the
# last release that had it. When that ended stands in a file of the bucket that no browser gets.
_FORMER_RELEASES_KEPT = timedelta(days=30)
_RECORD = "releases.json"

# Not in every system's own list of types.
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".map": "application/json",
}


class NotBuilt(Exception):
    """A front end has no build to bring; the message says how to make it."""


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file to bring, and how browsers shall treat it."""

    path: Path
    key: str
    content_type: str
    cache_control: str

    @property
    def has_content_name(self) -> bool:
        """Whether its name changes with its contents, so that caches never go stale."""
        return self.cache_control == _FOREVER


def static_files(builds: dict[str, Path] | None = None) -> list[StaticFile]:
    """Every file of the builds, those that others refer to first and pages last.

    Raises:
        NotBuilt: A build's folder is missing or empty.
    """
    every: list[StaticFile] = []
    for name, folder in (builds or BUILDS).items():
        files = [_describe(name, path, folder) for path in _files(folder)]
        if not files:
            raise NotBuilt(f"The {name} isn't built: run `npm run build` (make deploy does).")
        every += files
    return sorted(every, key=lambda file: (not file.has_content_name, file.key))


def upload(s3: Any, bucket: str, files: list[StaticFile]) -> int:
    """Upload `files`, then forget what no release of the last 30 days had; how many went."""
    for file in files:
        s3.put_object(
            Bucket=bucket,
            Key=file.key,
            Body=file.path.read_bytes(),
            ContentType=file.content_type,
            CacheControl=file.cache_control,
        )
    stale = _note_release(s3, bucket, {file.key for file in files})
    for key in stale:
        s3.delete_object(Bucket=bucket, Key=key)
    return len(stale)


def paths_to_invalidate(files: list[StaticFile]) -> list[str]:
    """The site's paths whose contents may have changed under the same name."""
    kept_names = [f"/{file.key}" for file in files if not file.has_content_name]
    return [path.removeprefix("/dashboard") for path in kept_names]


def _describe(build: str, path: Path, folder: Path) -> StaticFile:
    key = f"{build}/{path.relative_to(folder).as_posix()}"
    return StaticFile(path, key, _content_type(path), _cache_control(key))


def _content_type(path: Path) -> str:
    guessed = mimetypes.guess_type(path.name)[0]
    return _TYPES.get(path.suffix, guessed or "application/octet-stream")


def _cache_control(key: str) -> str:
    if _NAMED_BY_CONTENT.search(key):
        return _FOREVER
    return _FIVE_MINUTES if key == "widget/loader.js" else _ASK_EVERY_TIME


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _note_release(s3: Any, bucket: str, current: set[str]) -> list[str]:
    """Note which files are out of use since when; those that have been so for too long."""
    now = datetime.now(UTC)
    known = _read_record(s3, bucket)
    ended = {
        key: known.get(key) or now.isoformat() for key in _keys(s3, bucket) if key not in current
    }
    oldest_kept = (now - _FORMER_RELEASES_KEPT).isoformat()
    record = {
        **dict.fromkeys(current),
        **{key: since for key, since in ended.items() if since >= oldest_kept},
    }
    s3.put_object(Bucket=bucket, Key=_RECORD, Body=json.dumps(record).encode())
    return [key for key, since in ended.items() if since < oldest_kept]


def _read_record(s3: Any, bucket: str) -> dict[str, str | None]:
    """When each file's last release ended, None for those of the newest one."""
    try:
        answer = s3.get_object(Bucket=bucket, Key=_RECORD)
    except s3.exceptions.NoSuchKey:
        return {}
    record: dict[str, str | None] = json.loads(answer["Body"].read())
    return record


def _keys(s3: Any, bucket: str) -> Iterator[str]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        yield from (each["Key"] for each in page.get("Contents", []) if each["Key"] != _RECORD)
