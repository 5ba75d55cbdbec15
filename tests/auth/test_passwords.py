"""Hashing passwords."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from chalicelib.auth import passwords
from chalicelib.kit.problems import TooMany
from tests.auth.people import at_once


def test_what_ships_hashes_with_owasps_parameters() -> None:
    # In a process of its own: tests take quicker ones.
    code = "from chalicelib.auth import passwords; print(passwords.hashed('correct horse'))"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30
    )
    assert told.stdout.startswith("$scrypt$ln=15,r=8,p=3$")


def test_a_hash_matches_its_password_and_no_other() -> None:
    kept = passwords.hashed("correct horse")
    assert passwords.matches("correct horse", kept)
    assert not passwords.matches("Correct horse", kept)
    assert not passwords.matches("", kept)
    assert not passwords.matches("correct horse", None)


def test_two_hashes_of_one_password_differ() -> None:
    assert passwords.hashed("correct horse") != passwords.hashed("correct horse")


def test_a_flood_takes_the_memory_of_two_hashes_and_the_rest_is_asked_to_come_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(passwords, "_PATIENCE", 0.01)
    held = [passwords._places.acquire(timeout=5) for _ in range(passwords._AT_ONCE)]
    assert all(held)
    with pytest.raises(TooMany):
        passwords.hashed("correct horse")
    for _ in held:
        passwords._places.release()
    assert passwords.hashed("correct horse")


def test_a_place_is_given_back_whatever_happens() -> None:
    hashes = at_once(lambda number: passwords.hashed(f"correct horse {number}"))
    assert len(set(hashes)) == 16
    assert threading.active_count() < 40
    assert passwords.matches("correct horse 3", hashes[3])
