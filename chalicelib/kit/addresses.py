"""Which machines count as one."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

THIS_MACHINE = "this machine"


@lru_cache(maxsize=4096)
def household(address: str) -> str:
    """One household or office: an IPv4 address, or the 64 bits of IPv6 that a provider gives.

    What is no address stands for itself.
    """
    return _network(address, 64)


@lru_cache(maxsize=4096)
def neighbourhood(address: str) -> str:
    """Whom one line can give addresses to: an IPv4 address, or 48 bits of IPv6.

    One home is given up to 256 networks of 64 bits, a site 65,536 (RFC 6177): who has them all
    mustn't count as so many households. What is no address stands for itself.
    """
    return _network(address, 48)


def wider(address: str) -> str:
    """The neighbourhood where that is more than a household; else ""."""
    around = neighbourhood(address)
    return around if around != household(address) else ""


def _network(address: str, bits: int) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    if parsed.is_loopback:
        return THIS_MACHINE
    length = bits if parsed.version == 6 else 32
    return str(ipaddress.ip_network((int(parsed), length), strict=False))
