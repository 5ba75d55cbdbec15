"""Whose keys sign the next call."""

from __future__ import annotations

import os

from botocore.exceptions import NoCredentialsError

from chalicelib.platform import sdk
from chalicelib.platform.transport.sigv4 import Credentials


def current_credentials() -> Credentials:
    """The keys of this moment: the environment's, as in Lambda, else botocore's chain.

    Read for every call (about 2 µs), so keys that rotate are seen at once.

    Raises:
        NoCredentialsError: There are none anywhere.
    """
    access_key = os.environ.get("AWS_ACCESS_KEY_ID")
    secret_key = os.environ.get("AWS_SECRET_ACCESS_KEY")
    if access_key and secret_key:
        return Credentials(access_key, secret_key, os.environ.get("AWS_SESSION_TOKEN") or None)
    credentials = sdk.resolved_credentials()
    if credentials is None or not credentials.access_key or not credentials.secret_key:
        raise NoCredentialsError()
    return Credentials(credentials.access_key, credentials.secret_key, credentials.token)
