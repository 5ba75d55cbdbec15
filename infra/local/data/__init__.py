"""The data folder: what is in it, its backups, its keys."""
