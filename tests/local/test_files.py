"""Files, the local pages and the demo site, as a browser gets them."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from infra.local.engines.ports import listen
from infra.local.gateway.asgi import Receive, Scope, Send
from infra.local.gateway.server import Server
from infra.local.pages.static import Folder, text_answer
from infra.local.testing import LocalFoyer
from tests.local.serving import Answer, ask, local, until

HASHED = "assets/index-Dk3xY_9a.js"


@contextmanager
def serve_folder(folder: Folder) -> Iterator[int]:
    """A folder at the root of a port."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await folder(scope, receive, send, scope["path"].lstrip("/"))

    door = listen(0, mend="")
    running: list[tuple[Server, asyncio.AbstractEventLoop]] = []

    async def serve(door: socket.socket) -> None:
        server = Server(app)
        running.append((server, asyncio.get_running_loop()))
        await server.serve([door])

    thread = threading.Thread(target=lambda: asyncio.run(serve(door)))
    thread.start()
    until(lambda: running and running[0][0].started)
    yield door.getsockname()[1]
    server, loop = running[0]
    loop.call_soon_threadsafe(server.end)
    thread.join(10)


@pytest.fixture
def build_folder(tmp_path: Path) -> Path:
    """What a build leaves, beside a secret that is none of it."""
    root = tmp_path / "dist"
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_text("<!doctype html><title>App</title>")
    (root / HASHED).write_text("export const x = 1;\n" * 200)
    (root / "loader.js").write_text("boot()")
    (tmp_path / "secret.txt").write_text("secret")
    return root


@pytest.fixture
def port(build_folder: Path) -> Iterator[int]:
    headers = {"X-Content-Type-Options": "nosniff"}
    with serve_folder(
        Folder(build_folder, headers=headers, cache="no-cache", fallback="index.html")
    ) as port:
        yield port


def test_hashed_files_are_kept_for_ever_and_others_asked_for_again(port: int) -> None:
    hashed, loader = ask(port, "GET", f"/{HASHED}"), ask(port, "GET", "/loader.js")
    assert hashed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert loader.headers["cache-control"] == "no-cache"
    assert loader.headers["content-type"] == "text/javascript; charset=utf-8"
    assert loader.headers["x-content-type-options"] == "nosniff"


def test_a_file_that_has_not_changed_is_304(port: int, build_folder: Path) -> None:
    tag = ask(port, "GET", "/loader.js").headers["etag"]
    again = ask(port, "GET", "/loader.js", None, {"If-None-Match": tag})
    assert (again.status, again.body) == (304, b"")
    (build_folder / "loader.js").write_text("boot(2)")
    changed = ask(port, "GET", "/loader.js", None, {"If-None-Match": tag})
    assert (changed.status, changed.body) == (200, b"boot(2)")


def test_large_text_is_compressed_for_those_who_take_it(port: int, build_folder: Path) -> None:
    plain = ask(port, "GET", f"/{HASHED}")
    packed = ask(port, "GET", f"/{HASHED}", None, {"Accept-Encoding": "gzip, br"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body == (build_folder / HASHED).read_bytes()
    assert "content-encoding" not in plain.headers


def test_a_page_of_the_application_is_its_index_but_a_missing_file_is_404(port: int) -> None:
    statuses = {
        path: ask(port, "GET", path).status for path in ("/", "/conversations/cnv_1", "/gone.js")
    }
    assert statuses == {"/": 200, "/conversations/cnv_1": 200, "/gone.js": 404}


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/%00"]
)
def test_nothing_outside_the_folder_is_served(port: int, path: str) -> None:
    assert b"secret" not in ask(port, "GET", path).body


def test_head_has_the_headers_without_the_body_and_writing_is_refused(port: int) -> None:
    head = ask(port, "HEAD", "/loader.js")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", "6")
    assert ask(port, "POST", "/loader.js", b"x").status == 405


def test_what_has_not_been_built_says_how(tmp_path: Path) -> None:
    missing = text_answer(503, "run make build")
    folder = Folder(tmp_path / "none", headers={}, cache="no-cache", missing=missing)
    with serve_folder(folder) as port:
        told = ask(port, "GET", "/")
    assert (told.status, told.body) == (503, b"run make build")


@pytest.fixture(scope="module")
def foyer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalFoyer]:
    notes = tmp_path_factory.mktemp("notes") / "notes.jsonl"
    env = {"FOYER_APP": "tests.local.tinyapp", "TINYAPP_NOTES": str(notes)}
    with LocalFoyer(env=env) as running:
        yield running


def test_the_dashboards_and_the_widgets_policies_are_as_deployed(foyer: LocalFoyer) -> None:
    dashboard = ask(foyer.port, "GET", "/").headers.get("content-security-policy", "")
    widget = ask(foyer.port, "GET", "/widget/frame.html").headers.get("content-security-policy", "")
    if dashboard:  # absent where the front ends were not built
        assert "default-src 'none'" in dashboard
        assert "frame-ancestors 'none'" in dashboard
    if widget:
        assert "frame-ancestors *" in widget
    assert f"ws://127.0.0.1:{foyer.port}" in dashboard + widget or not dashboard + widget


def mail(foyer: LocalFoyer, name: str, **fields: str) -> None:
    message = {"id": name, "to": "ana@example.com", "from": "Foyer", "subject": "Hello"}
    message |= {"text": "", "html": "", "at": "2026-01-01T10:00:00.000Z", **fields}
    (foyer.data / "mail" / f"{name}.json").write_text(json.dumps(message))


def test_mail_can_be_read_and_its_links_followed(foyer: LocalFoyer) -> None:
    link = "http://127.0.0.1:8000/invitations/abc_DEF-1"
    mail(foyer, "01A", text=f"Join the team:\n{link}.\n")
    mail(foyer, "01B", subject="<script>alert(1)</script>", text="<b>& http://x.example/?a=1&b=2")
    listed = local(foyer, "GET", "/mail.json").json()["data"]
    assert [each["id"] for each in listed] == ["01B", "01A"], "newest first"
    page = local(foyer, "GET", "/mail?id=01A").body.decode()
    assert f'<a href="{link}"' in page
    newest = local(foyer, "GET", "/mail").body.decode()
    assert "<script>" not in newest
    assert 'href="http://x.example/?a=1&amp;b=2"' in newest
    (foyer.data / "mail" / "01C.json").write_text('{"id": "01C", "te')
    assert local(foyer, "GET", "/mail").status == 200, "half a file is left out"


def test_the_demo_site_allows_the_widget_and_nothing_else(foyer: LocalFoyer) -> None:
    pages = {path: demo(foyer, path) for path in ("/", "/shipping", "/studio")}
    assert {path: page.status for path, page in pages.items()} == dict.fromkeys(pages, 200)
    titles = {re.search(r"<title>(.*)</title>", page.body.decode()) for page in pages.values()}
    assert len({title[1] for title in titles if title}) == 3
    policy = pages["/"].headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'; ")
    assert f"script-src {foyer.url};" in policy
    assert f"frame-src {foyer.url};" in policy
    assert f"connect-src {foyer.url} ws://127.0.0.1:{foyer.port};" in policy
    assert "unsafe" not in policy
    assert demo(foyer, "/site.css").status == 200
    assert demo(foyer, "/frame.html/../../stories.json").status == 404


def test_a_signed_in_customer_is_proved_by_a_script_of_this_page_alone(foyer: LocalFoyer) -> None:
    (foyer.data / "run" / "demo.json").write_text(
        json.dumps({"widget_key": "wk_1", "identity_secret": "s3cret"})
    )
    known = demo(foyer, "/?as=mara")
    nonce = re.search(r"'nonce-([\w-]+)'", known.headers["content-security-policy"])
    page = known.body.decode()
    assert nonce is not None
    assert f'<script nonce="{nonce[1]}">' in page
    assert "s3cret" not in page
    assert '"user_hash": "' in page
    assert 'data-key="wk_1"' in page
    assert "user_hash" not in demo(foyer, "/").body.decode()
    (foyer.data / "run" / "demo.json").unlink()


def demo(foyer: LocalFoyer, path: str) -> Answer:
    return ask(foyer.port + 1, "GET", path)
