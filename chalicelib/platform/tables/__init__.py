"""Rows and their one way to change: `commits` with `outbox`, and what every module's rows need."""
