"""The only code that talks to AWS: configuration, tables, sockets, storage, mail, signing keys."""

from __future__ import annotations

from chalicelib.platform import quick_start

# Before any store imports PynamoDB: every module that keeps rows imports this package first.
quick_start.import_pynamodb()
