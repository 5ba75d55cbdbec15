"""The only code that talks to AWS: configuration, tables, sockets, storage, mail, signing keys."""

from __future__ import annotations

import os

from chalicelib.platform import lazy_botocore
from chalicelib.platform.observability import logs

# Before anybody logs: PynamoDB tells of its settings, and Lambda would keep it.
logs.configure(os.environ)
# Before any store imports PynamoDB: every module that keeps rows imports this package first.
lazy_botocore.import_pynamodb()
