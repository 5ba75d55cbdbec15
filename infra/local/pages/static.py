"""Files as a good web server gives them: type, validators, caching, compression, headers."""

from __future__ import annotations

import gzip
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from infra.local.gateway.answers import Answer, Headers
from infra.local.gateway.asgi import Receive, Scope, Send, accepts_gzip, header, send_answer

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
# Vite puts a hash of the content into the name: such a file never changes.
_HASHED = re.compile(r"-[A-Za-z0-9_-]{8}\.[a-z0-9]+$")
_FOREVER = "public, max-age=31536000, immutable"
_WORTH_COMPRESSING = 1024
_COMPRESSIBLE = re.compile(r"^(text/|application/(json|manifest)|image/svg)")


@dataclass(frozen=True, slots=True)
class _File:
    stamp: tuple[int, int]
    type: str
    body: bytes
    compressed: bytes | None
    etag: str


class Folder:
    """Serves a folder. Unknown paths get `fallback` (a file of the folder) where one is named.

    `headers` go out with everything; `cache` with what has no hash in its name. `missing` is the
    page for when the folder has not been built.
    """

    def __init__(
        self,
        root: Path,
        *,
        headers: Mapping[str, str],
        cache: str,
        fallback: str | None = None,
        missing: Answer | None = None,
    ) -> None:
        self._root = root
        self._headers = headers
        self._cache = cache
        self._fallback = fallback
        self._missing = missing
        self._files: dict[Path, _File] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send, path: str) -> None:
        """Answer for a decoded path inside the folder, without a leading slash."""
        del receive
        method = scope["method"]
        if method not in ("GET", "HEAD"):
            answer = text_answer(405, "Only GET is answered here.\n")
        else:
            answer = self._answer(scope, path)
        await send_answer(send, answer, with_body=method != "HEAD")

    def _answer(self, scope: Scope, path: str) -> Answer:
        found = self._find(path or "index.html")
        if found is None:
            if self._missing is not None and not self._root.exists():
                return self._missing
            return text_answer(404, "There is nothing here.\n")
        file = self._load(found)
        cache = _FOREVER if _HASHED.search(found.name) else self._cache
        headers: Headers = [
            (name.lower().encode(), value.encode()) for name, value in self._headers.items()
        ]
        headers += [(b"cache-control", cache.encode()), (b"etag", file.etag.encode())]
        headers.append((b"vary", b"accept-encoding"))
        if file.etag.encode() in (header(scope, b"if-none-match") or b""):
            return Answer(304, headers, b"")
        body = file.body
        if file.compressed and accepts_gzip(scope):
            body = file.compressed
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-type", file.type.encode()))
        headers.append((b"content-length", str(len(body)).encode()))
        return Answer(200, headers, body)

    def _find(self, path: str) -> Path | None:
        names = [path]
        # A path with a suffix is a file that isn't there, not a page of the application.
        if self._fallback is not None and "." not in path.rpartition("/")[2]:
            names.append(self._fallback)
        for name in names:
            file = self._file(name) if "\0" not in name else None
            if file is not None:
                return file
        return None

    def _file(self, name: str) -> Path | None:
        try:
            candidate = (self._root / name).resolve()
            inside = candidate.is_relative_to(self._root.resolve())
            return candidate if inside and candidate.is_file() else None
        except OSError:
            # A name that no file system takes (too long) is no file.
            return None

    def _load(self, path: Path) -> _File:
        status = path.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        known = self._files.get(path)
        if known is not None and known.stamp == stamp:
            return known
        body = path.read_bytes()
        kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
        kind = kind or "application/octet-stream"
        worth = len(body) >= _WORTH_COMPRESSING and _COMPRESSIBLE.match(kind)
        loaded = _File(
            stamp=stamp,
            type=kind,
            body=body,
            compressed=gzip.compress(body, 6, mtime=0) if worth else None,
            etag=f'"{sha256(body).hexdigest()[:24]}"',
        )
        self._files[path] = loaded
        return loaded


def text_answer(status: int, text: str, kind: str = "text/plain; charset=utf-8") -> Answer:
    """A short answer of our own."""
    body = text.encode()
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    return Answer(status, headers, body)
