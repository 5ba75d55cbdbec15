"""What the zip leaves out: most of botocore is descriptions of services we never call."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

# The AWS services that the running application calls, by botocore's names. A test compares this
# with the clients that the code creates.
KEPT_SERVICES = frozenset({"apigatewaymanagementapi", "dynamodb", "dynamodbstreams", "s3", "sesv2"})

# Read by every client: endpoints, partitions, retry rules, default settings.
_KEPT_DATA_FILES = frozenset(
    {"_retry.json", "endpoints.json", "partitions.json", "sdk-default-configuration.json"}
)

_LEFT_OUT = re.compile(
    r"""
      (^|/)__pycache__/          # byte code of another machine; ours is added afterwards
    | \.py[co]$
    | ^[^/]+\.dist-info/         # nothing asks for its own version at run time
    | ^bin/                      # command-line scripts
    | (^|/)tests?/
    | ^boto3/(data|examples)/    # boto3's resource layer; we use clients
    | /examples-1\.json$
    | ^dateutil/zoneinfo/.*\.tar\.gz$   # a copy of the system's zone files; nobody reads it
    | ^phonenumbers/shortdata/region_   # emergency numbers; nobody has one
    | \.(pyi|pyx|pxd|c|h)$
    | (^|/)py\.typed$
    """,
    re.VERBOSE,
)


def kept(path: str) -> bool:
    """Whether a dependency's file (path inside site-packages, with slashes) goes into the zip."""
    parts = PurePosixPath(path).parts
    if parts[:2] == ("botocore", "data"):
        return _kept_service_data(parts)
    return _LEFT_OUT.search(path) is None


def _kept_service_data(parts: tuple[str, ...]) -> bool:
    if len(parts) == 3:
        return parts[2] in _KEPT_DATA_FILES
    return parts[2] in KEPT_SERVICES and not parts[-1].startswith("examples-")
