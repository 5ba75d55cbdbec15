"""PynamoDB without botocore's client behind it, until somebody asks for that client.

PynamoDB imports botocore's session and client to make a client with, which `transport` replaces,
and to name their types. They bring urllib3, every signer and botocore's documentation along: a
third of a cold start. Here those imports find stand-ins. Afterwards the stand-ins are gone, so
that whoever imports botocore's client (boto3, FOYER_TRANSPORT=boto3) gets the real one.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import botocore
from botocore.exceptions import ClientError

_PYNAMODB = "pynamodb.connection.base"


def _real_session() -> Any:
    """What PynamoDB calls when it is to make a client after all."""
    importlib.import_module("botocore.client")
    return importlib.import_module("botocore.session").get_session()


_STAND_INS: dict[str, dict[str, Any]] = {
    "botocore.client": {"ClientError": ClientError},
    "botocore.config": {},
    "botocore.session": {"Session": object, "get_session": _real_session},
    "pynamodb.connection._botocore_private": {"BotocoreBaseClientPrivate": object},
}


def import_pynamodb() -> None:
    """Import it the quick way, unless it or botocore's client is there already."""
    if _PYNAMODB not in sys.modules and "botocore.client" not in sys.modules:
        with _stand_ins():
            importlib.import_module(_PYNAMODB)


@contextmanager
def _stand_ins() -> Iterator[None]:
    for name, contents in _STAND_INS.items():
        module = ModuleType(name)
        vars(module).update(contents)
        sys.modules[name] = module
        package, _, last = name.rpartition(".")
        if package == botocore.__name__:
            setattr(botocore, last, module)
    try:
        yield
    finally:
        for name in _STAND_INS:
            del sys.modules[name]
            package, _, last = name.rpartition(".")
            if package == botocore.__name__:
                delattr(botocore, last)
