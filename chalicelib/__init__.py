"""Foyer's Python code, in floors: a package imports only those below it (ARCHITECTURE.md)."""
