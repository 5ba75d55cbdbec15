"""What everything is signed with: out of reach, and replaced without anybody noticing."""

from __future__ import annotations

import multiprocessing
import os
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.edge import tokens
from chalicelib.kit import instants
from chalicelib.kit.problems import Unauthenticated
from chalicelib.platform import transport
from chalicelib.platform.signing import key_places, key_ring, keys
from infra.local.data import root_keys
from infra.local.settings import read_settings
from infra.packaging.tables import table_specs
from tests.platform.scripted_server import answer, serving
from tests.support.api import Client
from tests.support.team import Team

KINDS = frozenset({"visitor"})


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file of root keys that is only this test's."""
    path = tmp_path / "keys" / "root"
    monkeypatch.setenv("FOYER_ROOT_KEY_FILE", str(path))
    keys.forget()
    yield path
    keys.forget()


def test_the_keys_are_in_a_file_that_only_its_owner_may_read(key_file: Path) -> None:
    keys.signing_key("tokens.visitor")
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (key_file, key_file.parent)]
    assert modes == [0o600, 0o700]


def test_no_rotation_loses_anothers_key(key_file: Path) -> None:
    keys.signing_key("a")
    settings = read_settings({"FOYER_DATA": str(key_file.parents[1])})
    with ThreadPoolExecutor(16) as pool:
        done = [pool.submit(root_keys.rotate, settings, retire=False) for _ in range(32)]
    assert all(each.result() for each in done)
    assert len(key_places.from_file(key_file).signing) == 33


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"names 00\n", b"a" * 100_000])
def test_a_file_of_anything_else_is_refused_and_stays(key_file: Path, content: bytes) -> None:
    key_file.parent.mkdir()
    key_file.write_bytes(content)
    with pytest.raises(key_ring.NotARing):
        keys.signing_key("a")
    assert key_file.read_bytes() == content


def test_a_file_that_others_could_read_is_closed(key_file: Path) -> None:
    before = keys.signing_key("a")
    key_file.chmod(0o644)
    keys.forget()
    assert keys.signing_key("a") == before
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


def test_no_table_holds_a_secret_that_signs(team: Team) -> None:
    ring = key_places.from_file(Path(os.environ["FOYER_ROOT_KEY_FILE"]))
    secrets = {ring.names.hex(), *(secret.hex() for _, secret in ring.signing)}
    for spec in table_specs("foyer"):
        page = transport.call("Scan", {"TableName": spec["TableName"], "Limit": 1000})
        assert not [item for item in page["Items"] if any(one in str(item) for one in secrets)]
    assert not [spec for spec in table_specs("foyer") if spec["TableName"].endswith("-keys")]


def test_processes_that_start_at_once_agree(key_file: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(4) as pool:
        rings = pool.map(key_places.from_file, [key_file] * 16)
    assert len({ring.to_text() for ring in rings}) == 1
    assert [path.name for path in key_file.parent.iterdir()] == ["root"]


@pytest.mark.parametrize(
    "text", ["", "names\n", "a 00\n", f"names {'0' * 64}\n", f"x {'0' * 64}\nx {'0' * 64}\n"]
)
def test_what_is_no_ring_is_refused_and_not_told(key_file: Path, text: str) -> None:
    key_file.parent.mkdir()
    key_file.write_text(text)
    key_file.chmod(0o600)
    with pytest.raises(key_ring.NotARing) as refused:
        keys.signing_key("a")
    assert "0000" not in str(refused.value)
    assert key_file.read_text() == text


def test_a_ring_shows_no_secret() -> None:
    ring = key_ring.fresh()
    assert ring.names.hex() not in repr(ring)
    assert not [one for _, one in ring.signing if one.hex() in repr(ring) or str(one) in repr(ring)]


def test_after_a_rotation_what_was_signed_holds_and_a_new_key_signs(key_file: Path) -> None:
    before = _token()
    _rotate(key_file)
    after = _token()
    assert _key_of(before) != _key_of(after)
    assert {_subject(before), _subject(after)} == {"vis_1"}


def test_a_retired_key_opens_nothing(key_file: Path) -> None:
    before = _token()
    _rotate(key_file)
    after = _token()
    _rotate(key_file, retire=True)
    tokens._verified.forget_where(lambda _: True)
    assert _subject(after) == "vis_1"
    with pytest.raises(Unauthenticated):
        _subject(before)


def test_a_process_that_missed_a_rotation_learns_of_it_from_a_token(
    key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.signing_key("a")
    key_places.replace(key_file, key_places.from_file(key_file).rotate())
    with _another_process(key_file):
        token = _token()
    monkeypatch.setattr(keys, "LOOK_EVERY", 0.0)
    assert _subject(token) == "vis_1"


def test_strangers_who_name_keys_don_t_make_us_look_each_time(
    key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Path] = []
    read = key_places.from_file
    monkeypatch.setattr(key_places, "from_file", _noting(looked, read))
    for number in range(50):
        assert keys.checking_key("tokens.visitor", f"{number:08x}") is None
    assert len(looked) == 1


def test_keys_stay_in_use_while_their_place_is_away(
    key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = _token()
    tokens._verified.forget_where(lambda _: True)
    monkeypatch.setattr(keys, "HELD_FOR", 0.0)
    key_file.write_text("not now")
    assert _subject(token) == "vis_1"


def test_people_stay_who_they_are_over_a_rotation(key_file: Path, team: Team) -> None:
    guest = team.guest()
    conversation = guest.start("Hello")["conversation"]
    cursor = _cursor(team)
    _rotate(key_file)
    _rotate(key_file, retire=True)
    tokens._verified.forget_where(lambda _: True)
    assert guest.get("/v1/widget/conversations").status == 401
    again = team.guest(visitor_secret=guest.session["visitor_secret"])
    (still,) = again.get("/v1/widget/conversations").ok()["data"]
    assert still["id"] == conversation["id"]
    refreshed = Client().post("/v1/auth/refresh", {"refresh_token": team.owner.refresh_token}).ok()
    owner = replace(team.owner, token=refreshed["access_token"])
    assert owner.get(f"/v1/conversations/{conversation['id']}").ok()["id"] == conversation["id"]
    assert owner.get(f"/v1/conversations?limit=1&cursor={cursor}").status == 422


def test_a_contact_keeps_its_id_when_keys_are_rotated_and_retired(key_file: Path) -> None:
    before = keys.lasting_key("contacts")
    _rotate(key_file)
    _rotate(key_file, retire=True)
    assert keys.lasting_key("contacts") == before


def test_two_tabs_that_refresh_at_once_both_go_on_over_a_rotation(
    key_file: Path, team: Team
) -> None:
    asked = {"refresh_token": team.owner.refresh_token}
    first = Client().post("/v1/auth/refresh", asked).ok()
    _rotate(key_file)
    second = Client().post("/v1/auth/refresh", asked).ok()
    assert first["refresh_token"] == second["refresh_token"]


def test_a_function_asks_ssm_for_the_decrypted_keys(
    key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = key_ring.from_one_secret(bytes(32)).to_text()
    busy = answer({"__type": "ThrottlingException", "message": "Rate exceeded"}, 400)
    with serving(busy, answer({"Parameter": {"Value": text}})) as ssm:
        monkeypatch.setenv("FOYER_SSM_ENDPOINT", ssm.url)
        monkeypatch.setenv("FOYER_ROOT_KEY_PARAMETER", "/foyer-prod/root-keys")
        keys.forget()
        assert keys.signing_key("a")[0] == "1"
    asked = ssm.requests[-1]
    assert asked.json == {"Name": "/foyer-prod/root-keys", "WithDecryption": True}
    assert asked.headers["x-amz-target"] == "AmazonSSM.GetParameter"
    assert "/ssm/aws4_request" in asked.headers["authorization"]
    assert len(ssm.requests) == 2


def _token() -> str:
    return tokens.mint("visitor", {"sub": "vis_1"}, now=instants.now(), life=timedelta(hours=1))


def _subject(token: str) -> str:
    return str(tokens.verify(token, KINDS).payload["sub"])


def _key_of(token: str) -> str:
    return token.partition(".")[0]


def _rotate(path: Path, *, retire: bool = False) -> None:
    ring = key_places.from_file(path)
    key_places.replace(path, ring.retire() if retire else ring.rotate())
    keys.forget()


@contextmanager
def _another_process(path: Path) -> Iterator[None]:
    """As a process would that starts now; afterwards this one knows no more than before."""
    held = keys._cache
    keys._cache = keys._Cache()
    try:
        yield
    finally:
        keys._cache = held


def _cursor(team: Team) -> str:
    for _ in range(2):
        team.guest().start()
    return str(team.owner.get("/v1/conversations?limit=1").ok()["next_cursor"])


def _noting(looked: list[Path], read: Callable[[Path], key_ring.Ring]) -> Any:
    def read_ring(path: Path) -> key_ring.Ring:
        looked.append(path)
        return read(path)

    return read_ring
