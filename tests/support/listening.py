"""Every door that a process and its children have open, as the kernel tells (Linux)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

_LISTENS = "0A"  # net/tcp_states.h


def doors_of(pid: int) -> set[tuple[str, int]]:
    """Address and port of each TCP socket that a process tree listens on."""
    mine = {inode for each in _tree(pid) for inode in _sockets(each)}
    return {place for inode, place in _listening() if inode in mine}


def _tree(pid: int) -> set[int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(stat[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _sockets(pid: int) -> set[str]:
    links = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            links.add(str(descriptor.readlink()))
        except OSError:
            continue
    return {link[len("socket:[") : -1] for link in links if link.startswith("socket:[")}


def _listening() -> list[tuple[str, tuple[str, int]]]:
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == _LISTENS:
                address, _, port = fields[1].partition(":")
                found.append((fields[9], (str(_address(address)), int(port, 16))))
    return found


def _address(text: str) -> IPv4Address | IPv6Address:
    """The kernel prints an address as words in this machine's (little-endian) order."""
    words = [bytes.fromhex(text[at : at + 8])[::-1] for at in range(0, len(text), 8)]
    return ip_address(b"".join(words))
