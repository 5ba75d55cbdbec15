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
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    if parsed.is_loopback:
        return THIS_MACHINE
    network = ipaddress.ip_network((int(parsed), 64 if parsed.version == 6 else 32), strict=False)
    return str(network)
