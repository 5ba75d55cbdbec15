"""Where the root keys are kept: a file that only its owner may read, or an SSM SecureString.

    FOYER_ROOT_KEY_FILE        one machine: made on first use, mode 0600
    FOYER_ROOT_KEY_PARAMETER   AWS: made by the deployer; functions may only read it

Never in a table: whoever can read tables, by a leaked credential, a backup or a forgotten door,
must not be able to sign.
"""

from __future__ import annotations

import logging
import os
import secrets
from pathlib import Path

from chalicelib.platform import transport
from chalicelib.platform.signing import key_ring
from chalicelib.platform.signing.key_ring import Ring

log = logging.getLogger("foyer.keys")


class NoPlace(RuntimeError):
    """Neither a file nor a parameter is named: this process can't sign."""


def load() -> Ring:
    """The ring of this deployment.

    Raises:
        NoPlace: The environment names no place.
        NotARing: What is kept there is something else.
        ClientError, BotoCoreError: SSM refuses or can't be reached.
    """
    parameter = os.environ.get("FOYER_ROOT_KEY_PARAMETER")
    if parameter:
        return key_ring.from_text(transport.parameter(parameter))
    path = os.environ.get("FOYER_ROOT_KEY_FILE")
    if not path:
        raise NoPlace("set FOYER_ROOT_KEY_FILE or FOYER_ROOT_KEY_PARAMETER")
    return from_file(Path(path))


def from_file(path: Path) -> Ring:
    """The ring in a file; a new one is put there if there is none."""
    try:
        _tighten(path)
        return key_ring.from_text(_write(path))
    except FileNotFoundError:
        write_new(path, key_ring.fresh())
        return key_ring.from_text(_write(path))


def _write(path: Path) -> str:
    """What is no text at all is no ring, either."""
    return path.read_text(encoding="ascii", errors="replace")


def write_new(path: Path, ring: Ring) -> bool:
    """Put a ring where there is none; False when another process was quicker."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = _sibling(path, ring)
    try:
        os.link(beside, path)
    except FileExistsError:
        return False
    finally:
        beside.unlink()
        _settle(path.parent)
    return True


def replace(path: Path, ring: Ring) -> None:
    """Put a ring in place of another; a crash leaves the one or the other, whole."""
    _sibling(path, ring).replace(path)
    _settle(path.parent)


def _sibling(path: Path, ring: Ring) -> Path:
    """A file of the same folder that holds the ring and is on the disk."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(ring.to_text())
        file.flush()
        os.fsync(handle)
    return beside


def _settle(folder: Path) -> None:
    """A name is only on the disk when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _tighten(path: Path) -> None:
    """As ssh would, but mend it: others have no business with this file."""
    if path.stat().st_mode & 0o077:
        log.warning("%s could be read by others: rotate the keys if somebody may have", path)
        path.chmod(0o600)
