"""The only code that talks to AWS: configuration, tables, sockets, storage, mail, signing keys."""
