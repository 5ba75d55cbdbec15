"""How a call reaches AWS, without botocore's client: docs/decisions/0002-thin-transport.md.

`client` is its face, `calls` what every call gets (`retry`, `own_writes`, `witnesses`, `observe`),
`wire` and `trouble` what goes over and what comes back, `sigv4`, `pool` and `http1` the way there.
"""

from chalicelib.platform.transport.client import (
    Call,
    DynamoClient,
    call,
    connection_url,
    install,
    observe,
    parameter,
    post_signed,
)

__all__ = [
    "Call",
    "DynamoClient",
    "call",
    "connection_url",
    "install",
    "observe",
    "parameter",
    "post_signed",
]
