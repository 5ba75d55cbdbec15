"""Hashing passwords."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice

import pytest

from chalicelib.auth import domain, passwords
from tests.auth.people import an_address, caller, do_at_once, log_in, statuses
from tests.support.team import Team


def test_what_ships_hashes_with_owasps_parameters() -> None:
    # In a process of its own: tests take quicker ones.
    code = "from chalicelib.auth import passwords; print(passwords.hash_password('correct horse'))"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30
    )
    assert told.stdout.startswith("$scrypt$ln=15,r=8,p=3$")


def test_a_hash_matches_its_password_and_no_other() -> None:
    kept = passwords.hash_password("correct horse")
    assert passwords.matches("correct horse", kept)
    assert not passwords.matches("Correct horse", kept)
    assert not passwords.matches("", kept)
    assert not passwords.matches("correct horse", None)


def test_two_hashes_of_one_password_differ() -> None:
    assert passwords.hash_password("correct horse") != passwords.hash_password("correct horse")


def test_of_a_flood_few_wait_and_the_rest_is_asked_to_come_again_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody leaves the room while its places are held, so whoever is answered was sent away."""
    monkeypatch.setattr(passwords, "ROOM", threading.BoundedSemaphore(passwords.IN_ALL))
    for _ in range(passwords._AT_ONCE):
        assert passwords._places.acquire(timeout=5)
    with ThreadPoolExecutor(16) as pool:
        email = an_address()
        tries = [pool.submit(log_in, email) for _ in range(16)]
        sent_away = [each.result() for each in islice(as_completed(tries, 20), 12)]
        for _ in range(passwords._AT_ONCE):
            passwords._places.release()
        answers = [each.result() for each in tries]
    assert {(one.status, one.code) for one in sent_away} == {(503, "auth.busy")}
    assert {one.headers["retry-after"] for one in sent_away} == {"2"}
    assert statuses(answers) == {401: passwords.IN_ALL, 503: 12}


def test_whoever_is_sent_away_has_tried_nothing(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = caller()
    monkeypatch.setattr(passwords, "ROOM", threading.BoundedSemaphore(1))
    with passwords.room(), ThreadPoolExecutor(1) as another:
        for _ in range(domain.FREE_TRIES + 1):
            answer = another.submit(log_in, team.owner.email, "wrong one", by).result()
            assert answer.status == 503
    assert log_in(team.owner.email, team.owner.password, by).status == 200


def test_a_place_is_given_back_whatever_happens() -> None:
    hashes = do_at_once(lambda number: passwords.hash_password(f"correct horse {number}"))
    assert len(set(hashes)) == 16
    assert passwords._places.acquire(blocking=False), "none is kept"
    passwords._places.release()
    assert passwords.matches("correct horse 3", hashes[3])
