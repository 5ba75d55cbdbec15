"""What the zip leaves out: most of botocore is descriptions of services we never call."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

# The AWS services that the running application calls, by botocore's names. A test compares this
# with the clients that the code creates.
NEEDED_SERVICES = frozenset(
    {"apigatewaymanagementapi", "dynamodb", "dynamodbstreams", "s3", "sesv2", "sqs"}
)

# Read by every client: endpoints, partitions, retry rules, default settings.
_NEEDED_DATA_FILES = frozenset(
    {"_retry.json", "endpoints.json", "partitions.json", "sdk-default-configuration.json"}
)

# Of aws-lambda-powertools, its logs, metrics and batches of queues' messages, with what these
# import. Its event handler alone (with Swagger's user interface) weighs as much as all that.
_NEEDED_OF_POWERTOOLS = frozenset(
    {"exceptions", "logging", "metrics", "middleware_factory", "shared", "tracing", "warnings"}
)
_NEEDED_OF_UTILITIES = frozenset({"batch", "data_classes", "jmespath_utils", "typing"})

_LEFT_OUT = re.compile(
    r"""
      (^|/)__pycache__/          # byte code of another machine; ours is added afterwards
    | \.py[co]$
    | ^[^/]+\.dist-info/         # nothing asks for its own version at run time
    | ^bin/                      # command-line scripts
    | (^|/)tests?/
    | ^boto3/(data|examples)/    # boto3's resource layer; we use clients
    | /examples-1\.json$
    | ^urllib3/contrib/emscripten/      # for browsers
    | ^s3transfer/(crt|processpool)\.py$  # other ways of moving large files
    | ^aws_lambda_powertools/metrics/provider/datadog/
    | ^aws_lambda_powertools/utilities/data_classes/   # events that its package doesn't load
      (appsync/|(active_mq|api_gateway_authorizer|appsync_authorizer|cognito_user_pool
               |iot_registry|rabbit_mq|s3_object)_event\.py$)
    | ^dateutil/(rrule|easter)\.py$
    | ^dateutil/zoneinfo/.*\.tar\.gz$   # a copy of the system's zone files; nobody reads it
    | ^phonenumbers/shortdata/region_   # emergency numbers; nobody has one
    | \.(pyi|pyx|pxd|c|h)$
    | (^|/)py\.typed$
    """,
    re.VERBOSE,
)


def is_needed(path: str) -> bool:
    """Whether a dependency's file (path inside site-packages, with slashes) goes into the zip."""
    parts = PurePosixPath(path).parts
    if parts[:2] == ("botocore", "data"):
        return _is_needed_service_data(parts)
    if parts[0] == "aws_lambda_powertools" and not _is_needed_of_powertools(parts):
        return False
    return _LEFT_OUT.search(path) is None


def _is_needed_service_data(parts: tuple[str, ...]) -> bool:
    if len(parts) == 3:
        return parts[2] in _NEEDED_DATA_FILES
    return parts[2] in NEEDED_SERVICES and not parts[-1].startswith("examples-")


def _is_needed_of_powertools(parts: tuple[str, ...]) -> bool:
    if parts[1] == "utilities":
        return len(parts) == 3 or parts[2] in _NEEDED_OF_UTILITIES
    return len(parts) == 2 or parts[1] in _NEEDED_OF_POWERTOOLS
