"""Signing keys: derived per purpose from one random secret of this deployment.

The secret is made on first use and kept in the `keys` table (encrypted at rest by DynamoDB,
readable only by the functions that sign), so there is nothing to configure and nothing to leak
from an environment listing. One read per process.

| question          | asked of | key         |
|-------------------|----------|-------------|
| the root secret   | keys     | id = "root" |
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import secrets

from pynamodb.exceptions import DoesNotExist, PutError

from chalicelib.platform import transport
from chalicelib.platform.config import named
from chalicelib.platform.rows import Model, UnicodeAttribute

transport.install()


class Key(Model):
    class Meta:
        table_name = named("keys")

    id = UnicodeAttribute(hash_key=True)
    secret = UnicodeAttribute()


@functools.cache
def signing_key(purpose: str) -> bytes:
    """32 bytes that only this deployment has, different for each purpose."""
    return hmac.digest(_root(), purpose.encode(), hashlib.sha256)


def forget() -> None:
    """Read the secret again on next use (tests that change the engine under us)."""
    signing_key.cache_clear()
    _root.cache_clear()


@functools.lru_cache(maxsize=1)
def _root() -> bytes:
    try:
        return bytes.fromhex(_kept().secret)
    except DoesNotExist:
        return bytes.fromhex(_made().secret)


def _kept() -> Key:
    return Key.get("root", consistent_read=True)


def _made() -> Key:
    """Make the secret, unless another process was quicker."""
    try:
        Key(id="root", secret=secrets.token_hex(32)).save(condition=Key.id.does_not_exist())
    except PutError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
    return _kept()
